"""What is committed is what the sources make, and says what it is made of."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from procurement.bidder import program_words, programs
from tests.procurement.bidder.web.driving import PROGRAMS

WEB = PROGRAMS.parent / "web"


def test_a_second_build_gives_the_committed_bytes(tmp_path):
    if not shutil.which("node") or not (WEB / "node_modules").is_dir():
        pytest.skip("no Node or no packages: npm ci in procurement/bidder/web")
    subprocess.run(["node", "build.mjs", tmp_path], cwd=WEB, check=True, capture_output=True)
    built = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(built) == {*programs.NAMES, "LICENSES.txt", "manifest.toml"}
    for name, content in built.items():
        assert content == (PROGRAMS / name).read_bytes(), name


def test_the_manifest_names_every_file_by_hash_and_every_package_by_licence():
    manifest = tomllib.loads((PROGRAMS / "manifest.toml").read_text("utf-8"))
    for row in manifest["file"]:
        content = (PROGRAMS / row["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row["sha256"], row["file"]
    texts = (PROGRAMS / "LICENSES.txt").read_text("utf-8")
    lock = json.loads((WEB / "package-lock.json").read_text("utf-8"))["packages"]
    locked = {
        (path.rpartition("node_modules/")[2], row["version"]): row["integrity"]
        for path, row in lock.items()
        if path
    }
    for row in manifest["bundled"]:
        assert f"{row['name']} {row['version']} ({row['licence']})" in texts
        assert row["licence"] in {"MIT", "BSD-3-Clause", "Apache-2.0"}
        assert locked[row["name"], row["version"]] == row["integrity"]


def test_no_committed_file_names_where_packages_come_from():
    lock = (WEB / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in lock
    assert "://" not in re.sub(r'"url": "[^"]*"', "", lock)


@pytest.mark.parametrize("name", programs.NAMES)
def test_a_program_forbids_everything_but_itself(name):
    file = programs.program(name)
    rules = dict(rule.split(" ", 1) for rule in file.policy.split("; "))
    assert rules["default-src"] == rules["connect-src"] == rules["form-action"] == "'none'"
    assert rules["worker-src"] == "blob:"
    assert "unsafe" not in file.policy
    text = file.content.decode("utf-8")
    script = re.search(r"<script>(.*)</script></body></html>$", text, re.DOTALL)
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert script and style
    for rule, found in (("script-src", script), ("style-src", style)):
        digest = hashlib.sha256(found[1].encode()).digest()
        assert rules[rule] == f"'sha256-{base64.b64encode(digest).decode()}'"
    assert not re.search(r'(?:src|href)="http', text)


def test_the_programs_refuse_in_the_words_of_the_command_line():
    assert Path(program_words.TARGET).read_text("utf-8") == program_words.words()
    words = json.loads(program_words.words())
    assert all(all(pair) for row in words.values() for pair in ([row["zh"][0]], [row["en"][0]]))
