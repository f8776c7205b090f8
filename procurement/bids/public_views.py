"""Pages of sealed bids for everybody: a lot's policy, its opening, the files of both."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kernel.errors import NotFound
from kernel.sealing.bids.draw import Draw, Drawn
from kernel.sealing.bids.opening import read_record
from kernel.web.acting import acting, moment
from kernel.web.case_pages import chip
from procurement.bids import (
    answers,
    blame,
    commands,
    demonstration_trust,
    grades,
    opening,
    policy_stamps,
    progress,
    readings,
)
from procurement.bids.machines import OPENING, STOPPED
from procurement.bids.page_parts import json_file


@require_safe
def policy(request: HttpRequest, number: str) -> HttpResponse:
    """A lot's opening policy for everybody."""
    found = readings.in_force(number) if number.isprintable() else None
    if found is None:
        raise NotFound.because("procurement.policy.unknown", lot=number)
    context = {
        "policy": found.policy,
        "sha256": found.sha256,
        "number": number,
        "stamp": policy_stamps.of_number(found.policy_id, found.number),
    }
    return render(request, "procurement/bids/policy.html", context)


@require_safe
def policy_file(request: HttpRequest, number: str) -> HttpResponse:
    """The policy with its signatures, as the tool takes it with ``--policy``."""
    if not number.isprintable():
        raise NotFound.because("procurement.policy.unknown", lot=number)
    return json_file(answers.policy(number), f"{number}.policy.json")


@require_safe
def opened(request: HttpRequest, number: str) -> HttpResponse:
    """A lot's opening: what was read out, for everybody; before that how far it is, for parties.

    While it is under way the page asks again by itself, and bids appear as they open.
    """
    if not number.isprintable():
        raise NotFound.because("procurement.opening.unknown", lot=number)
    case = opening.of_lot(number)
    watching = not case.record_text and progress.may_watch(case, acting(request).actor)
    of = case if case.record_text or case.before is None else case.before
    record = read_record(of.record_text.encode()) if of.record_text else None
    if record is None and not watching:
        raise NotFound.because("procurement.opening.unknown", lot=number)
    bids = record.bids if record else ()
    actor = acting(request).actor
    graded = grades.at_opening(number, [bid.bidder for bid in bids], actor) if record else {}
    context = {
        "opening": case,
        "state": chip(OPENING, case.state),
        "record": record,
        "bids": [(bid, graded.get(bid.bidder)) for bid in bids],
        "excused": blame.excused(bids) if record else (),
        "broken": blame.told(of) if record else (),
        "drawn": _drawn(case.draw_text),
        "progress": progress.of(case, moment(request)) if watching else None,
        "waiting": watching and case.state != STOPPED,
        "install": commands.install_verifier(),
        "verify": commands.verify_dossier(number),
        "try": commands.verify_dossier(number, demonstration_trust.ANCHORS),
        "bidder": watching and actor is not None and actor.role == "contractor_clerk",
    }
    return render(request, "procurement/bids/opening.html", context)


def _drawn(text: str) -> Draw | None:
    if not text:
        return None
    said = json.loads(text)
    return Draw(
        said["lot"], said["list_sha256"],
        tuple((row["uscc"], row["nonce"]) for row in said["nonces"]),
        tuple(Drawn(**row) for row in said["factors"]),
    )  # fmt: skip


@require_safe
def record_file(request: HttpRequest, number: str) -> HttpResponse:
    """The signed record of an opening."""
    if not number.isprintable():
        raise NotFound.because("procurement.opening.unknown", lot=number)
    return json_file(answers.record(number), f"{number}.opening.json")
