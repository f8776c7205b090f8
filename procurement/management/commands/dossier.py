"""``manage.py dossier LOT --out FILE``: write the dossier of a lot that was opened."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from kernel.errors import Refused, catalogue
from kernel.evidence.dossiers import layout
from procurement.bids import dossier


class Command(BaseCommand):
    """Writes a dossier; 1 where there is none."""

    help = "Write the dossier of a lot that was opened."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which lot, where to, for whom."""
        parser.add_argument("lot", help="the lot's number")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE")
        parser.add_argument(
            "--scope", choices=(layout.PUBLIC, layout.ENTITLED), default=layout.PUBLIC
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it."""
        try:
            made = dossier.build(options["lot"], scope=options["scope"])
            with options["out"].open("wb") as target:
                for chunk in made.chunks:
                    target.write(chunk)
        except Refused as refused:
            words = "\n".join(catalogue.message(reason) for reason in refused.refusals)
            raise CommandError(words) from refused
        told = {"path": options["out"], "files": len(made.index.files)}
        self.stdout.write(_("已写入 %(path)s，共 %(files)s 个文件。") % told)
