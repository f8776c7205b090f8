"""What is entered is found by every part of it, on both databases, and nothing else is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kernel.errors import Refused
from kernel.search import index, kinds, selectors, services
from kernel.search.bigrams import fold, runs
from kernel.search.kinds import Entry
from kernel.search.models import SearchEntry
from tests.kernel.search.conftest import START, Enter

pytestmark = pytest.mark.django_db

# Few letters, so that texts share parts; some beyond the first plane, wide, combining, empty.
_TEXTS = st.text(alphabet="道路桥梁哈尔滨AbＡ12－-（） 𬭊𠮷éé\u0301\n", min_size=2, max_size=24)


def titles(text: str, **asked: object) -> list[str]:
    return [hit.title for hit in selectors.find(text, **asked).hits]  # type: ignore[arg-type]


@hypothesis_settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.lists(_TEXTS, min_size=1, max_size=5), st.data())
def test_every_part_of_two_characters_or_more_finds_its_text_and_nothing_else_does(
    texts: list[str], data: st.DataObject
) -> None:
    with transaction.atomic():
        services.put_many(
            Entry("notice", str(n), text, f"/{n}/", START) for n, text in enumerate(texts)
        )
        line = data.draw(st.sampled_from([li for t in texts for li in t.splitlines()] or [""]))
        start = data.draw(st.integers(0, max(len(line) - 2, 0)))
        part = line[start : data.draw(st.integers(start, len(line)))]
        if len(fold(part)) >= 2:
            found = selectors.find(part)
            words = found.words
            holding = [t for t in texts if all(any(w in run for run in runs(t)) for w in words)]
            assert sorted(hit.title for hit in found.hits) == sorted(holding)
            assert any(line in text.splitlines() for text in holding)
            assert selectors.count(part).by_kind == {"notice": len(holding), "award_notice": 0}
        transaction.set_rollback(True)


def test_a_number_is_found_by_its_beginning_its_middle_and_without_hyphens(enter: Enter) -> None:
    enter("某工程", number="2511-230102-04-01-000001")
    for part in ("2511", "25", "0102-04", "01020401", "000001"):
        assert titles(part) == ["某工程"], part
    assert titles("25110") == []


def test_pairs_in_another_order_are_no_hit(enter: Enter) -> None:
    enter("道路桥道梁路桥")
    assert titles("道路桥") == ["道路桥道梁路桥"]
    assert titles("路桥道路") == []


def test_no_hit_runs_from_the_title_into_the_text(enter: Enter) -> None:
    enter("示例道路", text="桥梁工程")
    assert titles("路桥") == []
    assert titles("道路 桥梁") == ["示例道路"]


def test_the_newest_comes_first_and_the_rest_follows_in_order(enter: Enter) -> None:
    for n in range(5):
        enter(f"道路{n}", published_at=START - timedelta(days=n % 3))
    first = selectors.find("道路", limit=2)
    second = selectors.find("道路", limit=2, before=first.next)
    third = selectors.find("道路", limit=2, before=second.next)
    assert [h.title for f in (first, second, third) for h in f.hits] == [
        "道路3", "道路0", "道路4", "道路1", "道路2",
    ]  # fmt: skip
    assert third.next is None


def test_kind_and_region_narrow_and_a_city_holds_its_districts(enter: Enter) -> None:
    enter("道路一", region="230102")
    enter("道路二", region="230600", kind="award_notice")
    assert titles("道路", kinds=["award_notice"]) == ["道路二"]
    assert titles("道路", kinds=["notice", "award_notice"]) == ["道路二", "道路一"]
    assert titles("道路", region="230100") == ["道路一"]
    assert titles("道路", region="230000") == ["道路二", "道路一"]
    assert titles("", kinds=["notice"]) == ["道路一"]
    assert titles("") == ["道路二", "道路一"]
    assert selectors.count("道路", region="230100").by_kind == {"notice": 1, "award_notice": 0}


def test_an_entry_that_changes_is_found_by_its_new_words_only(enter: Enter) -> None:
    enter("旧的名称", key="one")
    enter("新的名字", key="one")
    assert titles("旧的") == []
    assert titles("新的") == ["新的名字"]
    assert SearchEntry.objects.count() == 1


def test_what_is_removed_is_found_no_more(enter: Enter) -> None:
    enter("道路一", key="one")
    assert services.remove("notice", "one")
    assert not services.remove("notice", "one")
    assert titles("道路") == []
    assert selectors.count("道路").total == 0


def test_what_is_rolled_back_was_never_entered(enter: Enter) -> None:
    enter("道路一", key="one")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enter("桥梁一", key="one")
        raise ZeroDivisionError
    assert titles("道路") == ["道路一"]
    assert titles("桥梁") == []


def test_counting_stops_at_its_bound(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "MOST", 3)
    for n in range(5):
        enter(f"道路{n}")
    counted = selectors.count("道路")
    assert (counted.total, counted.complete) == (3, False)
    enter("桥梁")
    assert selectors.count("桥梁").complete


def test_a_rare_word_is_found_behind_many_newer_things(enter: Enter) -> None:
    enter("罕见桥梁")
    services.put_many(
        Entry("notice", f"n{n}", f"道路{n}", "/", START + timedelta(days=1)) for n in range(600)
    )
    enter("罕见隧道", published_at=START + timedelta(days=2))
    found = selectors.find("罕见", limit=1)
    assert [hit.title for hit in found.hits] == ["罕见隧道"]
    assert [hit.title for hit in selectors.find("罕见", before=found.next).hits] == ["罕见桥梁"]


def test_a_rebuild_enters_what_the_kinds_say_and_nothing_else(enter: Enter) -> None:
    enter("道路一")
    kinds.register("work", "工程", lambda: [Entry("work", "w", "桥梁二", "/w/", START)])
    assert services.rebuild() == {"notice": 0, "award_notice": 0, "work": 1}
    assert titles("道路") == []
    assert titles("桥梁") == ["桥梁二"]
    services.remove("work", "w")
    assert titles("桥梁") == []


def test_a_kind_that_nobody_registered_is_not_entered() -> None:
    with pytest.raises(ValueError, match="no kind"):
        services.put(Entry("ghost", "1", "道路", "/", START))


@pytest.mark.parametrize(
    "text",
    [
        '" OR "',
        '道路" OR "桥梁',
        "NEAR(道路 桥)",
        "道路*",
        "grams:道路",
        "'道路' | '桥梁'",
        "道路:*",
        "道路\0",
        "\0\0",
        "%%",
        "__",
        "\\",
        "道\ud800路",
        "\ue000notice",
    ],
)
def test_signs_of_a_query_language_are_no_language(enter: Enter, text: str) -> None:
    enter("示例道路工程")
    try:
        found = titles(text)
    except Refused as refused:
        assert refused.refusals[0].code == "search.query.too_short"
    else:
        assert found == (["示例道路工程"] if fold(text) == "道路" else [])


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"text": "路"}, "search.query.too_short"),
        ({"text": "？！"}, "search.query.too_short"),
        ({"text": "路" * 10_000}, "search.query.too_long"),
        ({"text": "道路", "kinds": ["x' OR"]}, "search.kind.unknown"),
        ({"text": "道路", "region": "2301'"}, "search.region.unknown"),
        ({"text": "道路", "before": 2**64}, "search.before.unknown"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_code(asked: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        selectors.find(**asked)
    assert [r.code for r in refused.value.refusals] == [code]


def test_the_index_goes_and_comes_with_its_migration() -> None:
    index.uninstall(connection)
    index.install(connection)
    services.put(Entry("notice", "1", "道路", "/", START))
    assert titles("道路") == ["道路"]
