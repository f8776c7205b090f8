"""``manage.py diagrams``: every machine drawn and told from its own data, as Markdown."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from kernel.access.table import TABLE
from kernel.regulation import marks
from kernel.workflow.diagrams import mermaid
from kernel.workflow.machines import Machine, Transition, machines

_HEAD = """# Machines

Written by `./dev manage diagrams -o docs/machines.md` from the machines, the access table and the
deadlines; not edited by hand. States and acts bear the legal term; their codes are what code, API
and log say. In braces behind an act stands the role that does it; `platform` means that it happens
when a deadline has passed.
"""


class Command(BaseCommand):
    """Print, write or check the page of all machines."""

    help = "Draw every machine (Mermaid) with its acts and clocks."

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
            text = page(machines().values())
        if output := options["output"]:
            output.write_text(text, encoding="utf-8")
        elif checked := options["check"]:
            _compare(checked, text)
        else:
            self.stdout.write(text, ending="")


def page(drawn: Iterable[Machine]) -> str:
    """The Markdown page of some machines, by code, in the active language."""
    parts = [_HEAD, *(_section(machine) for machine in sorted(drawn, key=lambda m: m.code))]
    return "\n".join(parts)


def _compare(path: Path, text: str) -> None:
    try:
        found = path.read_text(encoding="utf-8")
    except OSError as fault:
        raise CommandError(f"{path}: {fault.strerror}") from fault
    if found != text:
        raise CommandError(f"{path} is out of date: ./dev manage diagrams -o {path}")


def _section(machine: Machine) -> str:
    lines = [f"## {machine.label} `{machine.code}`", "", "```mermaid"]
    lines += [*mermaid(machine).splitlines(), "```", ""]
    lines += _table(("state", "code", "rests on"), _states(machine))
    lines += _table(("act", "code", "from", "to", "who, as what", "rests on"), _acts(machine))
    lines += _table(
        ("clock", "in state", "period", "who must act", "when it runs out"), _clocks(machine)
    )
    return "\n".join(lines)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    body = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    if not body:
        return []
    return [f"| {' | '.join(head)} |", "|" + "---|" * len(head), *body, ""]


def _states(machine: Machine) -> Iterator[tuple[str, ...]]:
    for state in machine.states:
        name = f"{state.label} (final)" if state.final else str(state.label)
        yield name, f"`{state.code}`", state.article


def _acts(machine: Machine) -> Iterator[tuple[str, ...]]:
    for transition in machine.transitions:
        yield (
            str(transition.label),
            f"`{transition.code}`",
            ", ".join(transition.sources) or "–",
            transition.target or "stays",
            _who(machine, transition),
            _basis(transition),
        )


def _who(machine: Machine, transition: Transition) -> str:
    if transition.automatic:
        return "platform"
    rows = TABLE.acts.get(machine.act_name(transition.code), ())
    return "; ".join(
        row.role if row.relation == "any" else f"{row.role}, {row.relation}" for row in rows
    )


def _basis(transition: Transition) -> str:
    if not marks.must_be_marked(transition.source):
        return transition.article
    return f"{transition.article}（{marks.mark(transition.source)}）"


def _clocks(machine: Machine) -> Iterator[tuple[str, ...]]:
    for rule in machine.deadlines:
        end = f"`{rule.on_due}` happens" if rule.on_due else "who is late is named late"
        yield str(rule.label), f"`{rule.state}`", f"`{rule.period_key}`", rule.role, end
