"""Every kind of entry that the sources write into the log is called something on its page."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from kernel.evidence.models import LogEntry
from kernel.web import entry_words

ROOT = Path(__file__).resolve().parents[3]


def _logged() -> Iterator[tuple[str, str]]:
    """(module, kind) of every entry that the sources write of themselves, as far as it is named."""
    for package in ("kernel", "procurement", "credit", "labour", "equipment"):
        for path in sorted((ROOT / package).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            if "NewEntry(" not in text:
                continue
            module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
            for node in ast.walk(ast.parse(text)):
                if not (isinstance(node, ast.Call) and node.args):
                    continue
                if "NewEntry" not in ast.unparse(node.func):
                    continue
                kind = node.args[0]
                if isinstance(kind, ast.Constant):
                    yield module.__name__, kind.value
                elif isinstance(kind, ast.Name) and hasattr(module, kind.id):
                    yield module.__name__, getattr(module, kind.id)


def test_every_kind_that_the_sources_log_has_a_name() -> None:
    logged = dict(_logged())
    assert "procurement.opening.moment" in logged.values() and len(logged) >= 4, logged
    for module, kind in _logged():
        assert entry_words.kind_of(LogEntry(kind=kind)), f"{kind} of {module}"
