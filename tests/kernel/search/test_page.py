"""The search page and the API: what people see of a search, and of one that cannot be."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.test import Client

from kernel.search import selectors, whole
from kernel.search.kinds import Entry
from tests.kernel.search.conftest import START, Enter

pytestmark = pytest.mark.django_db


def page(client: Client, status: int = 200, language: str = "zh-hans", **asked: Any) -> str:
    client.cookies["django_language"] = language
    answer = client.get("/search/", asked)
    assert answer.status_code == status
    return answer.content.decode()


def test_a_row_has_its_kind_title_number_place_and_date(client: Client, enter: Enter) -> None:
    enter("示例（道）路工程", number="2511-01", region="230102")
    text = page(client, q="道路")
    assert "示例（<mark>道）路</mark>工程" in text
    for shown in ("公告", "2511-01", "道里区", "2026-11-01", "/things/1/"):
        assert shown in text


def test_a_hit_in_the_text_shows_its_surroundings(client: Client, enter: Enter) -> None:
    enter("示例工程", text="建设单位\n桥梁建设公司")
    assert "<mark>桥梁</mark>建设公司" in page(client, q="桥梁")


def test_what_was_entered_is_never_markup(client: Client, enter: Enter) -> None:
    enter("<script>道路</script>", text="<b>桥梁</b>", number="<i>")
    for asked in ("道路", "桥梁", '"><script>'):
        text = page(client, q=asked)
        assert "<script>道" not in text
        assert "<b>" not in text
        assert '"><script>' not in text


def test_kinds_are_counted_and_keep_the_words_in_their_address(
    client: Client, enter: Enter
) -> None:
    enter("道路一")
    enter("道路二", kind="award_notice")
    text = page(client, q="道路")
    assert f"?{urlencode({'q': '道路', 'kind': 'award_notice'})}".replace("&", "&amp;") in text
    only = page(client, q="道路", kind="award_notice")
    assert "<mark>道路</mark>二" in only
    assert "<mark>道路</mark>一" not in only


def test_the_next_page_goes_on_where_the_first_ended(client: Client, enter: Enter) -> None:
    for n in range(25):
        enter(f"道路{n}")
    after = selectors.find("道路", limit=20).next
    first = page(client, q="道路")
    assert f"before={after}" in first
    second = page(client, q="道路", before=after)
    assert "<mark>道路</mark>4</a>" in second
    assert "<mark>道路</mark>5</a>" not in second


def test_a_count_that_was_not_finished_says_so(
    client: Client, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "MOST", 2)
    for n in range(4):
        enter(f"道路{n}")
    assert "至少 <strong>2</strong> 条" in page(client, q="道路")


def test_nothing_found_says_what_helps(client: Client) -> None:
    assert "没有符合的公开信息" in page(client, q="道路")
    assert "还没有公开的信息" in page(client)


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "路"},
        {"q": "*"},
        {"q": "路" * 10_000},
        {"q": "道路", "kind": "' OR"},
        {"q": "道路", "region": "23'"},
        {"q": "道路", "before": "-1"},
        {"q": "道路", "before": "9" * 19},
        {"q": "道路", "before": "²"},
    ],
)
def test_what_cannot_be_asked_is_told_why_and_never_a_fault(
    client: Client, asked: dict[str, str]
) -> None:
    status = 404 if "kind" in asked or "before" in asked else 422
    assert 'role="alert"' in page(client, status, **asked)
    answer = client.get("/api/v1/search", asked)
    # What has not even the shape of a position is not asked whether there is such a page.
    assert answer.status_code in {status, 422}
    assert answer.json()["refusals"][0]["message"]


@pytest.mark.parametrize("text", ['道路" OR "', "道路\\0桥", "NEAR(道路, 5)", "道路' --", "%道路%"])
def test_hostile_words_are_words(client: Client, enter: Enter, text: str) -> None:
    enter("示例道路")
    assert client.get("/search/", {"q": text}).status_code == 200
    assert client.get("/api/v1/search", {"q": text}).status_code == 200


def test_a_nul_is_turned_away_at_the_door(client: Client) -> None:
    assert client.get("/search/", {"q": "道路\0"}).status_code == 400
    answer = client.get("/api/v1/search", {"q": "道路\0"})
    assert answer.status_code == 400
    assert answer.json()["refusals"][0]["code"] == "api.request.malformed"


def test_the_api_pages_by_position_and_counts_by_kind(client: Client, enter: Enter) -> None:
    for n in range(3):
        enter(f"道路{n}", kind="award_notice" if n else "notice")
    asked: dict[str, Any] = {"q": "道路", "limit": 2}
    first = client.get("/api/v1/search", asked).json()
    assert [item["title"] for item in first["items"]] == ["道路2", "道路1"]
    assert first["counts"] == {"notice": 1, "award_notice": 2}
    assert first["counted_all"]
    second = client.get("/api/v1/search", asked | {"before": first["next"]}).json()
    assert [item["key"] for item in second["items"]] == ["k1"]
    assert second["next"] is None


def test_the_box_stands_on_the_home_page_and_on_every_public_page(client: Client) -> None:
    assert client.get("/").content.count(b'action="/search/"') == 1
    assert client.get("/log/").content.count(b'action="/search/"') == 1


def test_the_index_is_made_anew_by_command(
    client: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from kernel.search import kinds

    kinds.register("work", "工程", lambda: [Entry("work", "w", "桥梁", "/w/", START)])
    call_command("search", "rebuild")
    assert "1  work" in capsys.readouterr().out
    assert "<mark>桥梁</mark>" in page(client, q="桥梁")


def test_a_number_is_offered_to_be_checked_as_a_document_s(client: Client) -> None:
    assert "/check/?number=%E7%A4%BA%E5%BB%BA2026-17" in page(client, q="示建2026-17")
    for words in ("道路", "路2026"):
        assert "/check/?number=" not in page(client, q=words)


def test_whole_numbers_are_looked_up_and_words_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(whole, "_finders", [lambda text: asked.append(text) or ()])
    for text in ("道路桥梁工程施工", "A-123", " A-1234 "):
        whole.named(text)
    assert asked == ["A-1234"]


def test_what_only_bears_the_number_is_counted_as_what_was_found(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    plate = Entry("notice", "m1", "示例塔机", "/machines/1/", START, "QZ-2026-0001")
    monkeypatch.setattr(whole, "_finders", [lambda number: [plate]])
    text = page(client, q="QZ-2026-0001")
    assert "编号相符的 <strong>1</strong> 条" in text
    assert "<strong>0</strong>" not in text and ">0<" not in text and "最新在前" not in text
    english = page(client, language="en", q="QZ-2026-0001")
    assert "<strong>1</strong> of this number" in english
