"""What the server tells bidders' and trustees' tools, as docs/sealed-bids.md has it."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

from django.conf import settings

from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import NotFound, NotPermitted
from kernel.evidence.proofs import prove
from kernel.sealing.bids.closing import ClosingList
from kernel.sealing.bids.fields import instant_text
from kernel.sealing.bids.policy import Policy
from kernel.sealing.bids.receipts import read_receipt
from kernel.sealing.bids.results import read_result
from kernel.sealing.certificates import load, pem
from kernel.workflow import judge
from procurement.bids import (
    believed,
    gathering,
    lots,
    moment_notes,
    opening,
    policies,
    policy_stamps,
    readings,
    receipts,
    stamps,
)
from procurement.bids.machines import CONCLUDED, LISTED, OPENED, OPENING, STOPPED
from procurement.bids.models import (
    BidVersion,
    Opening,
    OpeningStatement,
    PolicyVersion,
    StageRehearsal,
)
from procurement.bids.relations import LISTED_BIDDER

Kind = OpeningStatement.Kind


def surroundings(at: datetime) -> dict[str, Any]:
    """Whom the server believes, and its time."""
    files = believed.raw(at)
    return {
        "chain": pem([load(one) for one in files.issuers]).decode(),
        "crls": [b64(one) for one in files.crls],
        "anchors": pem([load(one) for one in files.anchors]).decode(),
        "demonstration": bool(settings.SANDBOX),
        "time": instant_text(at),
    }


def policy(lot_number: str) -> dict[str, Any]:
    """The policy in force with its signatures, and the versions before it."""
    found = readings.in_force(lot_number)
    if found is None:
        raise NotFound.because("procurement.policy.unknown", lot=lot_number)
    rows = PolicyVersion.objects.filter(
        policy_id=found.policy_id, in_force_at__isnull=False, number__lte=found.number
    ).prefetch_related("signatures")
    versions = list(rows.select_related("stamp").order_by("number"))
    *older, newest = [
        {**_signed(row), "proof": policy_stamps.proof(row)} for row in versions
    ]  # fmt: skip
    told = {
        **newest,
        "previous": older,
        "asks": _asks(lot_number),
        **surroundings(now := clock.now()),
    }
    kept = map(b64, policy_stamps.lists_of_expired(versions[-1], now))
    told["crls"] += [each for each in kept if each not in told["crls"]]
    return told


def _asks(lot_number: str) -> dict[str, Any]:
    """What the notice asks of a bid that the policy does not hold; for the program to remind of."""
    lot = lots.find(lot_number)
    return {
        "ceiling_fen": lot.ceiling_fen if lot else 0,
        "security_fen": lot.security_fen if lot else 0,
        "bill": bool(lot and lot.over_bill),
    }


def draft(lot_number: str, actor: Actor) -> dict[str, Any]:
    """The version that waits for signatures; for those who sign or run the lot."""
    case = policies.of_lot(lot_number)
    parties = set(case.parties.values_list("uscc", flat=True))
    if actor.uscc not in parties | {case.owner_uscc, case.agency_uscc}:
        raise NotPermitted.because("access.page.not_permitted", page=f"policy:{lot_number}")
    version = readings.newest(case)
    if version is None or version.in_force_at is not None:
        raise NotFound.because("procurement.policy.no_draft", lot=lot_number)
    told = {**_signed(version), "previous": [], "asks": _asks(lot_number)}
    return told | surroundings(clock.now())


def _signed(version: PolicyVersion) -> dict[str, Any]:
    return {
        "policy": version.text,
        "signatures": [{"uscc": row.uscc, "p7s": b64(row.p7s)} for row in version.signatures.all()],
    }


def rehearsal(lot_number: str, actor: Actor) -> dict[str, Any]:
    """The challenge sealed to the key that the actor's organisation announced; of a later stage,
    while one waits for its trustees.
    """
    row = (
        StageRehearsal.objects.select_related("opening")
        .filter(opening__lot_number=lot_number, opening__state=LISTED, uscc=actor.uscc or "-")
        .first()
    )
    if row is not None:
        return {
            "challenge": row.challenge,
            "stage": row.opening.stage,
            "time": instant_text(clock.now()),
        }
    party = policies.of_lot(lot_number).parties.filter(uscc=actor.uscc or "-").first()
    if party is None or not party.challenge:
        raise NotFound.because("procurement.policy.key_missing", uscc=actor.uscc)
    return {"challenge": party.challenge, "stage": "", "time": instant_text(clock.now())}


def closed(lot_number: str, actor: Actor) -> dict[str, Any]:
    """The closing list and all that has been said of it; sealed shares for their trustee alone.

    Before the first record it is told to those whose lot or bid it is and who oversee it: how many
    bids there are, and whose, nobody else learns before they are open, nor of a lot that never is.
    """
    case = opening.of_lot(lot_number)
    if not (case.record_text or case.before_id or _is_its_own(case, actor)):
        raise NotPermitted.because("access.page.not_permitted", page=f"closing:{lot_number}")
    listed, policy = gathering.list_of(case), gathering.policy_of(case)
    versions = gathering.listed_versions(case)
    said = gathering.said(case)
    return {
        "state": case.state,
        "over": _is_over(case),
        "list": case.list_text,
        "p7s": case.list_p7s,
        "signatures": _signatures(said),
        "bids": [_bid(version, listed.tree_size) for version in versions.values()],
        "sealed_shares": _shares(case, policy, versions, actor),
        "nonces": [{"uscc": row.uscc, "nonce": row.text} for row in said if row.kind == Kind.NONCE],
        "draw": case.draw_text or None,
        "moments": _moments(case),
        "timestamp": _token(case),
        "marks": _texts(said, Kind.MARKS, "marks"),
        "cures": _texts(said, Kind.CURE, "cure"),
        "cured_marks": _texts(said, Kind.CURED, "cured_marks"),
        "protests": _texts(said, Kind.PROTEST, "protest"),
        "replaced": [{"list": row.text, "p7s": row.p7s} for row in case.replaced_lists.all()],
        "earlier": _earlier(case, listed),
        **surroundings(clock.now()),
    }


def _is_its_own(case: Opening, actor: Actor) -> bool:
    """Also of a bidder who withdrew, or was dropped: only who sees the list can protest."""
    return judge.readable(OPENING, case, actor) or LISTED_BIDDER.holds(case, actor)


def _token(case: Opening) -> dict[str, str] | None:
    """The list's time-stamp, None while no authority gave one."""
    found = stamps.token_of(case)
    return {"authority": found.authority, "token": b64(found.token)} if found else None


def _is_over(case: Opening) -> bool:
    """Whether no share of the lot is asked for any more, and the session's key is destroyed."""
    ended = case.state in (OPENED, STOPPED)
    if case.state == CONCLUDED:
        ended = not read_result(case.result_text.encode()).passed
    return ended and (case.state != OPENED or not bytes(case.session.private))


def _signatures(said: list[OpeningStatement]) -> list[dict[str, str]]:
    return [{"uscc": row.uscc, "p7s": b64(row.p7s)} for row in said if row.kind == Kind.SIGNATURE]


def _texts(said: list[OpeningStatement], kind: str, field: str) -> list[dict[str, str]]:
    return [
        {"uscc": row.uscc, field: row.text, "p7s": b64(row.p7s)} for row in said if row.kind == kind
    ]


def _moments(case: Opening) -> list[dict[str, str]]:
    return [{"moment": row.text, "p7s": b64(row.p7s)} for row in moment_notes.of(case)]


def _earlier(case: Opening, listed: ClosingList) -> dict[str, Any] | None:
    """The stage before: its list under its signatures, its result, and that it was logged."""
    before = case.before
    if before is None or before.result_index is None:
        return None
    return {
        "list": before.list_text,
        "p7s": before.list_p7s,
        "signatures": _signatures(gathering.said(before)),
        "result": before.result_text,
        "result_p7s": before.result_p7s,
        "log": receipts.proof_of(before.result_index).as_json(),
        "proof": [step.hex() for step in prove(before.result_index, listed.tree_size)],
    }


def _bid(version: BidVersion, tree_size: int) -> dict[str, Any]:
    receipt, p7s = stamps.newest(version)
    index = read_receipt(receipt.encode()).log.index
    return {
        "bidder": version.bid.bidder_uscc,
        "manifest": version.manifest,
        "p7s": b64(version.signature),
        "receipt": receipt,
        "receipt_p7s": b64(p7s),
        "proof": [step.hex() for step in prove(index, tree_size)],
    }


def _shares(
    case: Opening, policy: Policy, versions: dict[str, BidVersion], actor: Actor
) -> dict[str, Any]:
    """Of the stage's envelopes only: what a later stage opens, nobody gets a share of yet."""
    if actor.role != "trustee" or actor.uscc not in {t.uscc for t in policy.trustees}:
        return {}
    if case.state == STOPPED:  # what is not opened, nobody gets a share of
        return {}
    index, names = policy.index_of(actor.uscc), gathering.envelopes_of(case, policy)
    return {
        digest: {
            name: sealed[index] for name, sealed in version.shares.items() if name in names
        }
        for digest, version in versions.items()
    }  # fmt: skip


def record(lot_number: str) -> dict[str, Any]:
    """The opening record under the platform's signature, and the draw."""
    case = opening.of_lot(lot_number)
    if not case.record_text and case.before is not None:
        case = case.before  # of the last stage that is open
    if not case.record_text:
        raise NotFound.because("procurement.opening.unknown", lot=lot_number)
    return {"record": case.record_text, "p7s": case.record_p7s, "draw": case.draw_text}


def receipt(version: BidVersion) -> dict[str, Any]:
    """A first receipt as it travels."""
    text, p7s = receipts.of(version)
    return {"receipt": text, "p7s": b64(p7s)}


def newest(version: BidVersion) -> dict[str, Any]:
    """The newest receipt, and how far it is."""
    text, p7s = stamps.newest(version)
    state = stamps.state_of(version)
    at = state["gen_time"]
    return {
        "receipt": text,
        "p7s": b64(p7s),
        "stamp": {
            "state": state["state"],
            "authority": state["authority"],
            "time": instant_text(at) if at else "",
            "failures": state["failures"],
        },
        "refusal": state["refusal"],
        "refusal_p7s": b64(state["refusal_p7s"]),
    }


def own_version(lot_number: str, manifest_sha256: str, actor: Actor) -> BidVersion:
    """A bidder's own version by its manifest. Raises NotFound."""
    found = (
        BidVersion.objects.select_related("bid")
        .filter(
            bid__lot_number=lot_number,
            bid__bidder_uscc=actor.uscc or "-",
            manifest_sha256=manifest_sha256,
        )
        .first()
    )
    if found is None:
        raise NotFound.because("procurement.bid.unknown", lot=lot_number[:80])
    return found


def b64(data: bytes | memoryview) -> str:
    """Bytes as base64 text."""
    return base64.b64encode(bytes(data)).decode()
