"""``manage.py score USCC``: an enterprise's score on any day as known on any day, explained."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from credit.scoring import differences, entitled, explaining, selectors
from credit.scoring.points import graded, points
from kernel import clock
from kernel.errors import Refused, catalogue


class Command(BaseCommand):
    """Reads only: nothing is certified by it."""

    help = "企业信用分：任意评价日、任意已知日 a score on any day as known on any day"

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, of which day, as known when, by which scheme."""
        parser.add_argument("uscc", help="or the number of a certificate, with --difference")
        parser.add_argument("--valid-on", type=date.fromisoformat, help="default: today")
        parser.add_argument(
            "--known-on", type=date.fromisoformat, help="as known at its end; default: now"
        )
        parser.add_argument("--scheme", default=selectors.SCHEME)
        parser.add_argument(
            "--difference", action="store_true", help="a certificate against what is known now"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Explain it."""
        if options["difference"]:
            self._difference(options["uscc"], as_json=options["json"])
            return
        code = str(options["scheme"])
        code = code if "." in code else f"schemes.{code}"
        now = clock.now()
        today = clock.legal_date(now)
        day = options["valid_on"] or today
        try:
            at = explaining.known_at(options["known_on"], now)
            explaining.require_askable(day, today)
            entitled.require_known(str(options["uscc"]))
            told = explaining.explain(options["uscc"], day, at, code=code)
        except Refused as refused:
            words = [catalogue.message(each) for each in refused.refusals]
            raise CommandError("\n".join(words)) from refused
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
            return
        scheme = told["scheme"]
        self.stdout.write(
            f"{told['uscc']}  {points(told['score_millionths'])}  {graded(told['grade'])}"
        )
        self.stdout.write(f"{day} · {told['known_at']} · {scheme['code']} {scheme['version']}")
        self.stdout.write(f"{points(told['base']):>10}")
        for one in told["contributions"]:
            paper = " ".join(filter(None, (one["document_number"], one["article"])))
            line = f"{points(one['millionths']):>10}  {one['label']}  {paper}  → {one['ends_on']}"
            self.stdout.write(line)
        if told["cut"]:
            self.stdout.write(f"{points(told['cut']):>10}  ∑")
        for turn in told["ahead"]:
            self.stdout.write(
                f"{turn['day']}  {graded(turn['grade'])}  {points(turn['score_millionths'])}"
            )

    def _difference(self, number: str, *, as_json: bool) -> None:
        try:
            found = differences.report(number, clock.now())
        except Refused as refused:
            words = [catalogue.message(each) for each in refused.refusals]
            raise CommandError("\n".join(words)) from refused
        told: dict[str, Any] = {
            "number": number,
            "uscc": found.certificate.uscc,
            "valid_on": found.certificate.valid_on.isoformat(),
            "then": {"score_millionths": found.then.told, "grade": found.then.grade},
            "now": {"score_millionths": found.now.told, "grade": found.now.grade},
            "changes": [
                {
                    **vars(change),
                    "recorded_at": change.recorded_at.isoformat(),
                    "until": change.until and change.until.isoformat(),
                }
                for change in found.changes
            ],
        }
        if as_json:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
            return
        for name in ("then", "now"):
            said = told[name]
            self.stdout.write(
                f"{name:<5}{points(said['score_millionths']):>10}  {graded(said['grade'])}"
            )
        for change in found.changes:
            # Taken back, it never was; ended, it was until a day; else it is newly learnt.
            sign = "-" if change.taken_back else "~" if change.until else "+"
            day = clock.legal_date(change.recorded_at)
            end = f"  → {change.until}" if change.until else ""
            self.stdout.write(f"{sign} {day}  {change.item}  {change.document_number}{end}")
