"""Every refusal has words, every mark too, and what is pure imports no Django."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from kernel.errors import Catalogue, Refusal
from kernel.regulation import marks, messages
from kernel.regulation.schemas import SOURCES

ROOM = Path(messages.__file__).parent


def test_every_refusal_code_of_the_room_has_words_and_no_other() -> None:
    source = "".join(p.read_text("utf-8") for p in ROOM.glob("*.py") if p.name != "messages.py")
    used = set(re.findall(r'"(regulation(?:\.[a-z_]+){2})"', source))
    assert used == messages.WORDINGS.keys()


def test_words_name_the_facts() -> None:
    catalogue = Catalogue()
    catalogue.register(messages.WORDINGS)
    refusal = Refusal("regulation.calendar.year_not_confirmed", {"year": 2027})
    assert "2027" in catalogue.message(refusal)
    assert catalogue.cure(refusal)


def test_every_source_has_words_and_only_what_was_read_goes_unmarked() -> None:
    assert messages.MARKS.keys() == set(SOURCES)
    assert {s for s in SOURCES if not marks.must_be_marked(s)} == {"statute_text", "web_page"}
    assert str(marks.mark("own_default"))
    with pytest.raises(ValueError, match="hearsay"):
        marks.must_be_marked("hearsay")


def test_pure_modules_import_no_django() -> None:
    names = ("rules", "rows", "schemas", "reading", "rule_sets", "validity", "precedences")
    imports = "; ".join(f"import kernel.regulation.{name}" for name in (*names, "calendars"))
    program = f"import sys; {imports}; assert 'django' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOM.parent.parent)
