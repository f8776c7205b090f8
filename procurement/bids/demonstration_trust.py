"""A sandbox's own anchors, plainly called so: they let people try a verification, no more.

An anchors' file that the platform gives proves nothing against the platform: whoever could forge a
dossier could forge the file. A production therefore gives none (404); there it comes from a witness
or from the supervising authority.
"""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kernel.documents import trust
from kernel.errors import NotFound
from kernel.evidence import authorities, formats, keys, witnesses
from kernel.sealing import canonical
from kernel.sealing.certificates import der, load, pem, subject_text
from procurement.bids import readings

# Never the name of a witness's file: whoever keeps both must not take one for the other.
ANCHORS = "demonstration-anchors.json"


@require_safe
def anchors(_request: HttpRequest, number: str) -> HttpResponse:
    """Everything that ``verify`` needs of a lot's dossier, under the demonstration's own roots."""
    _only_here()
    found = readings.in_force(number) if number.isprintable() else None
    if found is None:
        raise NotFound.because("procurement.policy.unknown", lot=number)
    policy = found.policy
    parties = (policy.procuring_entity, policy.operator, *policy.trustees)
    roots = [load(one) for one in trust.current().anchors]
    value = formats.anchors(
        [("DEMONSTRATION log", spki) for spki in keys.known().values()],
        witnesses=[(w.name, w.uscc, bytes(w.spki)) for w in witnesses.registered()],
        authorities=[(subject_text(root), der(root)) for root in roots],
        timestamp_authorities=[
            (each.name, pem(each.anchors.certificates).decode(), each.anchors.demonstration)
            for each in authorities.all_of_them()
        ],
        organisations=sorted({(party.uscc, party.name) for party in parties}),
        demonstration=True,
    )
    return _file(canonical.encode(value), ANCHORS, "application/json")


@require_safe
def roots(_request: HttpRequest) -> HttpResponse:
    """The demonstration's root certificates, as ``--anchors`` takes them."""
    _only_here()
    found = b"".join(trust.current().anchors)
    return _file(found, "roots.pem", "application/x-pem-file")


def _only_here() -> None:
    if not settings.SANDBOX:
        raise Http404


def _file(data: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
