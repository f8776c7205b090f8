"""The moments from which an opening's times run: written down, signed and logged when they come."""

from __future__ import annotations

from datetime import datetime

from kernel.evidence.dossiers import layout
from kernel.evidence.services import NewEntry
from kernel.sealing.bids import moments, windows
from kernel.workflow.machines import Doing
from procurement.bids import believed, gathering
from procurement.bids.models import Opening, OpeningStatement

Kind = OpeningStatement.Kind
ENTRY = layout.MOMENT
_OF = {
    moments.COUNTERSIGNED: Kind.SIGNATURE,
    moments.MARKED: Kind.MARKS,
    moments.RELEASED: Kind.RELEASE,
}


# Until when who is asked has time, and where the case says so.
_UNTIL = {
    moments.COUNTERSIGNED: ("reveal_until_at", windows.reveal_until),
    moments.MARKED: ("cure_until_at", windows.cure_until),
    moments.RELEASED: ("window_ends_at", windows.files_until),
}


def forget(case: Opening) -> None:
    """A list is new: no time of it runs before enough trustees are there."""
    for column, _until in _UNTIL.values():
        setattr(case, column, None)


def note(case: Opening, doing: Doing, moment: str) -> None:
    """Note a moment where it has come with this act, once under each list; its time begins.

    Signed in the act's own transaction: the next act already reckons with it.
    """
    said = _said(case, moment)
    known = case.statements.filter(kind=Kind.MOMENT, subject=moment, of_list="").exists()
    if not said or known:
        return
    at = max([case.closed_at, doing.at, *_earlier(case, moment)])
    made = moments.Moment(case.lot_number, case.list_sha256, moment, at, said)
    text, own = made.encode(), gathering.policy_of(case).operator.uscc
    OpeningStatement.objects.create(
        opening=case, uscc=own, kind=Kind.MOMENT, subject=moment,
        text=text.decode(), p7s=believed.signed(text, at), at=at,
    )  # fmt: skip
    body = {
        "lot": case.lot_number, "stage": case.stage, "list_sha256": case.list_sha256,
        "moment": moment, "moment_sha256": moments.named([text])[0],
    }  # fmt: skip
    doing.log([NewEntry(ENTRY, case.case_ref, doing.at, body, public=False)], lambda _placed: None)
    if moment in _UNTIL:
        column, until = _UNTIL[moment]
        setattr(case, column, until(at, case.policy.decrypt_window_minutes))


def _earlier(case: Opening, moment: str) -> list[datetime]:
    """When the moments before it under this list were, and what it rests on was said.

    Who posts before the others are through has a time of its own, which is earlier, and may not
    turn their order round.
    """
    kinds = [Kind.MOMENT, *([_OF[moment]] if moment in _OF else [])]
    rows = case.statements.filter(kind__in=kinds, of_list="")
    return list(rows.values_list("at", flat=True))


def _said(case: Opening, moment: str) -> tuple[str, ...]:
    """What it rests on; nothing where that is not enough yet."""
    if moment == moments.DRAWN:
        return moments.named([case.draw_text.encode()])
    rows = [row for row in gathering.said(case) if row.kind == _OF[moment]]
    if len(rows) < gathering.policy_of(case).threshold:
        return ()
    own = moment == moments.COUNTERSIGNED
    return moments.named(bytes(row.p7s) if own else row.text.encode() for row in rows)


def files(case: Opening, root: str) -> dict[str, bytes]:
    """Them as files of a dossier, below a stage's folder."""
    found: dict[str, bytes] = {}
    for row in of(case):
        stem = f"{root}/moments/{row.subject}-{(row.of_list or case.list_sha256)[:16]}"
        found |= {f"{stem}.json": row.text.encode(), f"{stem}.p7s": bytes(row.p7s)}
    return found


def of(case: Opening) -> list[OpeningStatement]:
    """Every moment of an opening, also under lists that were corrected."""
    return list(case.statements.filter(kind=Kind.MOMENT))
