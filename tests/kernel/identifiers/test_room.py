"""The room as a whole: every code has words that fit its facts, and none of it needs Django."""

import ast
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from kernel import money_messages
from kernel.errors import Catalogue, Refused
from kernel.identifiers import messages, regions

ROOT = Path(__file__).resolve().parents[3]
SOURCES = [ROOT / "kernel/money.py", *sorted((ROOT / "kernel/identifiers").glob("*.py"))]
WORDINGS = {**money_messages.WORDINGS, **messages.WORDINGS}
CODE = re.compile(r"(money|identifiers)(\.[a-z_]+)+")


def raised():
    """Every (code, names of the facts given with it) in the sources."""
    for path in SOURCES:
        if path.name == "messages.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            for argument in node.args:
                if isinstance(argument, ast.Constant) and CODE.fullmatch(str(argument.value)):
                    given = {keyword.arg for keyword in node.keywords} - {"article", "field"}
                    yield str(argument.value), None if direct(node) else given


def direct(node):
    """Whether a call builds a Refusal itself, with its facts in a mapping: tried below instead."""
    return isinstance(node.func, ast.Name) and node.func.id == "Refusal" and len(node.args) > 1


RAISED = sorted(raised(), key=lambda pair: pair[0])
NAMED = [(code, given) for code, given in RAISED if given is not None]


def test_every_raised_code_has_words_and_every_wording_is_raised():
    assert {code for code, _ in RAISED} == set(WORDINGS)


@pytest.mark.parametrize(("code", "given"), NAMED)
def test_words_name_only_facts_that_are_given(code, given):
    message = str(WORDINGS[code].message)
    assert set(re.findall(r"%\((\w+)\)s", message)) <= given
    assert str(WORDINGS[code].cure)


@pytest.mark.parametrize(
    ("code", "on", "words"),
    [
        (
            "230702",
            date(2026, 1, 1),
            "行政区划代码 230702（伊春区）在 2026-01-01 已撤销，后续为 伊美区 230717",
        ),
        ("230717", date(2018, 1, 1), "行政区划代码 230717（伊美区）在 2018-01-01 无效"),
        ("239999", date(2018, 1, 1), "没有行政区划代码 239999"),
    ],
)
def test_words_are_filled_in_by_the_catalogue(code, on, words):
    catalogue = Catalogue()
    catalogue.register(WORDINGS)
    with pytest.raises(Refused) as caught:
        regions.region(code, on)
    assert catalogue.message(caught.value.refusals[0]) == words


def test_no_code_is_put_together_at_run_time():
    # Such a code would escape the two tests above.
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [v.value for v in node.values if isinstance(v, ast.Constant)]
                assert not any(str(part).startswith(("identifiers.", "money.")) for part in parts)


def test_the_room_runs_without_django():
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in SOURCES
        if path.stem not in {"messages", "__init__"}
    ]
    script = f"import sys, {', '.join(modules)}; sys.exit('django' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)
