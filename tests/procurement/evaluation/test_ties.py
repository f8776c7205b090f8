"""Where two bids have one total, everybody is told which rule put one before the other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kernel import clock
from kernel.documents.forms import CaseRef
from kernel.parties.models import User
from kernel.workflow.guarding import firing
from procurement.evaluation import report, ties
from procurement.evaluation.machine import EVALUATION
from procurement.evaluation.models import Evaluation
from tests.procurement.evaluation.samples import NUMBER, Walk

pytestmark = pytest.mark.django_db
RULE = "排序规则：得分相同的，报价低者在前"


def row(rank: int, total: int, price_fen: int = 100, technical: int = 50) -> dict[str, Any]:
    return {"rank": rank, "total": total, "price_fen": price_fen, "technical_points": technical}


def test_each_tie_is_known_with_the_rule_that_broke_it() -> None:
    ranking = [
        row(1, 95), row(2, 90, 99), row(3, 90, 100, 60), row(4, 90, 100, 50), row(5, 90, 100, 50),
        row(6, 89, 100, 50),
    ]  # fmt: skip
    found = [(tie.rank, tie.next_rank, tie.rule) for tie in ties.broken(ranking)]
    assert found == [(2, 3, ties.PRICE), (3, 4, ties.TECHNICAL), (4, 5, ties.LOT)]


def test_without_two_equal_totals_nothing_is_said() -> None:
    assert ties.told([row(1, 95), row(2, 90)], "230102", clock.now()) == []


@pytest.fixture
def equal(walk: Walk) -> Walk:
    """Three bids that are alike in everything."""
    walk.open().draw()
    walk.market.open(*[100_00] * 3)
    opened = walk.market.opened
    assert opened is not None
    alike = tuple(replace(bid, credit=80_00) for bid in opened.bids)
    walk.market.opened = replace(opened, bids=alike)
    return walk.check_in().lead().vote(0).score().summarise()


def test_the_report_says_what_put_one_of_two_equal_bids_before_the_other(equal: Walk) -> None:
    made = report.build(CaseRef(EVALUATION.code, str(equal.pk)))
    said = [note for note in made["notes"] if "总分同为" in note]
    assert len(said) == 2
    assert said[0].startswith("第 1 名和第 2 名总分同为 ")
    assert all("抽取号" in one for one in said)
    # What the order rests on is said once, and once that it is the platform's own default.
    assert sum(RULE in note for note in made["notes"]) == 1
    assert sum(note.count("平台默认") for note in made["notes"]) == 1


def test_so_do_the_page_of_the_result_and_the_members_own(equal: Walk, client: Any) -> None:
    client.force_login(User.objects.get(person=equal.members()[0].person_id))
    session = client.get(f"/evaluations/{equal.pk}/session/").content.decode()
    assert "第 1 名和第 2 名总分同为 " in session and session.count(RULE) == 1
    client.logout()
    with firing():
        Evaluation.objects.filter(pk=equal.pk).update(state="reported")
    equal.market.terms = replace(equal.market.terms, publicised=True)
    public = client.get(f"/evaluations/results/{NUMBER}/").content.decode()
    assert (
        "第 2 名和第 3 名总分同为 " in public
        and public.count(RULE) == 1
        and public.count("平台默认") == 1
    )
