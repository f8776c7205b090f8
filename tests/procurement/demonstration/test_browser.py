"""The play's bid that is made at the page: where there is a browser; elsewhere it is said."""

from __future__ import annotations

import importlib.util
import io
import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from procurement.demonstration import browser
from procurement.demonstration.play import Play, Step
from procurement.demonstration.telling import Told
from tests import played

AT = datetime(2025, 9, 20, tzinfo=UTC)
ROOT = Path(__file__).parents[3]


@pytest.fixture
def bare(monkeypatch):
    """A machine on which nothing is found."""
    monkeypatch.delenv("ZHUXIN_CHROMIUM", raising=False)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: object())
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    return monkeypatch


def test_the_play_needs_no_playwright_to_be_imported():
    script = (
        "import django, sys; django.setup(); from procurement.demonstration import life;"
        "print([name for name in sys.modules if name.startswith('playwright')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"},
    )  # fmt: skip
    assert done.stdout.strip() == "[]"


def test_a_bare_machine_has_no_browser(bare):
    assert browser.chromium() == ""
    bare.setattr(shutil, "which", lambda name: f"/usr/bin/{name}" if name == "chromium" else None)
    assert browser.chromium() == "/usr/bin/chromium"
    bare.setattr(shutil, "which", lambda name: f"/found/{name}")
    bare.setenv("ZHUXIN_CHROMIUM", "my-chromium")
    assert browser.chromium() == "/found/my-chromium"
    bare.setattr(importlib.util, "find_spec", lambda _name: None)
    assert browser.chromium() == ""


def told(steps, *, as_json):
    out = io.StringIO()
    p, telling = Play({}, ""), Told(out, as_json=as_json)
    for step in [Step("bids", "begin", AT, {}), *steps]:
        p.steps.append(step)
        telling.step(step)
    telling.failed(p, RuntimeError("as far as this"))
    return out.getvalue()


def sealed(who, by):
    return Step("bids", "sealed", AT, {"who": who, "lot": "1", "bid": "bid", "by": by})


def test_it_is_told_which_bids_were_made_at_the_page():
    steps = [sealed("bidder1", "command line"), sealed("bidder4", browser.PROGRAM)]
    said = told(steps, as_json=False)
    assert "bidder4 在 Chromium 中用 seal.html 封装" in said
    assert "bidder1" not in said
    rows = json.loads(told(steps, as_json=True))["sealed_bids"]
    assert {row["who"]: row["by"] for row in rows} == {
        "bidder1": "command line", "bidder4": "seal.html",
    }  # fmt: skip


def test_a_play_that_had_a_browser_and_did_not_use_it_is_a_fault():
    step = Step("bids", "no browser", AT, {"instead_of": "bidder4", "why": "it does not start"})
    tool, page = sealed("bidder1", played.TOOL), sealed("bidder4", browser.PROGRAM)
    for steps, chromium, found in (
        ([tool, page], "/usr/bin/chromium", []),
        ([tool, step], "", []),
        ([tool, step], "/usr/bin/chromium",
         ["no bid was sealed by seal.html", "it does not start"]),
        ([page], "/usr/bin/chromium", ["no bid was sealed by command line"]),
    ):  # fmt: skip
        assert played.faults(json.loads(told(steps, as_json=True)), chromium) == found


def test_a_play_that_left_a_stage_out_is_a_fault():
    def course(*stages):
        return {"stages": [{"stage": each} for each in stages]}

    first, *rest = played.STAGES
    assert played.missed(course(*played.STAGES)) == []
    # A stage may come again; what counts is when it first does.
    assert played.missed(course(*played.STAGES, first)) == []
    assert played.missed(course(*rest)) == [f"{first} was not reached"]
    assert played.missed(course(*played.STAGES, "other")) == ["other is not listed here"]
    assert "in the order" in played.missed(course(*rest, first))[0]


def test_what_a_play_told_is_read_by_a_process_of_its_own(tmp_path):
    file = tmp_path / "told.json"
    rows = [{"by": played.TOOL}, {"by": browser.PROGRAM}]
    for made, status in ((rows, 0), ([], 1)):
        stages = [{"stage": each} for each in played.STAGES]
        whole = {
            "passed": True, "sealed_bids": made, "steps": [], "stages": stages, "seconds": 99.0,
        }  # fmt: skip
        file.write_text(json.dumps(whole))
        done = subprocess.run(
            [sys.executable, "-m", "tests.played", str(file)], capture_output=True, text=True,
            cwd=ROOT, env={k: v for k, v in os.environ.items() if not k.startswith("DJANGO_")},
            check=False,
        )  # fmt: skip
        assert done.returncode == status, done.stderr
        assert "sealed bids: " in done.stdout


def test_it_is_told_that_no_bid_could_be_made_at_the_page():
    step = Step("bids", "no browser", AT, {"instead_of": "bidder4", "why": "no Chromium"})
    assert "no browser, every bid by the command line: no Chromium" in told([step], as_json=False)
