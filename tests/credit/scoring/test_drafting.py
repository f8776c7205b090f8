"""A draft is the text that it was, but for what was changed; and what was changed is in it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import credit.scoring
from credit.scoring import drafting, studies

FOLDER = Path(credit.scoring.__file__).parent / "schemes"
TEXTS = [path.read_text("utf-8") for path in sorted(FOLDER.glob("*/scheme.toml"))]
WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_changed_is_nothing_changed(text):
    same = {key: dict(row) for key, row in drafting.rows(text).items()}
    told = {
        key: {n: v for n, v in row.items() if type(v) in (int, str)} for key, row in same.items()
    }
    found = drafting.edited(text, header={}, changes=told)
    assert tomllib.loads(found) == tomllib.loads(text)
    assert [line for line in found.split("\n") if line] == [
        line for line in text.split("\n") if line
    ]


@given(st.data())
def test_what_is_changed_is_in_it_and_all_else_as_it_was(data):
    text = data.draw(st.sampled_from(TEXTS))
    rows = drafting.rows(text)
    keys = data.draw(st.lists(st.sampled_from(sorted(rows)), unique=True, max_size=4))
    gone = set(data.draw(st.lists(st.sampled_from(sorted(rows)), unique=True, max_size=2)))
    changes = {
        key: {
            "value" if "value" in rows[key] else "points": data.draw(st.integers(-9999, 9999)),
            "article": data.draw(WORDS),
        }
        for key in keys
    }
    added = {"key": "item.new_one", "points": -5, "label_zh": data.draw(WORDS)}
    found = drafting.edited(
        text, header={"version": "2030.1", "valid_from": "2030-01-01"}, changes=changes, gone=gone,
        added=[added],
    )  # fmt: skip
    wanted = {key: row | changes.get(key, {}) for key, row in rows.items() if key not in gone}
    new = drafting.rows(found).pop("item.new_one")
    assert new["label"] == {"zh": added["label_zh"], "en": added["label_zh"]}
    assert {k: v for k, v in drafting.rows(found).items() if k != "item.new_one"} == wanted
    assert str(tomllib.loads(found)["rule_set"]["valid_from"]) == "2030-01-01"
    untouched = [each for each in drafting.blocks(text)[1:] if not _is_of(each, {*keys, *gone})]
    assert all(each.strip() in found for each in untouched)


def _is_of(block, keys):
    return tomllib.loads(block)["row"][0]["key"] in keys


@pytest.mark.parametrize("text", TEXTS)
def test_every_scheme_that_we_hold_stays_one_when_its_base_is_another(text):
    found = drafting.edited(text, header={}, changes={"base": {"value": 5432}})
    assert studies.drafted(found).base == 5432


def test_a_draft_is_read_once_however_often_its_header_and_rows_are_asked_for(monkeypatch):
    text, read = TEXTS[0] + "\n# read once\n", []
    loads = tomllib.loads
    with monkeypatch.context() as patched:
        patched.setattr(drafting.tomllib, "loads", lambda said: read.append(said) or loads(said))
        _ask_often(text)
    assert read == [text]
    assert drafting.header(text) == loads(text)["rule_set"]
    assert drafting.rows(text)["base"]["value"] == studies.drafted(text).base


def _ask_often(text):
    for _again in range(4):
        drafting.header(text)["version"] = "changed by who asked"
        drafting.rows(text)["base"]["value"] = 0
