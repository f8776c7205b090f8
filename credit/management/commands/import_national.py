"""``import_national FILE --table T [--json]``: bring a file of the national platform.

Who runs a command at the machine is no officer. With ``--officer`` and ``--confirmer`` two credit
officers stand behind the file by their account names, and its lines count; with one of them or
none it waits on the officers' desks.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from credit.enterprises.national import services
from credit.enterprises.national.tables import TABLES
from kernel.access.actors import PLATFORM, Actor, from_membership, live_memberships
from kernel.errors import Refusal, Refused, catalogue
from kernel.parties.models import User


class Command(BaseCommand):
    """As the officer's page does; the same file again changes nothing."""

    help = "Bring a table of the national platform in (XLSX, CSV, XML); a report of every line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file, which table, and how to answer."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--table", required=True, choices=sorted(TABLES))
        parser.add_argument("--officer", default="", help="account of who brings the file")
        parser.add_argument("--confirmer", default="", help="account of another who confirms it")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Bring it in and say what became of each line."""
        path: Path = options["file"]
        bringer, confirmer = options["officer"], options["confirmer"]
        if confirmer and not bringer:
            raise CommandError("--confirmer needs --officer")
        try:
            job = services.bring_in(
                actor=_officer(bringer) if bringer else PLATFORM, table=options["table"],
                content=path.read_bytes(), file_name=path.name,
            )  # fmt: skip
            if confirmer:
                job = services.confirm(actor=_officer(confirmer), pk=job.pk)
        except OSError as fault:
            raise CommandError(str(fault)) from fault
        except Refused as refused:
            words = [f"{r.code}: {catalogue.message(r)}" for r in refused.refusals]
            raise CommandError("; ".join(words)) from refused
        told = {
            "table": job.table, "file_sha256": job.file_sha256, "state": job.state,
            "added": job.added, "changed": job.changed, "unchanged": job.unchanged,
            "refused": job.refused, "held": job.held,
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
            f"{job.table} {job.state}: +{job.added} ~{job.changed} ={job.unchanged} "
            f"-{job.refused} ?{job.held}"
        )
        for line in told["lines"]:
            for reason in line["reasons"]:
                said = f"{line['line']}: {reason['column']}: {reason['message']}"
                self.stdout.write(f"{said} ({reason['article']})")


def _officer(username: str) -> Actor:
    """The credit officer that an account stands for."""
    user = User.objects.filter(username=username).first()
    found = live_memberships(user.person_id) if user is not None and user.person_id else []
    for membership in found:
        if membership.role == "credit_officer":
            return from_membership(membership)
    raise CommandError(f"no credit officer: {username}")


def _said(reason: dict[str, Any]) -> dict[str, Any]:
    refusal = Refusal(reason["code"], reason["facts"], reason["article"], reason["column"])
    return {
        "code": reason["code"], "column": reason["column"],
        "value": reason["facts"].get("value", ""), "message": catalogue.message(refusal),
        "article": reason["article"],
    }  # fmt: skip
