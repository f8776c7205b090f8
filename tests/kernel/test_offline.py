"""The file that a stranger takes away works with nothing of ours beside it."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from kernel import offline
from tests.kernel.access.test_table import _covered  # noqa: F401
from tests.procurement.projects.samples import registered

pytestmark = pytest.mark.django_db


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """In an empty folder, without the tree on the path."""
    command = [sys.executable, "-I", "zhuxin.pyz", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_stranger_verifies_an_entry_with_three_downloads(people, _covered, tmp_path):  # noqa: F811
    registered(people["clerk"], people["officer"])
    _covered()
    for name, url in (
        ("zhuxin.pyz", "/log/zhuxin.pyz"),
        ("proof.json", "/log/2/proof.json"),
        ("anchors.json", "/log/anchors.json"),
    ):
        (tmp_path / name).write_bytes(Client().get(url).content)
    good = run(tmp_path, "verify", "proof.json", "--trust", "anchors.json", "--lang", "en")
    assert good.returncode == 0, good.stderr
    changed = json.loads((tmp_path / "proof.json").read_text())
    changed["entries"][0]["entry"]["body"]["to"] = "draft"
    text = json.dumps(changed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    (tmp_path / "proof.json").write_text(text)
    assert run(tmp_path, "verify", "proof.json", "--trust", "anchors.json").returncode == 1


def test_a_reader_that_goes_away_ends_it_without_a_traceback(people, _covered, tmp_path):  # noqa: F811
    registered(people["clerk"], people["officer"])
    _covered()
    for name, url in (("zhuxin.pyz", "/log/zhuxin.pyz"), ("proof.json", "/log/2/proof.json")):
        (tmp_path / name).write_bytes(Client().get(url).content)
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-I", "zhuxin.pyz", "verify", "proof.json"]
    told = subprocess.run(
        command, cwd=tmp_path, stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)
    assert "Traceback" not in told.stderr and "BrokenPipe" not in told.stderr, told.stderr
    assert told.returncode == 141  # neither that it holds nor that it does not


def test_the_page_tells_the_hash_of_the_program_and_of_the_key(people, _covered, client):  # noqa: F811
    registered(people["clerk"], people["officer"])
    _covered()
    page = client.get("/log/").content.decode()
    assert hashlib.sha256(offline.program()).hexdigest()[:8] in page
    anchors = client.get("/log/anchors.json").json()
    assert anchors["logs"][0]["log"][:8] in page


def test_without_a_command_it_says_what_it_can(tmp_path):
    (tmp_path / "zhuxin.pyz").write_bytes(offline.program())
    assert run(tmp_path).returncode == 64
    assert run(tmp_path, "sign", "--help").returncode == 0


def test_a_missing_package_is_named_without_a_traceback(tmp_path):
    (tmp_path / "zhuxin.pyz").write_bytes(offline.program())
    command = [sys.executable, "-I", "-S", "zhuxin.pyz", "verify", "proof.json"]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert told.returncode == 64
    assert "Traceback" not in told.stderr
    assert "pip install" in told.stderr
