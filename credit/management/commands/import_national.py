"""``import_national FILE --table T [--json]``: bring a file of the national platform in."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from credit.enterprises.national import services
from credit.enterprises.national.tables import TABLES
from kernel.access.actors import PLATFORM
from kernel.errors import Refusal, Refused, catalogue


class Command(BaseCommand):
    """As the officer's page does; the same file again changes nothing."""

    help = "Bring a table of the national platform in (XLSX, CSV, XML); a report of every line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file, which table, and how to answer."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--table", required=True, choices=sorted(TABLES))
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Bring it in and say what became of each line."""
        path: Path = options["file"]
        try:
            job = services.bring_in(
                actor=PLATFORM, table=options["table"], content=path.read_bytes(),
                file_name=path.name,
            )  # fmt: skip
        except OSError as fault:
            raise CommandError(str(fault)) from fault
        except Refused as refused:
            words = [f"{r.code}: {catalogue.message(r)}" for r in refused.refusals]
            raise CommandError("; ".join(words)) from refused
        told = {
            "table": job.table, "file_sha256": job.file_sha256, "added": job.added,
            "changed": job.changed, "unchanged": job.unchanged, "refused": job.refused,
            "ignored_columns": job.ignored,
            "lines": [
                {"line": line["line"], "reasons": [_said(reason) for reason in line["reasons"]]}
                for line in job.report
            ],
        }  # fmt: skip
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            return
        self.stdout.write(
            f"{job.table}: +{job.added} ~{job.changed} ={job.unchanged} -{job.refused}"
        )
        for line in told["lines"]:
            for reason in line["reasons"]:
                said = f"{line['line']}: {reason['column']}: {reason['message']}"
                self.stdout.write(f"{said} ({reason['article']})")


def _said(reason: dict[str, Any]) -> dict[str, Any]:
    refusal = Refusal(reason["code"], reason["facts"], reason["article"], reason["column"])
    return {
        "code": reason["code"], "column": reason["column"],
        "value": reason["facts"].get("value", ""), "message": catalogue.message(refusal),
        "article": reason["article"],
    }  # fmt: skip
