"""How a relation ends: by two officers, by its own last day, and by no change that only waits."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps

from credit.enterprises.relations import selectors
from credit.enterprises.relations.machine import RELATION
from kernel import clock
from kernel.workflow import sandbox
from kernel.workflow.due import run_due
from kernel.workflow.models import Deadline
from kernel.workflow.selectors import acts_of
from tests.conftest import member
from tests.credit.enterprises.samples import act
from tests.credit.enterprises.test_relations import (
    FIRM,
    OTHER,
    document,
    people,  # noqa: F401
    proposed,
    recorded,
    refused,
    related,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]


# Three days after the day on which these begin.
LAST = date(2025, 9, 4)


def test_a_relation_of_which_a_change_waits_does_not_end_past_it(people):  # noqa: F811
    case = proposed(people, related(people), until=None)
    said = {
        "last_day": clock.today(), "source": "股权转让登记 2025-9",
        "file_sha256": document(people["two"]),
    }  # fmt: skip
    assert refused(act, RELATION, case, "propose_end", people["two"], said) == {"proposed_already"}
    case = act(RELATION, case, "drop_proposal", people["two"], {"reason": "已终止。"})
    case = act(RELATION, case, "propose_end", people["two"], said)
    case = act(RELATION, case, "end", people["one"])
    assert (case.state, case.until) == ("ended", clock.today())
    assert selectors.among(FIRM, [OTHER], clock.now()), "up to its last day it counts"


def later(moment, by="op"):
    """At a moment, with what has fallen due."""
    sandbox.move_to(moment, actor=member(by, "operator", serial=6))
    run_due()


def counts():
    return bool(selectors.among(FIRM, [OTHER], clock.now()))


def test_one_that_is_corrected_to_a_last_day_that_has_passed_is_over(people):  # noqa: F811
    last = date(2025, 6, 30)
    case = proposed(people, related(people), kind="same_head", until=last)
    assert (case.proposed, case.state, counts()) == ("end", "in_force", True)
    assert refused(act, RELATION, case, "confirm_change", people["two"]) == {"not_proposed"}
    case = act(RELATION, case, "end", people["two"])
    assert (case.state, case.until, counts()) == ("ended", last, False)
    # What it said before stays, as with every change.
    assert case.earlier[-1]["until"] is None


def test_one_whose_last_day_comes_is_over_from_then_on(people):  # noqa: F811
    last = clock.today() + timedelta(days=3)
    case = proposed(people, related(people), kind="same_head", until=last)
    case = act(RELATION, case, "confirm_change", people["two"])
    assert (case.state, case.until) == ("in_force", last)
    later(clock.end_of(last) - timedelta(seconds=1))
    case.refresh_from_db()
    assert (case.state, counts()) == ("in_force", True)
    sandbox.move_to(clock.end_of(last) + timedelta(hours=5), actor=member("o2", "operator"))
    assert not counts(), "bids are held against its days, whenever a worker comes round"
    run_due()
    case.refresh_from_db()
    assert case.state == "ended"
    assert acts_of(case)[-1].at == clock.end_of(last)


def test_one_that_was_over_before_it_was_confirmed_is_recorded_as_over(people):  # noqa: F811
    case = related(people, until=date(2025, 3, 31))
    run_due()
    case.refresh_from_db()
    assert (case.state, counts()) == ("ended", False)
    assert acts_of(case)[-1].at == acts_of(case)[-2].at, "no act is told before its cause"


def test_one_that_is_over_and_is_corrected_to_a_day_ahead_stands_again(people):  # noqa: F811
    case = proposed(people, related(people), kind="same_head", until=date(2025, 6, 30))
    case = act(RELATION, case, "end", people["two"])
    ahead = clock.today() + timedelta(days=30)
    case = proposed(people, case, kind="same_head", until=ahead)
    assert case.proposed == "reopen"
    case = act(RELATION, case, "reinstate", people["two"])
    assert (case.state, case.until, counts()) == ("in_force", ahead, True)
    later(clock.end_of(ahead))
    case.refresh_from_db()
    assert (case.state, counts()) == ("ended", False)


@pytest.mark.parametrize(
    ("code", "changes", "left"),
    [
        ("propose_change", {"until": None}, "reopen"),
        ("propose_change", {"until": date(2025, 6, 30)}, "change"),
        ("propose_taking_back", {}, "take_back"),
        ("propose_end", {"last_day": date(2025, 8, 1)}, "change"),
        ("propose_end", {"last_day": LAST}, ""),
    ],
)
def test_what_waits_when_the_last_day_has_passed_is_what_it_is_of_one_that_is_over(
    people,  # noqa: F811
    code,
    changes,
    left,
):
    case = proposed(people, related(people), kind="same_head", until=LAST)
    case = act(RELATION, case, "confirm_change", people["two"])
    if changes.get("last_day") == LAST:
        later(clock.start_of(LAST), "op0")
    data = {"source": "档案 3", "file_sha256": document(people["one"]), "reason": "另有文书。"}
    if code == "propose_change":
        data |= {"kind": "same_head", "since": date(2024, 1, 1)}
    act(RELATION, case, code, people["one"], data | changes)
    later(clock.end_of(LAST))
    case.refresh_from_db()
    assert (case.state, case.proposed) == ("ended", left)


def with_last_day(people):  # noqa: F811
    case = proposed(people, related(people), kind="same_head", until=LAST)
    return act(RELATION, case, "confirm_change", people["two"])


def test_an_earlier_end_that_waited_when_the_last_day_came_is_confirmed_as_a_change(
    people,  # noqa: F811
):
    case, ended = with_last_day(people), date(2025, 8, 1)
    said = {
        "last_day": ended, "source": "股权转让登记 2025-8",
        "file_sha256": document(people["one"]), "reason": "提前转让。",
    }  # fmt: skip
    act(RELATION, case, "propose_end", people["one"], said)
    later(clock.end_of(LAST))
    case.refresh_from_db()
    assert selectors.among(FIRM, [OTHER], clock.start_of(date(2025, 8, 2)))
    assert refused(act, RELATION, case, "confirm_change", people["one"]) == {"same_proposer"}
    case = act(RELATION, case, "confirm_change", people["two"])
    assert (case.state, case.until, case.source) == ("ended", ended, "股权转让登记 2025-8")
    assert (case.kind, case.since) == ("same_head", date(2024, 3, 1))
    assert case.earlier[-1]["until"] == LAST.isoformat()
    assert not selectors.among(FIRM, [OTHER], clock.start_of(date(2025, 8, 2)))


def test_an_end_before_the_last_day_on_record_keeps_that_day(people):  # noqa: F811
    case = with_last_day(people)
    said = {
        "last_day": date(2025, 8, 1), "source": "股权转让登记 2025-8",
        "file_sha256": document(people["one"]),
    }  # fmt: skip
    case = act(RELATION, case, "propose_end", people["one"], said)
    case = act(RELATION, case, "end", people["two"])
    assert case.until == date(2025, 8, 1)
    assert case.earlier[-1]["until"] == LAST.isoformat()


def without_clock(people):  # noqa: F811
    """As it was recorded before relations had clocks; its last day has passed since."""
    case = with_last_day(people)
    Deadline.objects.filter(machine=RELATION.code, case_pk=case.pk).delete()
    later(clock.end_of(LAST) + timedelta(days=5))
    case.refresh_from_db()
    assert case.state == "in_force"
    return case


def test_one_whose_last_day_has_passed_does_not_keep_another_from_being_recorded(
    people,  # noqa: F811
):
    without_clock(people)
    assert recorded(people, since=clock.today()).state == "recorded"


def test_one_from_before_there_were_clocks_gets_one_and_ends_by_it(people):  # noqa: F811
    case = without_clock(people)
    waiting = recorded(people, since=clock.today())
    assert refused(act, RELATION, waiting, "confirm", people["two"]) == {"taken"}
    move = import_module("credit.migrations.0023_clocks_of_relations")
    move.start_clocks(apps, None)
    (due,) = Deadline.objects.filter(machine=RELATION.code, case_pk=case.pk)
    assert (due.due_at, due.last_day) == (clock.end_of(LAST), LAST)
    move.start_clocks(apps, None)
    assert Deadline.objects.filter(machine=RELATION.code, case_pk=case.pk).count() == 1
    run_due()
    case.refresh_from_db()
    assert (case.state, acts_of(case)[-1].at) == ("ended", clock.end_of(LAST))
    assert act(RELATION, waiting, "confirm", people["two"]).state == "in_force"


def test_the_clock_of_the_upgrade_is_the_clock_of_the_machine(people):  # noqa: F811
    case = with_last_day(people)
    clocks = Deadline.objects.filter(machine=RELATION.code, case_pk=case.pk, ended_at=None)
    told = [field.name for field in Deadline._meta.fields if field.name != "id"]
    (own,) = clocks.values(*told)
    clocks.delete()
    import_module("credit.migrations.0023_clocks_of_relations").start_clocks(apps, None)
    (made,) = clocks.values(*told)
    assert made == own
