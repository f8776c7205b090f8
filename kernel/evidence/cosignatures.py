"""Witnesses' signatures over heads: received, shown beside the heads.

A witness signs the very bytes that the log signed. What is kept here is a convenience: whoever
verifies takes the witnesses' keys from anchors of its own, never from this table.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count

from kernel import clock
from kernel.errors import NotFound, Refused
from kernel.evidence import formats, reading
from kernel.evidence.models import Cosignature, TreeHead, Witness
from kernel.sealing import canonical

# Bytes that a witness's post may have.
MOST = 4096


def parse(data: bytes) -> dict[str, Any]:
    """What a witness posts, as :func:`receive` takes it; Refused ``evidence.cosignature.form``."""
    try:
        value = canonical.decode(data) if len(data) <= MOST else None
        name = "cosignature"
        document = reading.of_format(value, formats.COSIGNATURE_FORMAT, name)
        reading.only(
            document, {"format", "size", "root", "at", "witness", "signature"}, set(), name, "body"
        )
        return {
            "size": reading.field(document, "size", int, name),
            "root": reading.hex_field(document, "root", name).hex(),
            "at": reading.field(document, "at", str, name),
            "witness": reading.field(document, "witness", str, name),
            "signature": reading.base64_field(document, "signature", name),
        }
    except (reading.Unsound, Refused) as fault:
        field = str(fault.facts.get("field", "body")) if isinstance(fault, reading.Unsound) else ""
        raise Refused.because("evidence.cosignature.form", field=field or "body") from fault


def receive(*, size: int, root: str, at: str, witness: str, signature: bytes) -> Cosignature:
    """Keep a witness's signature over a head; the same again is the same.

    size, root (hex), at: of the head. witness: its key id. NotFound ``evidence.head.unknown``,
    ``evidence.witness.unknown``; Refused ``evidence.cosignature.signature``.
    """
    known = Witness.objects.filter(key_id=witness).first()
    if known is None:
        raise NotFound.because("evidence.witness.unknown", key=witness[:64])
    heads = TreeHead.objects.filter(size=size) if 0 <= size < 2**63 else []
    head = next(
        (h for h in heads if bytes(h.root).hex() == root and formats.instant(h.at) == at), None
    )
    if head is None:
        raise NotFound.because("evidence.head.unknown", size=size)
    if not formats.signature_holds(bytes(known.spki), signature, signed_bytes(head)):
        raise Refused.because("evidence.cosignature.signature", size=size)
    # A second signature of the same key over the same bytes says nothing that the first did not.
    return Cosignature.objects.get_or_create(
        head=head,
        witness=known,
        defaults={"signature": signature, "received_at": clock.technical_now()},
    )[0]


def signed_bytes(head: TreeHead) -> bytes:
    """The bytes of a head that the log and its witnesses sign."""
    return formats.head_bytes(size=head.size, root=bytes(head.root), at=head.at, log=head.key_id)


def of(heads: Iterable[TreeHead]) -> dict[int, list[Cosignature]]:
    """The cosignatures of heads by the head's key, in the order in which they came."""
    found: dict[int, list[Cosignature]] = {head.pk: [] for head in heads}
    rows = Cosignature.objects.filter(head__in=list(found)).select_related("witness")
    for row in rows.order_by("pk"):
        found[row.head_id].append(row)
    return found


def values(rows: Iterable[Cosignature]) -> list[dict[str, Any]]:
    """Cosignatures as they stand in files."""
    return [
        {"witness": row.witness.key_id, "signature": formats.b64(bytes(row.signature))}
        for row in rows
    ]


def covering(size: int) -> TreeHead | None:
    """The head over at least so many entries that most witnesses signed, the oldest of these."""
    who = Count("cosignatures__witness__uscc", distinct=True)
    rows = TreeHead.objects.filter(size__gte=size).annotate(seen_by=who)
    return rows.order_by("-seen_by", "size", "pk").first()
