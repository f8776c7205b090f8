"""Which refusals the tests provoke: the codes that have words, and the codes that tests name.

Read from the text of both, never by running them: a test that names a code waits for it.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"
# The play asserts what it is refused, as tests do, and a test plays it.
PLAY = ROOT / "procurement" / "demonstration"
_CODE = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+")
_TAIL = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)*")


def _texts(path: Path) -> Iterator[str]:
    """Every string of a Python file, the pieces of f-strings too; not what explains it.

    A piece before a value, as in ``f"need_{name}"``, is told with the brace that follows it.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    explained = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in explained:
                yield node.value
        elif isinstance(node, ast.JoinedStr):
            for piece, value in pairwise(node.values):
                if isinstance(piece, ast.Constant) and isinstance(value, ast.FormattedValue):
                    yield f"{piece.value}{{"


@cache
def _test_texts() -> dict[Path, frozenset[str]]:
    """The strings of every test file; lists of names that a test splits are told apart."""
    return {
        path: frozenset(
            part for text in _texts(path) for part in (text, *text.split()) if len(text) < 2000
        )
        for path in sorted([*TESTS.rglob("*.py"), *PLAY.rglob("*.py")])
        if path.name not in ("provoked.py", "test_refusals.py") or path.parent.name != "contracts"
    }


def homes(codes: Iterable[str]) -> dict[str, set[Path]]:
    """Where the tests of each family of codes live: beside the packages that give it words."""
    found: dict[str, set[Path]] = defaultdict(set)
    families = {code.rpartition(".")[0] for code in codes}
    for path in sorted(ROOT.glob("[a-z]*/**/*messages.py")):
        if path.is_relative_to(TESTS) or "node_modules" in path.parts:
            continue
        starts = {text.rstrip(".") for text in _texts(path)} | {
            match.rpartition(".")[0] for text in _texts(path) for match in _CODE.findall(text)
        }
        for family in families & starts:
            found[family].add(_tests_of(path.parent))
    return found


def _tests_of(package: Path) -> Path:
    """The folder of a package's tests: its own, or that of the package around it."""
    folder = TESTS / package.relative_to(ROOT)
    while not any(folder.glob("test_*.py")) and folder != TESTS:
        folder = folder.parent
    return folder


def named(codes: frozenset[str]) -> set[str]:
    """The codes that a test names: whole, or by their end in a file about their family.

    A file is about a family that it names itself, or beside whose words it stands.
    """
    texts = _test_texts()
    beside = homes(codes)
    whole = {match for found in texts.values() for text in found for match in _CODE.findall(text)}
    told = codes & whole
    for path, found in texts.items():
        families = {text.rstrip(".") for text in found} | {
            match.rpartition(".")[0] for text in found for match in _CODE.findall(text)
        }
        for code in codes - told:
            family, _, end = code.rpartition(".")
            about = family in families or any(path.is_relative_to(h) for h in beside[family])
            if about and ends_so(end, found):
                told |= {code}
    return set(told)


def ends_so(end: str, found: frozenset[str]) -> bool:
    """Whether strings of a file spell the end of a code: whole, or as a piece and a name."""
    if end in found or any(text.endswith(f".{end}") for text in found):
        return True
    cuts = [place + 1 for place, letter in enumerate(end) if letter == "_"]
    return any(f"{end[:cut]}{{" in found and end[cut:] in found for cut in cuts)
