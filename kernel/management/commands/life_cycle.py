"""``manage.py life_cycle``: how the machines hang together, drawn from themselves, as Markdown.

Boxes are machines with their main path; arrows are the precedences between acts of different
machines; the tables tell which event wakes whom.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from kernel import clock
from kernel.events import registry
from kernel.regulation import marks, precedences
from kernel.regulation import selectors as law
from kernel.workflow.machines import Machine, machines

_HEAD = """# The life cycle

Written by `./dev manage life_cycle -o docs/life-cycle.md` from the machines, the precedences and
the events; not edited by hand. A box is a machine with the states of its main path (all of them
stand on [the page of machines](machines.md)); an arrow says that an act must follow another one
of another machine.
"""


class Command(BaseCommand):
    """Print, write or check the page."""

    help = "Draw how the machines hang together (Mermaid), with events and who hears them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where it goes; nowhere means the standard output."""
        where = parser.add_mutually_exclusive_group()
        where.add_argument("-o", "--output", type=Path, metavar="FILE", help="write it there")
        where.add_argument(
            "--check", type=Path, metavar="FILE", help="exit with 1 if FILE says something else"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        # The legal terms are Chinese, and the page must not depend on who asks for it.
        with translation.override("zh-hans"):
            text = page()
        if output := options["output"]:
            output.write_text(text, encoding="utf-8")
        elif (checked := options["check"]) and checked.read_text(encoding="utf-8") != text:
            raise CommandError(f"{checked} is out of date: ./dev manage life_cycle -o {checked}")
        elif not checked:
            self.stdout.write(text, ending="")


def page() -> str:
    """The Markdown page, in the active language."""
    lines = [_HEAD, "```mermaid", "flowchart TB"]
    packages = sorted({code.partition(".")[0] for code in machines()})
    for package in packages:
        lines.append(f"    subgraph {package}")
        lines += [
            f'        {_node(code)}["{_box(one)}"]'
            for code, one in sorted(machines().items())
            if code.startswith(f"{package}.")
        ]
        lines.append("    end")
    lines += [f"    {_node(a)} -->|{act}| {_node(b)}" for a, b, act in sorted(_arrows())]
    lines += ["```", "", "## What must follow what, between machines", ""]
    lines += ["| act | must follow | rests on |", "|---|---|---|", *_rows(), ""]
    lines += ["## Events and who hears them", ""]
    lines += ["| event | what it carries | heard by |", "|---|---|---|", *_events(), ""]
    return "\n".join(lines)


def _node(code: str) -> str:
    return code.replace(".", "_")


def _box(machine: Machine) -> str:
    path = " → ".join(str(machine.state(code).label) for code in machine.main_path)
    return f"<b>{machine.label}</b><br/>{path}" if path else f"<b>{machine.label}</b>"


def _between() -> Iterator[tuple[str, str, Any]]:
    """Precedences between acts of different machines that both exist: (act, earlier, row)."""
    for row in law.resolve("precedences", clock.now()).rows:
        act = row["act"]
        for earlier in precedences.required(row):
            there = {name.rpartition(".")[0] for name in (act, earlier)}
            if len(there) == 2 and there <= set(machines()):
                yield act, earlier, row


def _arrows() -> set[tuple[str, str, str]]:
    return {
        (earlier.rpartition(".")[0], act.rpartition(".")[0], act.rpartition(".")[2])
        for act, earlier, _row in _between()
    }


def _rows() -> Iterator[str]:
    for act, earlier, row in sorted(_between(), key=lambda found: found[:2]):
        sure = f"（{marks.mark(row.source)}）" if marks.must_be_marked(row.source) else ""
        yield f"| `{act}` | `{earlier}` | {row.article}{sure} |"


def _events() -> Iterator[str]:
    for name, cls in sorted(registry.types().items()):
        carried = ", ".join(field.name for field in fields(cls))
        heard = ", ".join(f"`{one.code}`" for one in registry.subscribers_of(name)) or "–"
        yield f"| `{name}` | {carried} | {heard} |"
