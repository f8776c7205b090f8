"""What the pages under docs/ name is there: tests, files, links. A page that lies is a fault."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted((ROOT / "docs").rglob("*.md"))
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))

_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
_FILE = re.compile(r"`((?:kernel|procurement|config|tests|docs|requirements)/[\w./-]+)`")
_LINK = re.compile(r"\[[^\]]+\]\(([^)#:]+)(?:#[^)]*)?\)")
_COMMAND = re.compile(r"`?\./dev manage (\w+)")


def text(page: Path) -> str:
    """A page without its fenced blocks, which are output and not claims."""
    return re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)


def missing_tests(words: str) -> Iterator[str]:
    for path, name in _TEST.findall(words):
        file = ROOT / path
        if not file.is_file() or not re.search(rf"^\s*def {name}\(", file.read_text("utf-8"), re.M):
            yield f"{path}::{name}"


@each_page
def test_every_test_that_a_page_names_exists(page: Path) -> None:
    assert list(missing_tests(text(page))) == []


@each_page
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    assert [name for name in _FILE.findall(text(page)) if not (ROOT / name).exists()] == []


@each_page
def test_every_link_leads_to_a_file(page: Path) -> None:
    assert [to for to in _LINK.findall(text(page)) if not (page.parent / to).exists()] == []


@each_page
def test_every_command_that_a_page_names_is_one(page: Path) -> None:
    from django.core.management import get_commands

    assert set(_COMMAND.findall(text(page))) - set(get_commands()) == set()


def test_every_decision_stands_in_the_index() -> None:
    folder = ROOT / "docs" / "adr"
    decisions = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text()) == decisions
    assert [name[:4] for name in decisions] == [f"{n:04}" for n in range(1, len(decisions) + 1)]


def test_a_test_that_is_not_there_is_found() -> None:
    assert list(missing_tests("`tests/test_docs.py::test_that_nobody_wrote`")) == [
        "tests/test_docs.py::test_that_nobody_wrote"
    ]
