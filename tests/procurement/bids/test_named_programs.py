"""Whoever takes a program from a lot's policy gets the one that its parties signed for."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from kernel import offline
from kernel.evidence.witnessing import asking
from procurement.bidder import programs
from procurement.bids import named_programs
from tests.procurement.bids.support import LOT

pytestmark = pytest.mark.django_db
NAMES = ("seal.html", "open.html", "zhuxin.pyz", "bidder.txt")


@pytest.fixture
def signed(world, django_capture_on_commit_callbacks):
    """A policy in force; what it names."""
    with django_capture_on_commit_callbacks(execute=True):
        return {each.name: each.sha256 for each in world.policy().programs}


@pytest.fixture
def released(signed, monkeypatch, tmp_path):
    """A release since: other programs everywhere. What the policy names."""
    folder = tmp_path / "release"
    folder.mkdir()
    for name in programs.NAMES:
        old = Path(programs.__file__).with_name(name).read_bytes()
        other = old.replace(b"connect-src 'none'", b"connect-src  'none'", 1)
        assert other != old
        (folder / name).write_bytes(other)
    made = offline.program()
    monkeypatch.setattr(programs, "__file__", str(folder / "__init__.py"))
    monkeypatch.setattr(offline, "program", lambda: made + b" ")
    programs.program.cache_clear()
    yield signed
    programs.program.cache_clear()


def taken(name, sha256):
    return Client().get(f"/bids/programs/{name}", {"sha256": sha256, "save": ""})


@pytest.mark.parametrize("name", ["seal.html", "open.html", "zhuxin.pyz"])
def test_after_a_release_a_policys_page_still_gives_what_was_signed_for(released, name):
    plain = Client().get(f"/bids/programs/{name}")
    assert hashlib.sha256(plain.content).hexdigest() != released[name]
    page = Client().get(f"/bids/policies/{LOT}/").content.decode()
    (link,) = re.findall(rf'href="(/bids/programs/{re.escape(name)}[^"]*)"', page)
    answer = Client().get(link.replace("&amp;", "&"))
    assert hashlib.sha256(answer.content).hexdigest() == released[name]
    assert "attachment" in answer["Content-Disposition"]
    assert answer["ETag"] == f'"{released[name]}"'


def test_a_page_of_an_earlier_release_runs_under_its_own_policy(released):
    answer = taken("seal.html", released["seal.html"])
    assert answer["Content-Security-Policy"].encode() in answer.content
    now = Client().get("/bids/programs/seal.html")
    assert now["Content-Security-Policy"] != answer["Content-Security-Policy"]


def test_every_program_of_a_policy_is_where_a_witness_looks(released):
    for name in NAMES:
        address = asking.places(name, released[name])[1]
        served = Client().get(address).content
        assert hashlib.sha256(served).hexdigest() == released[name]


def test_a_kept_program_that_was_altered_is_served_to_nobody(released):
    path = named_programs._path("zhuxin.pyz", released["zhuxin.pyz"])
    default_storage.delete(path)
    with default_storage.open(path, "wb") as file:
        file.write(b"another")
    assert taken("zhuxin.pyz", released["zhuxin.pyz"]).status_code == 404


@pytest.mark.parametrize(
    "sha256", ["0" * 64, "", "0", "../../files", "G" * 64, "%00", "0" * 65, "\N{DIGIT ONE}"]
)
def test_what_nobody_signed_for_is_not_there(released, sha256):
    for name in NAMES:
        answer = taken(name, sha256)
        assert answer.status_code == (200 if sha256 == "" else 404)
    # Not under another name either, and of no other file.
    assert taken("seal.html", released["zhuxin.pyz"]).status_code == 404
    assert taken("other.html", released["seal.html"]).status_code == 404


def test_what_cannot_be_kept_is_told_and_stops_nothing(signed, monkeypatch, caplog):
    def full(*_asked, **_more):
        raise OSError(28, "No space left on device")

    for name in NAMES:
        default_storage.delete(named_programs._path(name, signed[name]))
    with monkeypatch.context() as patch:
        patch.setattr(default_storage, "save", full)
        named_programs.keep()
    assert [each.levelname for each in caplog.records] == ["ERROR"] * len(NAMES)
    caplog.clear()
    for name in NAMES:
        assert taken(name, signed[name]).status_code == 200  # of this release


def test_nothing_is_kept_twice(signed):
    before = sorted(_kept())
    named_programs.keep()
    assert sorted(_kept()) == before
    assert len(before) == len(NAMES)


def _kept():
    folders, _files = default_storage.listdir("programs")
    return [(each, *default_storage.listdir(f"programs/{each}")[1]) for each in folders]
