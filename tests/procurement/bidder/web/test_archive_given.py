"""What the platform's page gives of its archive: two files of this bidder, beside its own."""

from __future__ import annotations

import json

import pytest

from tests.kernel.sealing.bids.support import BIDDERS
from tests.procurement.bidder.web.conftest import GIVEN, PIN, keyfile, policy_answer, prepared

NAMES = "[data-envelope=qualification] td.code"
OWN, OTHER = BIDDERS[0], BIDDERS[1]


def archive(uscc, **more):
    facts = json.dumps({"facts": {"enterprise": {"uscc": uscc}}})
    rows = [
        {"name": "archive.html", "text": "<p>档案</p>"},
        {"name": "archive.json", "text": facts},
    ]
    return [*rows, *({"name": name, "text": text} for name, text in more.items())]


def names(program):
    return program.page.locator(NAMES).all_inner_texts()


def test_the_archive_of_the_bidder_is_put_in_and_may_be_removed(child, stage):
    child.give(archive(OWN))
    child.accept_policy()
    child.open_key(keyfile(stage, OWN), PIN)
    assert names(child) == ["archive.html", "archive.json"]
    assert child.part("files-archive").is_visible()
    child.page.locator("[data-envelope=qualification] button").first.click()
    assert names(child) == ["archive.json"]


@pytest.mark.parametrize(
    "files",
    [
        archive(OTHER),
        archive(OWN)[:1],
        [
            {"name": "archive.html", "text": "<p>"},
            {"name": "archive.json", "text": "<!doctype html>"},
        ],
        [{"name": "投标函/已签章.txt", "text": "x"}],
        "archive.json",
        [None, 5],
    ],
    ids=["another's", "one of two", "a log-in page", "other names", "no list", "no rows"],
)
def test_what_is_not_this_bidders_archive_is_not_put_in(child, stage, files):
    child.give(files)
    child.accept_policy()
    child.open_key(keyfile(stage, OWN), PIN)
    assert names(child) == []
    assert not child.part("files-archive").is_visible()


def test_no_other_file_comes_with_it_and_none_that_was_chosen_is_changed(child, stage):
    child.give([])
    prepared(child, stage, policy=GIVEN)
    before = names(child)
    child.give(archive(OWN, **{before[0]: "不是我写的", "投标函/已签章.txt": "x"}))
    child.accept_policy()
    assert sorted(names(child)) == sorted(["archive.html", "archive.json", *before])
    sizes = child.page.locator("[data-envelope=qualification] tr", has_text=before[0])
    assert "12 B" in sizes.inner_text()


def test_it_goes_with_the_policy_that_it_came_with(child, stage):
    child.give(archive(OWN))
    child.accept_policy()
    child.load_policy(policy_answer(stage))
    child.open_key(keyfile(stage, OTHER), PIN)
    assert names(child) == []
    assert not child.part("files-archive").is_visible()
