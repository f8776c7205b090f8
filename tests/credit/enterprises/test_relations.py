"""Relations between enterprises: from a document, with days, by an officer who is nobody's own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from credit.enterprises.models import Enterprise
from credit.enterprises.relations import firm_desk, selectors
from credit.enterprises.relations.machine import RELATION
from credit.enterprises.relations.models import EnterpriseRelation
from kernel import clock
from kernel.errors import NotPermitted, Refused
from kernel.identifiers import uscc
from kernel.web import presenters
from kernel.web.presenters import presenter_of
from kernel.web.viewmodels import DeskPage
from kernel.workflow import selectors as workflow
from tests.conftest import member
from tests.credit.conduct import samples
from tests.credit.enterprises.samples import act, document, licence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
FIRM = samples.FIRM
OTHER = uscc.demonstration("230102", 77)


@pytest.fixture
def people():
    city = {"region": "230600", "serial": 4, "authority": "city"}
    return samples.officers() | {"far2": member("far2", "credit_officer", **city)}


def recorded(people, who="one", **changes):
    data = {
        "uscc": FIRM, "other_uscc": OTHER, "kind": "same_head", "since": date(2024, 1, 1),
        "source": "登记机关档案 2024-1", "file_sha256": document(people[who]), **changes,
    }  # fmt: skip
    return act(RELATION, None, "record", people[who], data)


def related(people, who="one", **changes):
    """Recorded by one officer and confirmed by another: from then on it counts."""
    other = {"one": "two", "far": "far2"}.get(who, who)
    return act(RELATION, recorded(people, who, **changes), "confirm", people[other])


def codes(refused):
    return {why.code.rpartition(".")[2] for why in refused.value.refusals}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"other_uscc": FIRM}, {"with_itself"}),
        ({"kind": "friends"}, {"kind_unlisted"}),
        ({"since": date(2030, 1, 1)}, {"dated_ahead"}),
        ({"until": date(2023, 12, 31)}, {"backward"}),
        ({"file_sha256": "e" * 64}, {"unproven"}),
        ({"source": " "}, {"unproven"}),
    ],
)
def test_what_keeps_a_firm_from_bidding_is_recorded_soundly_or_not_at_all(
    people, changes, expected
):
    with pytest.raises(Refused) as refused:
        related(people, **changes)
    assert codes(refused) == expected
    assert not selectors.among(FIRM, [OTHER], clock.now())


def test_the_same_relation_is_recorded_once_from_either_side(people):
    related(people)
    with pytest.raises(Refused) as refused:
        related(people, uscc=OTHER, other_uscc=FIRM)
    assert codes(refused) == {"taken"}


def test_only_an_officer_records_it(people):
    with pytest.raises(NotPermitted):
        related(people, "firm")


def test_it_counts_from_its_first_day_to_its_last_and_for_both_sides(people):
    case = related(people)
    assert [(r.other_uscc, r.kind) for r in selectors.among(OTHER, [FIRM], clock.now())] == [
        (FIRM, "same_head")
    ]
    before = clock.start_of(date(2023, 12, 31))
    assert not selectors.to_parties(FIRM, OTHER, "", before)
    assert selectors.to_parties(FIRM, OTHER, "", clock.now())
    assert selectors.to_parties(OTHER, "", FIRM, clock.now())
    said = {"last_day": clock.today(), "source": "股权转让登记 2025-9"}
    with pytest.raises(Refused) as refused:
        act(RELATION, case, "propose_end", people["one"], said)
    assert codes(refused) == {"unproven"}
    said["file_sha256"] = document(people["one"])
    for day, why in ((date(2023, 1, 1), "backward"), (date(2025, 9, 2), "dated_ahead")):
        with pytest.raises(Refused) as refused:
            act(RELATION, case, "propose_end", people["one"], said | {"last_day": day})
        assert codes(refused) == {why}
    case = act(RELATION, case, "propose_end", people["one"], said)
    assert (case.state, case.until) == ("in_force", None)
    case = act(RELATION, case, "end", people["two"])
    assert (case.state, case.until) == ("ended", clock.today())
    assert selectors.among(FIRM, [OTHER], clock.now())  # its last day counts
    assert not selectors.among(FIRM, [OTHER], clock.now() + timedelta(days=1))


def test_of_a_bid_it_is_asked_in_one_query(people):
    related(people)
    at = clock.now()
    selectors.to_parties(FIRM, OTHER, "", at)
    with CaptureQueriesContext(connection) as asked:
        assert selectors.to_parties(FIRM, OTHER, FIRM, at)
    assert len(asked) == 1


@pytest.mark.parametrize("code", ["propose_end", "propose_change", "propose_taking_back"])
def test_no_act_on_a_relation_rests_on_the_scan_that_is_on_record(people, code):
    case = related(people)
    assert case.file_sha256
    form = presenter_of(RELATION).act_form(
        RELATION.transition(code), case, people["one"], clock.now()
    )
    assert not form.form.initial.get("file_sha256")
    assert not form.form.initial.get("file_sha256-kept")


def test_the_scan_that_a_guard_asks_for_is_not_called_optional():
    assert presenters.presenter_of(RELATION).fields["file_sha256"].needed


def test_two_of_another_province_are_the_keepers_to_relate(people):
    """Entered by another place's officer, they are that officer's."""
    first, second = uscc.demonstration("440300", 51), uscc.demonstration("440300", 52)
    pair = {"uscc": first, "other_uscc": second}
    licence(people, "far", uscc=first, name="外省甲公司")
    licence(people, "far", uscc=second, name="外省乙公司")
    with pytest.raises(Refused) as refused:
        related(people, **pair)
    assert codes(refused) == {"of_another_place"}
    related(people, "far", **pair)


# Two officers bring one in -----------------------------------------------------------------------


def test_what_one_officer_records_counts_for_nobody_until_another_confirms_it(people):
    case = recorded(people, public=True)
    assert case.state == "recorded"
    assert not selectors.among(FIRM, [OTHER], clock.now())
    assert not selectors.to_parties(FIRM, OTHER, "", clock.now())
    assert not selectors.open_to_all(FIRM)
    assert refused(act, RELATION, case, "confirm", people["one"]) == {"same_proposer"}
    case = act(RELATION, case, "confirm", people["two"])
    assert (case.state, case.proposed_by) == ("in_force", 0) and case.confirmed_at
    assert selectors.among(FIRM, [OTHER], clock.now())


def test_what_another_officer_declines_never_counts_and_may_be_recorded_again(people):
    case = recorded(people)
    assert refused(recorded, people, uscc=OTHER, other_uscc=FIRM) == {"taken"}
    case = act(RELATION, case, "decline", people["two"], {"reason": "股东名册与登记不符。"})
    assert case.state == "declined" and not selectors.among(FIRM, [OTHER], clock.now())
    assert related(people).state == "in_force"


@pytest.mark.parametrize("outside", ["110101", "310101"])
def test_an_officer_of_another_city_makes_no_place_its_own_by_who_is_outside_the_province(
    people, outside
):
    """Of an owner of elsewhere whom nobody has entered no place keeps the archive."""
    owner = uscc.demonstration(outside, 5)
    assert refused(recorded, people, "far", other_uscc=owner) == {"of_another_place"}
    assert related(people, other_uscc=owner).state == "in_force"


def test_both_firms_are_told_on_their_desks_once_it_counts_and_not_before(people):
    people["second"] = member("second", "contractor_clerk", region="230102", serial=77)
    assert people["second"].uscc == OTHER
    case = recorded(people)
    told = lambda who: [row.url for row in firm_desk.rows(people[who], clock.now())]  # noqa: E731
    assert not told("firm") and not told("second")
    assert not EnterpriseRelation.objects.filter(workflow.readable(RELATION, people["firm"]))
    act(RELATION, case, "confirm", people["two"])
    assert len(told("firm")) == len(told("second")) == 1
    desk = DeskPage.of("", firm_desk.rows(people["firm"], clock.now()), clock.now())
    assert (len(desk.rows), desk.to_do) == (1, 0), "to be known, and nothing to do"
    assert told("other") == []
    assert EnterpriseRelation.objects.filter(workflow.readable(RELATION, people["firm"]))


def test_one_officer_alone_ends_no_relation(people):
    case = related(people)
    assert refused(act, RELATION, case, "end", people["two"]) == {"not_proposed"}
    yesterday = clock.today() - timedelta(days=1)
    said = {"last_day": yesterday, "source": "档案 2", "file_sha256": document(people["one"])}
    case = act(RELATION, case, "propose_end", people["one"], said)
    assert selectors.among(FIRM, [OTHER], clock.now()), "what one says ends nothing"
    assert refused(act, RELATION, case, "end", people["one"]) == {"same_proposer"}
    case = act(RELATION, case, "end", people["two"])
    assert (case.state, case.until, case.ending_source) == ("ended", yesterday, "档案 2")
    assert not selectors.among(FIRM, [OTHER], clock.now())


# Putting a relation right -------------------------------------------------------------------------


def proposed(people, case, who="one", code="propose_change", **changes):
    data = {
        "kind": "holding", "since": date(2024, 3, 1), "source": "登记机关更正通知 2025-3",
        "file_sha256": document(people[who]), "reason": "登记时看错了股东名册。", **changes,
    }  # fmt: skip
    if code != "propose_change":
        data = {name: data[name] for name in ("source", "file_sha256", "reason")}
    return act(RELATION, case, code, people[who], data)


def refused(call, *args, **named):
    with pytest.raises(Refused) as found:
        call(*args, **named)
    return codes(found)


def test_a_relation_is_put_right_by_two_officers_and_keeps_what_it_said(people):
    case = proposed(people, related(people))
    # Until another confirms it counts as it was recorded.
    assert [r.kind for r in selectors.among(FIRM, [OTHER], clock.now())] == ["same_head"]
    assert refused(act, RELATION, case, "confirm_change", people["one"]) == {"same_proposer"}
    assert refused(act, RELATION, case, "take_back", people["two"]) == {"not_proposed"}
    case = act(RELATION, case, "confirm_change", people["two"])
    assert (case.state, case.kind, case.since, case.proposed) == (
        "in_force", "holding", date(2024, 3, 1), "",
    )  # fmt: skip
    assert case.source == "登记机关更正通知 2025-3"
    assert [(r.kind, r.source) for r in selectors.to_parties(FIRM, OTHER, "", clock.now())] == [
        ("holding", case.source)
    ]
    (before,) = case.earlier
    assert (before["kind"], before["since"], before["source"]) == (
        "same_head", "2024-01-01", "登记机关档案 2024-1",
    )  # fmt: skip
    shown = [g.title for g in presenters.presenter_of(RELATION).facts(case, clock.now())]
    assert len(shown) == 2


def test_a_relation_that_never_was_is_taken_back_by_two_and_keeps_nobody_from_bidding(people):
    case = proposed(people, related(people), code="propose_taking_back")
    assert refused(act, RELATION, case, "confirm_change", people["two"]) == {"not_proposed"}
    assert selectors.among(FIRM, [OTHER], clock.now())
    case = act(RELATION, case, "take_back", people["two"])
    assert case.state == "taken_back" and case.ending_source == "登记机关更正通知 2025-3"
    assert not selectors.among(FIRM, [OTHER], clock.now())
    assert not selectors.to_parties(FIRM, OTHER, "", clock.now())
    # The two may be recorded again, by what is true of them.
    assert related(people).state == "in_force"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"file_sha256": "e" * 64}, {"unproven"}),
        ({"reason": " "}, {"missing"}),
        ({"kind": "friends"}, {"kind_unlisted"}),
        ({"since": date(2030, 1, 1)}, {"dated_ahead"}),
        ({"until": date(2023, 12, 31)}, {"backward"}),
        ({"kind": "same_head", "since": date(2024, 1, 1)}, {"unchanged"}),
    ],
)
def test_a_change_is_proposed_soundly_or_not_at_all(people, changes, expected):
    assert refused(proposed, people, related(people), **changes) == expected


def test_no_change_makes_of_two_records_one(people):
    related(people, kind="holding")
    assert refused(proposed, people, related(people)) == {"taken"}


def test_one_proposal_at_a_time_and_it_may_be_dropped(people):
    case = proposed(people, related(people))
    assert refused(proposed, people, case, "two") == {"proposed_already"}
    case = act(RELATION, case, "drop_proposal", people["two"], {"reason": "文书不足。"})
    assert (case.proposed, case.kind) == ("", "same_head")
    again = {"reason": "再撤。"}
    assert refused(act, RELATION, case, "drop_proposal", people["one"], again) == {"not_proposed"}


def test_the_desk_of_another_officer_shows_what_waits_to_be_confirmed(people):
    case = proposed(people, related(people))
    transition = RELATION.transition("confirm_change")
    assert transition.offered(case, people["two"])
    assert not transition.offered(case, people["one"])
    assert not RELATION.transition("take_back").offered(case, people["two"])


def test_the_public_page_shows_relations_of_public_registers_and_no_others(people, client):
    licence(people)
    licence(people, uscc=OTHER, name="示例控股公司", number="D323999999")
    related(people)
    page = f"/credit/enterprises/{FIRM}/"
    assert "登记机关档案 2024-1" not in client.get(page).content.decode()
    case = related(people, kind="holding", public=True, source="企业信用信息公示系统 2024-7")
    for one, other in ((FIRM, "示例控股公司"), (OTHER, "示例建筑公司")):
        shown = client.get(f"/credit/enterprises/{one}/").content.decode()
        assert "企业信用信息公示系统 2024-7" in shown and other in shown
        assert "登记机关档案 2024-1" not in shown
    case = proposed(people, case, code="propose_taking_back")
    act(RELATION, case, "take_back", people["two"])
    assert "企业信用信息公示系统 2024-7" not in client.get(page).content.decode()


def over(people, **changes):
    """One that two officers ended."""
    end = {"last_day": clock.today(), "source": "股权转让登记 2025-9"}
    end["file_sha256"] = document(people["one"])
    case = act(RELATION, related(people, **changes), "propose_end", people["one"], end)
    return act(RELATION, case, "end", people["two"])


def test_one_that_is_over_is_put_right_by_two_officers_and_keeps_what_it_said(people):
    case = over(people)
    last = date(2025, 6, 30)
    case = proposed(people, case, since=date(2024, 3, 1), until=last)
    assert refused(act, RELATION, case, "confirm_change", people["one"]) == {"same_proposer"}
    assert refused(act, RELATION, case, "reinstate", people["two"]) == {"not_proposed"}
    case = act(RELATION, case, "confirm_change", people["two"])
    assert (case.state, case.since, case.until) == ("ended", date(2024, 3, 1), last)
    (before,) = case.earlier
    assert before["since"] == "2024-01-01" and before["until"] == clock.today().isoformat()
    assert before["ending_source"] == "股权转让登记 2025-9"
    assert not selectors.among(FIRM, [OTHER], clock.now())
    case = proposed(people, case, code="propose_taking_back")
    case = act(RELATION, case, "take_back", people["two"])
    assert case.state == "taken_back" and len(case.earlier) == 2


def test_an_end_that_was_recorded_by_mistake_is_undone_by_two(people):
    case = over(people)
    tomorrow = clock.now() + timedelta(days=1)
    assert not selectors.among(FIRM, [OTHER], tomorrow)
    case = proposed(people, case, kind="same_head", since=date(2024, 1, 1), until=None)
    assert case.proposed == "reopen"
    assert refused(act, RELATION, case, "confirm_change", people["two"]) == {"not_proposed"}
    case = act(RELATION, case, "reinstate", people["two"])
    assert (case.state, case.until, case.ending_source) == ("in_force", None, "")
    assert case.earlier[0]["until"] == clock.today().isoformat()
    assert selectors.among(FIRM, [OTHER], tomorrow)


def test_one_that_is_over_stands_beside_a_later_one_and_is_not_let_stand_again_beside_it(people):
    case = over(people)
    related(people, since=clock.today())
    overlapping = {"kind": "same_head", "since": date(2024, 1, 1)}
    assert refused(proposed, people, case, **overlapping, until=None) == {"taken"}
    later = overlapping | {"since": date(2024, 2, 1), "until": clock.today()}
    assert refused(proposed, people, case, **later) == {"taken"}
    earlier = proposed(people, case, **overlapping, until=date(2025, 6, 30))
    assert act(RELATION, earlier, "confirm_change", people["two"]).until == date(2025, 6, 30)


def test_its_parties_are_told_by_name_with_their_codes(people):
    Enterprise.objects.create(uscc=OTHER, name="示例控股公司", entered_at=clock.now())
    shown = presenters.presenter_of(RELATION)
    parties = shown.parties(related(people), clock.now())
    assert [(one.name, one.uscc) for one in parties] == [
        (people["firm"].organisation_name, FIRM), ("示例控股公司", OTHER),
    ]  # fmt: skip
