"""The log's part of a dossier: entries under one head, proofs between trees, what acts brought."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from kernel.errors import Unavailable
from kernel.evidence import cosignatures, proofs
from kernel.evidence.dossiers import layout
from kernel.evidence.models import LogEntry, TreeHead
from kernel.sealing import canonical
from kernel.sealing.bids import receipts as formats
from kernel.sealing.bids.closing import read_list
from kernel.sealing.bids.refusals import read_refusal
from kernel.workflow import binding
from kernel.workflow.models import Act
from procurement.bids import lots, receipts
from procurement.bids.machines import OPENING
from procurement.bids.models import BidStamp, BidVersion, Opening, PolicyStamp

# The platform's own acts; who of a trustee's people acted is not everybody's business.
_BROUGHT = ("list", "correct", "open_stage", "open")


def stages(case: Opening) -> list[Opening]:
    """The openings of a lot that lead to this one, first stage first, and itself."""
    found, step = [case], case.before
    while step is not None:
        found.insert(0, step)
        step = step.before
    return found


def files(case: Opening, versions: Sequence[BidVersion], scope: str) -> dict[str, bytes]:
    """Entries, consistency proofs and payloads. Unavailable ``evidence.head.behind``."""
    rows = _rows(case, versions)
    head = _head(rows[-1].index)
    value = proofs.bundle_of(rows, head, lambda row: scope == layout.ENTITLED or _is_open(row))
    found = {
        layout.ENTRIES: canonical.encode(value),
        layout.CONSISTENCIES: layout.consistencies(_between(case, versions, head)),
    }
    keys = [stage.pk for stage in stages(case)]
    acts = Act.objects.filter(machine=OPENING.code, case_pk__in=keys, transition__in=_BROUGHT)
    for act in acts:
        found[f"log/payloads/{act.log_index}.json"] = binding.shown(act)
    return found


def state(case: Opening, versions: Sequence[BidVersion]) -> str:
    """A name for what a dossier rests on: another one where it would be another file."""
    rows = _rows(case, versions)
    head = _head(rows[-1].index)
    signed = [row.pk for row in cosignatures.of([head])[head.pk]]
    told = [_hash(v.receipt) for v in versions]
    tokens = BidStamp.objects.filter(version__in=[v.pk for v in versions]).order_by("pk")
    told += [f"{row.pk}:{row.authority}:{row.certificate}" for row in tokens]
    told += [str(stamp) for stage in stages(case) for stamp in stage.tokens.values_list("pk")]
    told += [str(pk) for pk in _policy_tokens(case)]
    told.append(layout.MOMENT)  # its entries are open: not so in dossiers made before
    return canonical.digest([head.pk, signed, [row.index for row in rows], told]).hex()[:32]


def _policy_tokens(case: Opening) -> list[int]:
    rows = PolicyStamp.objects.filter(version__policy_id=case.policy_id).exclude(token=b"")
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def issued(case: Opening) -> set[str]:
    """The hashes of the papers that the log tells everybody were issued for a lot."""
    return {
        canonical.decode(row.body.encode())["sha256"]
        for row in LogEntry.objects.filter(
            case__in=_papers_of(case), kind=layout.ISSUED, public=True, erased_by=None
        )
    }


def _papers_of(case: Opening) -> list[str]:
    return [*(stage.case_ref for stage in stages(case)), f"{lots.TENDER}:{case.lot_id}"]


def _rows(case: Opening, versions: Sequence[BidVersion]) -> list[LogEntry]:
    """Everything on policy and opening, the receipts, and what was issued of the lot.

    Up to the record and its papers: what happens later is not about the opening.
    """
    indexes = {version.log_index for version in versions}
    indexes |= {v.withdrawn_index for v in versions if v.withdrawn_index is not None}
    fallen = BidStamp.objects.filter(version__in=[version.pk for version in versions])
    told = fallen.exclude(refusal="").values_list("certificate_index", flat=True)
    indexes |= {index for index in told if index is not None}
    found = {row.index: row for row in LogEntry.objects.filter(index__in=indexes)}
    own = [case.policy.case_ref, *(stage.case_ref for stage in stages(case))]
    for row in LogEntry.objects.filter(case__in=own):
        found[row.index] = row
    papers = LogEntry.objects.filter(case__in=_papers_of(case), kind=layout.ISSUED, public=True)
    found |= {row.index: row for row in papers}
    return [found[index] for index in sorted(found)]


def _is_open(row: LogEntry) -> bool:
    # Who had said enough, and when, is no secret once the lot is open.
    told = (receipts.RECEIPT, receipts.WITHDRAWAL, layout.FALLEN, layout.MOMENT)
    if row.public or row.kind in told:
        return True
    if row.kind != layout.ACT or not row.body:
        return False
    act = canonical.decode(row.body.encode())["act"]
    return act in (*layout.LISTED, *layout.OPENED)


def _head(last: int) -> TreeHead:
    head = cosignatures.covering(last + 1)
    if head is None:
        raise Unavailable.because("evidence.head.behind", index=last)
    return head


def _between(
    case: Opening, versions: Sequence[BidVersion], head: TreeHead
) -> Iterator[tuple[int, int, list[bytes]]]:
    texts = [stage.list_text for stage in stages(case)]
    for stage in stages(case):
        texts += stage.replaced_lists.values_list("text", flat=True)
    sizes = {read_list(text.encode()).tree_size for text in texts}
    refusals = BidStamp.objects.filter(version__in=[v.pk for v in versions]).exclude(refusal="")
    for refusal in refusals.values_list("refusal", flat=True):
        log = read_refusal(refusal.encode()).log
        sizes |= {log.size} if log else set()
    for version in versions:
        text, _p7s = receipts.of(version)
        sizes.add(formats.read_receipt(text.encode()).log.size)
        if version.withdrawn_at is not None:
            text, _p7s = receipts.of_withdrawal(version)
            sizes.add(formats.read_withdrawn(text.encode()).log.size)
    wanted = sorted(size for size in sizes if 0 < size < head.size)
    for size, steps in zip(wanted, proofs.prove_consistencies(wanted, head.size), strict=True):
        yield size, head.size, steps
