"""Relations between enterprises: from a document, with days, by an officer who is nobody's own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from credit.enterprises.relations import selectors
from credit.enterprises.relations.machine import RELATION
from kernel import clock
from kernel.errors import NotPermitted, Refused
from kernel.identifiers import uscc
from kernel.web import presenters
from tests.credit.conduct import samples
from tests.credit.enterprises.samples import act, document
from tests.credit.enterprises.samples import licence as samples_licence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
FIRM = samples.FIRM
OTHER = uscc.demonstration("230102", 77)


@pytest.fixture
def people():
    return samples.officers()


def related(people, who="one", **changes):
    data = {
        "uscc": FIRM, "other_uscc": OTHER, "kind": "same_head", "since": date(2024, 1, 1),
        "source": "登记机关档案 2024-1", "file_sha256": document(people[who]), **changes,
    }  # fmt: skip
    return act(RELATION, None, "record", people[who], data)


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
        act(RELATION, case, "end", people["one"], said)
    assert codes(refused) == {"unproven"}
    said["file_sha256"] = document(people["one"])
    with pytest.raises(Refused) as refused:
        act(RELATION, case, "end", people["one"], said | {"last_day": date(2023, 1, 1)})
    assert codes(refused) == {"backward"}
    case = act(RELATION, case, "end", people["one"], said)
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


def test_the_scan_that_a_guard_asks_for_is_not_called_optional():
    assert presenters.presenter_of(RELATION).fields["file_sha256"].needed


def test_two_of_another_province_are_the_keepers_to_relate(people):
    """Entered by another place's officer, they are that officer's."""
    first, second = uscc.demonstration("440300", 51), uscc.demonstration("440300", 52)
    pair = {"uscc": first, "other_uscc": second}
    samples_licence(people, "far", uscc=first, name="外省甲公司")
    samples_licence(people, "far", uscc=second, name="外省乙公司")
    with pytest.raises(Refused) as refused:
        related(people, **pair)
    assert codes(refused) == {"of_another_place"}
    related(people, "far", **pair)
