"""Publish the rule sets that are loaded; run at every deployment after migrations."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel import clock
from kernel.errors import Refused, catalogue
from kernel.regulation import services
from kernel.regulation.rows import LawFault


class Command(BaseCommand):
    """Record new versions; a changed or overlapping one ends with an error and records nothing."""

    help = "Publish new rule sets; refuse altered or overlapping ones."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        try:
            new = services.publish(clock.now())
        except LawFault as fault:
            raise CommandError(str(fault)) from fault
        except Refused as refused:
            raise CommandError(
                "\n".join(f"{r.code}: {catalogue.message(r)}" for r in refused.refusals)
            ) from refused
        for row in new:
            self.stdout.write(f"{row.code} {row.version} {row.sha256[:12]}")
        self.stdout.write(f"{len(new)} published")
