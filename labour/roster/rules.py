"""The rules of workers on sites: pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from kernel.errors import Refusal


@dataclass(frozen=True)
class WorkerFacts:
    """All that the guards of a worker's place look at.

    site_open: the site has its permit and is not closed. known: the person is a worker. taken: the
    person's other live place on this site. codes: list name -> codes valid today.
    identity_faults: why the number on record is unsound (codes). id_last_four, age, sex: of the
    number on record. heavy_age: up to which age heavy work is offered to the person, None where no
    rule stands. trade: of the place. special: the trade needs a certificate. face_consent: given.
    certificate_valid_to: its last day. clash: the other site where the person works.
    attended: instants (in, out) on record at this site. admitted_at: since when the gate opens.
    crew_listed: by what the crew's firm is on a list, and may take nobody on.
    unpaid: months with attendance and no wages; overdue: those of them whose wages are late,
    listed or not.
    """

    today: date
    now: datetime
    site_open: bool
    known: bool
    taken: str
    codes: Mapping[str, frozenset[str]]
    identity_faults: tuple[Refusal, ...]
    id_last_four: str
    age: int | None
    heavy_age: int | None
    heavy_trades: frozenset[str]
    special_trades: frozenset[str]
    trade: str
    face_consent: bool
    certificate_valid_to: date | None
    training: Mapping[str, int]
    least_age: int
    clash: str
    attended: tuple[tuple[datetime, datetime], ...]
    admitted_at: datetime | None
    unpaid: tuple[str, ...]
    overdue: tuple[str, ...]
    missing_files: frozenset[str]
    crew_listed: tuple[Refusal, ...]
    articles: Mapping[str, str]


def _refusal(facts: WorkerFacts, what: str, cite: str, field: str = "", **more: Any) -> Refusal:
    return Refusal(f"labour.worker.{what}", more, facts.articles[cite], field)


def site_is_open(facts: WorkerFacts, payload: Any) -> Iterator[Refusal]:
    """Nobody is taken on for works without a permit, or that are closed."""
    if payload is not None and not facts.site_open:
        yield _refusal(facts, "site_unknown", "contract", "site_number", number=payload.site_number)


def crew_is_on_no_list(facts: WorkerFacts, _payload: Any) -> Iterator[Refusal]:
    """A firm that is on a list takes nobody on, nor brings anybody to a site."""
    yield from facts.crew_listed


def worker_is_known(facts: WorkerFacts, payload: Any) -> Iterator[Refusal]:
    """A place is offered to a worker of the crew."""
    if payload is not None and not facts.known:
        yield _refusal(facts, "person_unknown", "real_name", "worker")


def worker_is_new_here(facts: WorkerFacts, payload: Any) -> Iterator[Refusal]:
    """One person has one place on a site."""
    if payload is not None and facts.taken:
        yield _refusal(facts, "taken", "real_name", "worker", number=facts.taken)


def codes_are_listed(facts: WorkerFacts, payload: Any) -> Iterator[Refusal]:
    """Trade, unit of wages and way of checking stand in today's lists."""
    if payload is None:
        return
    for field, name in (
        ("trade", "worker_trade"),
        ("wage_unit", "wage_unit"),
        ("method", "identity_check"),
    ):
        code = getattr(payload, field, None)
        if code is not None and code not in facts.codes[name]:
            yield _refusal(facts, "code_unlisted", "real_name", field, code=code)


def terms_are_whole(facts: WorkerFacts, payload: Any) -> Iterator[Refusal]:
    """A labour contract with a number, a time and a wage."""
    if payload is None:
        return
    if not payload.contract_number:
        yield _refusal(facts, "contract_missing", "contract", "contract_number")
    if payload.rate_fen <= 0:
        yield _refusal(facts, "rate_missing", "contract", "rate_fen")
    if payload.to_on < payload.from_on:
        yield _refusal(
            facts, "period", "contract", "to_on",
            **{"from": payload.from_on.isoformat(), "to": payload.to_on.isoformat()},
        )  # fmt: skip


def files_are_there(facts: WorkerFacts, payload: Any) -> Iterator[Refusal]:
    """A file that is named was brought by who names it."""
    if payload is not None:
        for sha256 in sorted(facts.missing_files):
            yield _refusal(facts, "file_missing", "platform", "", sha256=sha256[:12])


def identity_is_sound(facts: WorkerFacts, _payload: Any) -> Iterator[Refusal]:
    """The number on record has its check character, a real birth and is there at all."""
    yield from facts.identity_faults


def identity_is_confirmed(facts: WorkerFacts, payload: Any) -> Iterator[Refusal]:
    """Who signs knows the end of the own number; the number itself is not sent again."""
    if payload is None or not facts.id_last_four:
        return
    if payload.id_last_four.upper() != facts.id_last_four:
        yield _refusal(facts, "identity_other", "identity", "id_last_four")


def age_allows(facts: WorkerFacts, _payload: Any) -> Iterator[Refusal]:
    """Sixteen at least; heavy work only up to the age of the place's rule."""
    if facts.age is None:
        return
    if facts.age < facts.least_age:
        yield _refusal(facts, "underage", "age", "", least=facts.least_age)
    heavy = facts.trade in facts.heavy_trades
    if heavy and facts.heavy_age is not None and facts.age > facts.heavy_age:
        yield _refusal(facts, "too_old_for_heavy", "heavy", "", most=facts.heavy_age)


def consent_is_given(facts: WorkerFacts, payload: Any) -> Iterator[Refusal]:
    """Identity, card and attendance are kept with the worker's own consent."""
    if payload is not None and not payload.consent:
        yield _refusal(facts, "consent_missing", "consent", "consent")


def card_is_named(facts: WorkerFacts, payload: Any) -> Iterator[Refusal]:
    """Wages go to the worker's own card."""
    if payload is None:
        return
    digits = payload.card_number.replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and 12 <= len(digits) <= 19):
        yield _refusal(facts, "card", "month", "card_number")
    if not payload.bank_name:
        yield _refusal(facts, "bank_missing", "month", "bank_name")


def face_is_free(facts: WorkerFacts, payload: Any) -> Iterator[Refusal]:
    """A face is kept or checked only of who agreed to it: it is never the only way."""
    if payload is None or facts.face_consent:
        return
    if payload.method == "face" or payload.face_sha256:
        yield _refusal(facts, "face_refused", "consent", "method")


def certificate_holds(facts: WorkerFacts, payload: Any) -> Iterator[Refusal]:
    """A special trade is worked only with a certificate in force."""
    if facts.trade not in facts.special_trades:
        return
    valid_to = getattr(payload, "certificate_valid_to", None) or facts.certificate_valid_to
    if valid_to is None:
        yield _refusal(facts, "certificate_missing", "special", "certificate_number")
    elif valid_to < facts.today:
        yield _refusal(
            facts, "certificate_lapsed", "special", "certificate_valid_to", on=valid_to.isoformat()
        )


def training_is_whole(facts: WorkerFacts, payload: Any) -> Iterator[Refusal]:
    """Training at three levels with its hours, and the exam passed."""
    if payload is None:
        return
    for level in ("company", "project", "crew"):
        hours = getattr(payload, f"{level}_hours")
        if hours < facts.training[level]:
            yield _refusal(
                facts, f"training_{level}", "training", f"{level}_hours",
                hours=hours, least=facts.training[level],
            )  # fmt: skip
    if payload.score < facts.training["pass"]:
        yield _refusal(
            facts, "exam_failed", "training", "score",
            score=payload.score, least=facts.training["pass"],
        )  # fmt: skip


def no_other_site(facts: WorkerFacts, _payload: Any) -> Iterator[Refusal]:
    """Nobody is on two sites at once."""
    if facts.clash:
        yield _refusal(facts, "other_site", "real_name", "", site=facts.clash)


def comes_back_from_nowhere_else(facts: WorkerFacts, _payload: Any) -> Iterator[Refusal]:
    """A case that is closed puts nobody back to work who works elsewhere by now."""
    if facts.clash:
        yield _refusal(facts, "back_from_other_site", "real_name", "", site=facts.clash)


def works_elsewhere(facts: WorkerFacts, _payload: Any) -> Iterator[Refusal]:
    """A case is closed without the worker coming back only where another site took the worker."""
    if not facts.clash:
        yield _refusal(facts, "nowhere_else", "real_name")


def attendance_is_real(facts: WorkerFacts, payload: Any) -> Iterator[Refusal]:
    """In before out, after admission, not ahead of now, within a day, once."""
    if payload is None:
        return
    records = getattr(payload, "records", None)
    if records is not None and not records:
        yield _refusal(facts, "attendance_empty", "attendance", "records")
    times = list(facts.attended)
    for record in [payload] if records is None else records:
        span = (record.in_at, record.out_at)
        if record.in_at.tzinfo is None or record.out_at.tzinfo is None:
            yield _refusal(facts, "attendance_zone", "attendance", "in_at")
            continue
        if not _plausible(facts, *span):
            yield _refusal(facts, "attendance_time", "attendance", "in_at", **_span(*span))
        if any(begin < span[1] and span[0] < end for begin, end in times):
            yield _refusal(facts, "attendance_twice", "attendance", "in_at", **_span(*span))
        times.append(span)
        if not record.device and not record.reason:
            yield _refusal(facts, "by_hand", "attendance", "reason", **_span(*span))


def _plausible(facts: WorkerFacts, in_at: datetime, out_at: datetime) -> bool:
    late = facts.admitted_at is None or in_at >= facts.admitted_at
    return late and in_at < out_at <= facts.now and out_at - in_at <= timedelta(hours=24)


def _span(in_at: datetime, out_at: datetime) -> dict[str, str]:
    return {"from": in_at.isoformat(), "to": out_at.isoformat()}


def all_wages_paid(facts: WorkerFacts, _payload: Any) -> Iterator[Refusal]:
    """Nobody leaves while wages are owed."""
    if facts.unpaid:
        yield _refusal(facts, "wages_owed", "month", "", months=list(facts.unpaid))


def nothing_is_overdue(facts: WorkerFacts, _payload: Any) -> Iterator[Refusal]:
    """An alert, and a case, end when no month is late any more."""
    if facts.overdue:
        yield _refusal(facts, "wages_owed", "month", "", months=list(facts.overdue))


def something_is_overdue(facts: WorkerFacts, _payload: Any) -> Iterator[Refusal]:
    """A case of the labour inspection is about wages that are late, wherever the worker stands."""
    if not facts.overdue:
        yield _refusal(facts, "nothing_overdue", "month")


def case_is_numbered(facts: WorkerFacts, payload: Any) -> Iterator[Refusal]:
    """A case of the labour inspection has its number."""
    if payload is not None and not payload.case_number:
        yield _refusal(facts, "case_number_missing", "month", "case_number")


def reason_is_given(facts: WorkerFacts, payload: Any) -> Iterator[Refusal]:
    """Who refuses, blocks or lets on again says why."""
    if payload is not None and not payload.reason:
        yield Refusal("workflow.reason.missing", {}, facts.articles["platform"], "reason")


def within(
    ours: tuple[datetime, datetime], theirs: tuple[datetime, datetime], minutes: int
) -> bool:
    """Whether two stays at two sites are nearer than anybody can travel (``clash.minutes``)."""
    gap = timedelta(minutes=minutes)
    return ours[0] - gap < theirs[1] and theirs[0] - gap < ours[1]
