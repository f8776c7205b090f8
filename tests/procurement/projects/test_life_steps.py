"""What happened in a project is folded by month, and asked for by kind or case in the address."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils.safestring import SafeString

from kernel.access.actors import Actor
from kernel.workflow.models import Act
from procurement.projects import life_steps
from tests.procurement.projects.test_life import client_of
from tests.procurement.securities.test_securities import issue
from tests.procurement.tendering import samples as tendering

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(september: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, Actor]:
    tendering.answered(monkeypatch)
    return tendering.market()


def _lot_with_history(market: dict[str, Actor]) -> Any:
    lot = tendering.published(market)
    for number in range(3):
        issue(market, lot, number=f"保函-{number}")
    return lot


def _happened(response: Any) -> str:
    """What the page tells of what happened."""
    page: str = response.content.decode()
    return page.partition('id="timeline-title"')[2].partition("</section>")[0]


def test_a_life_is_folded_by_month_and_only_its_last_month_is_open(
    market: dict[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(life_steps, "SHORT", 0)
    lot, client = _lot_with_history(market), client_of("owner")
    Act.objects.filter(machine="procurement.project").update(at="2025-07-15T00:00:00Z")
    url = f"/projects/{lot.project_number}/life/"
    page = _happened(client.get(url))
    folds = re.findall(
        r"<details class=\"zx-fold\"( open)?>.*?<ol [^>]*id=\"(m-[\d-]+)\"", page, re.S
    )
    assert len(folds) > 1 and folds[0] == ("", "m-2025-07")
    assert [opened for opened, _key in folds] == [""] * (len(folds) - 1) + [" open"]
    assert all(f'href="#{key}"' in page for _opened, key in folds)
    # What is folded is on the page all the same, and an address shows it open.
    steps, whole = page.count("zx-step-done"), _happened(client.get(f"{url}?months=all"))
    assert whole.count("zx-step-done") == steps
    assert whole.count('<details class="zx-fold" open>') == len(folds)


def test_a_short_life_stands_open_in_all_its_months(market: dict[str, Actor]) -> None:
    lot = _lot_with_history(market)
    Act.objects.filter(machine="procurement.project").update(at="2025-07-15T00:00:00Z")
    page = client_of("owner").get(f"/projects/{lot.project_number}/life/").content.decode()
    assert page.count('<details class="zx-fold" open>') == page.count("zx-fold") > 1


def test_a_step_belongs_to_its_legal_month() -> None:
    """The last evening of a month in UTC is the first morning of the next by legal time."""
    case = life_steps.CaseLine("m:1", "种类", "号", "/", SafeString(""), SafeString(""))
    late = datetime(2026, 8, 31, 17, tzinfo=UTC)
    (month,) = life_steps.months([life_steps.Step(late, SafeString(""), case)], False)
    assert month.key == "m-2026-09"


def test_a_life_is_asked_for_one_kind_or_one_case_by_its_address(market: dict[str, Actor]) -> None:
    lot, client = _lot_with_history(market), client_of("owner")
    url = f"/projects/{lot.project_number}/life/"

    def steps(query: str) -> tuple[int, str]:
        done = _happened(client.get(url + query))
        return done.count("zx-step-done"), done

    every, page = steps("")
    of_kind, page_of_kind = steps("?kind=procurement.tender")
    of_case, page_of_case = steps(f"?case=procurement.tender:{lot.pk}")
    assert 0 < of_case == of_kind < every
    assert "/cases/procurement.project/" in page
    assert "/cases/procurement.project/" not in page_of_kind
    assert '<option value="procurement.tender" selected>' in page_of_kind
    assert f'<option value="procurement.tender:{lot.pk}" selected>' in page_of_case
    nothing, said = steps("?case=procurement.tender:999999")
    assert nothing == 0 and "没有符合筛选条件的记录" in said
    # Each case leads to what happened to it alone; what comes next is told whatever is asked.
    whole = client.get(url).content.decode()
    assert f"?case=procurement.tender%3A{lot.pk}#timeline-title" in whole
    asked = client.get(f"{url}?kind=procurement.project").content.decode()
    aside = ('id="next-title"', "</aside>")
    assert len({p.partition(aside[0])[2].partition(aside[1])[0] for p in (whole, asked)}) == 1


def test_cases_that_the_reader_may_not_read_are_no_choice(market: dict[str, Actor]) -> None:
    lot = _lot_with_history(market)
    page = client_of("owner").get(f"/projects/{lot.project_number}/life/").content.decode()
    assert 'value="procurement.security' not in page
