"""``manage.py shadow --to CODE[@VERSION]``: who would have another grade under another scheme."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from credit.scoring import population, rules, selectors, shadow, studies
from credit.scoring.points import graded
from kernel import clock
from kernel.errors import Refused, catalogue


class Command(BaseCommand):
    """Reads only; published before a scheme is switched."""

    help = "两套评分方案对全部企业试算 two schemes over everybody, with the migration of grades"

    def add_arguments(self, parser: CommandParser) -> None:
        """From which scheme to which, of which day."""
        held = "a code, code@version (in force or not), or a scheme.toml"
        parser.add_argument("--first", default=selectors.SCHEME, help=held)
        parser.add_argument("--to", required=True, help=held)
        parser.add_argument("--valid-on", type=date.fromisoformat, help="default: today")
        parser.add_argument("--names", type=int, default=100, help="how many moved ones are told")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compute both."""
        day = options["valid_on"] or clock.today()
        try:
            first, second = (_scheme(str(options[name]), day) for name in ("first", "to"))
        except Refused as refused:
            words = [catalogue.message(each) for each in refused.refusals]
            raise CommandError("\n".join(words)) from refused
        everybody, now = population.everybody(), clock.now()
        found = shadow.compare(
            everybody, first, second, day, now, options["names"],
            ledgers=selectors.ledgers,
        )  # fmt: skip
        silent = [shadow.silent(everybody, scheme, now) for scheme in (first, second)]
        if options["json"]:
            told = {
                "valid_on": day.isoformat(),
                "first": {"code": first.code, "version": first.version, "sha256": first.sha256},
                "second": {"code": second.code, "version": second.version, "sha256": second.sha256},
                "rows": list(found.first),
                "columns": list(found.second),
                "counts": [list(row) for row in found.counts],
                "moved": [list(row) for row in found.moved],
                "first_silent": silent[0],
                "second_silent": silent[1],
            }
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
            return
        self.stdout.write(f"{first.code} {first.version} → {second.code} {second.version} · {day}")
        self.stdout.write("".join(f"{grade:>10}" for grade in ("", *map(graded, found.second))))
        for grade, row in zip(found.first, found.counts, strict=True):
            self.stdout.write(f"{graded(grade):>10}" + "".join(f"{count:>10}" for count in row))
        for scheme, items in zip((first, second), silent, strict=True):
            if items:
                names = ", ".join(f"{item} {count}" for item, count in items.items())
                self.stdout.write(
                    f"{scheme.code} 不计分的事实 facts that it has no item for: {names}"
                )
        for uscc, before, after in found.moved:
            self.stdout.write(f"{uscc}  {graded(before)} → {graded(after)}")


def _scheme(said: str, day: date) -> rules.Scheme:
    """A scheme as it was named; a file is read as a draft is."""
    if said.endswith(".toml"):
        try:
            return studies.drafted(Path(said).read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as broken:
            raise CommandError(str(broken)) from broken
    code = said if said.startswith("schemes.") else f"schemes.{said}"
    return selectors.named(code, clock.start_of(day))
