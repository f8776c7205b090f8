"""What the programs compute is what Python computes; run by Node where it is."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.sealing.bids.fields import printable as is_printable
from kernel.sealing.bids.padding import padme
from tests.procurement.bidder.web import printable
from tests.procurement.bidder.web.driving import PROGRAMS

WEB = PROGRAMS.parent / "web"
needs_node = pytest.mark.skipif(not shutil.which("node"), reason="no Node")


def asked(script: str, value: object) -> object:
    """What a script over ``input`` gives; it may import from the sources."""
    whole = (
        "import { readFileSync } from 'node:fs';"
        f"const input = JSON.parse(readFileSync(0, 'utf8')); {script}"
    )
    done = subprocess.run(
        ["node", "--input-type=module", "-e", whole], cwd=WEB, check=True, text=True,
        input=json.dumps(value), capture_output=True,
    )  # fmt: skip
    return json.loads(done.stdout)


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="written by the oldest Python")
def test_the_ranges_are_those_of_the_oldest_python():
    assert printable.written() == printable.FILE.read_text("utf-8")


@needs_node
def test_no_character_is_taken_that_python_does_not_take():
    taken = asked(
        "const { printable } = await import('./src/lib/printable.js'); const found = [];"
        "for (let c = 0; c < 0x110000; c++) if ((c < 0xd800 || c > 0xdfff)"
        " && printable(String.fromCodePoint(c))) found.push(c);"
        "console.log(JSON.stringify(found));",
        None,
    )
    assert len(taken) > 140_000
    assert [code for code in taken if not is_printable(chr(code))] == []


@needs_node
@settings(max_examples=3, deadline=None)
@given(st.lists(st.integers(1, 2**33), min_size=200, max_size=400))
def test_padded_sizes_are_pythons(sizes):
    script = "const out = input.map(padme); console.log(JSON.stringify(out));"
    found = asked(_part("bids/inner.js", "padme") + script, sizes)
    assert found == [padme(size) for size in sizes]


@needs_node
def test_names_that_python_holds_for_one_are_one_to_the_page():
    """Folding is coarser than casefold, never finer."""
    groups = defaultdict(list)
    for code in range(0x110000):
        if is_printable(chr(code)):
            groups[chr(code).casefold()].append(chr(code))
    pairs = [(key, each) for key, found in groups.items() for each in found if each != key]
    script = "console.log(JSON.stringify(input.filter(([a, b]) => fold(a) !== fold(b))));"
    assert asked(_part("bids/inner.js", "fold") + script, pairs) == []


def _part(file: str, name: str) -> str:
    """A function out of a source whose imports Node cannot follow without a build."""
    text = (WEB / "src" / file).read_text("utf-8")
    start = text.index(f"const {name} = " if f"const {name} = " in text else f"function {name}(")
    end = min(
        place + len(mark) for mark in ("\n}\n", "\n};\n") if (place := text.find(mark, start)) >= 0
    )
    return text[start:end]
