"""Somebody looks for something public: from the home page, by keys, on a phone, without script."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel import clock
from kernel.search import services
from kernel.search.kinds import Entry
from tests.e2e.browsing import CHROMIUM, DESK, PHONE
from tests.e2e.visitor import Arrive

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api")

LONG = "哈尔滨市道里区松花江沿岸（二期）道路、桥梁及综合管廊新建工程施工总承包第 3 标段"


@pytest.fixture
def _entered(committed: None) -> None:
    """Thirty projects on the register, of which the first has a long name."""
    now = clock.now()
    services.put_many(
        Entry(
            kind="project",
            key=str(n),
            title=LONG if n == 0 else f"松北区示例小学新建工程{n}号楼",
            number=f"23010226{n:08d}",
            url="/projects/",
            published_at=now - timedelta(days=n),
            region="230102",
            text=f"2611-230102-04-01-{n:06d}\n示例城乡建设投资有限公司",
        )
        for n in range(30)
    )


@pytest.mark.parametrize(
    ("language", "size"),
    [("zh-hans", DESK), ("zh-hans", PHONE), ("en", DESK), ("en", PHONE)],
    ids=["desk-chinese", "phone-chinese", "desk-english", "phone-english"],
)
def test_a_stranger_finds_a_project_by_a_part_of_its_name(
    arrive: Arrive, _entered: None, language: str, size: dict[str, int]
) -> None:
    stranger = arrive(
        f"search-{language}", language, viewport=size, java_script_enabled=size is DESK
    )
    page = stranger.page
    look = stranger.look if size is DESK else lambda _title: None
    page.goto("/")
    look("home")
    page.fill("#home-q", "沿岸 综合")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("tbody tr").count() == 1
    assert page.locator("mark").all_inner_texts() == ["沿岸", "综合"]
    look("one")
    page.fill("#search-q", "新建工程")
    page.select_option("#search-region", "230100")
    stranger.submit("main form")
    assert page.locator("tbody tr").count() == 20
    look("many")
    with page.expect_navigation():
        page.click("a[rel=next]")
    assert page.locator("tbody tr").count() == 10
    assert page.input_value("#search-q") == "新建工程"
    assert page.input_value("#search-region") == "230100"
    page.fill("#search-q", "城乡建设投资")
    stranger.submit("main form")
    assert page.locator(".zx-excerpt mark").count() == 20
    look("excerpts")
    page.fill("#search-q", "没有的东西")
    stranger.submit("main form")
    assert page.locator(".zx-empty").is_visible()
    look("nothing")
    page.fill("#search-q", "路")
    with stranger.refused(422):
        stranger.submit("main form")
    assert page.locator("[role=alert]").is_visible()
    look("refused")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_state_of_the_page_holds_on_each_size(
    arrive: Arrive, _entered: None, language: str, size: dict[str, int]
) -> None:
    stranger = arrive(f"states-{language}", language, viewport=size)
    addresses = {
        "home": "/",
        "all": "/search/",
        "one": "/search/?q=沿岸",
        "many": "/search/?q=工程&region=230100",
        "number": "/search/?q=2611-2301",
        "nothing": "/search/?q=没有的东西",
        "box-elsewhere": "/log/",
    }
    for title, address in addresses.items():
        stranger.page.goto(address)
        stranger.look(title)
    with stranger.refused(422):
        stranger.page.goto("/search/?q=路")
    stranger.look("refused")
    stranger.page.goto("/log/")
    stranger.page.fill(".zx-top-search input", "沿岸")
    with stranger.page.expect_navigation():
        stranger.page.keyboard.press("Enter")
    assert stranger.page.locator("tbody tr").count() == 1
