"""``manage.py search rebuild``: the index anew, from what every kind says is public."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kernel.search import services


class Command(BaseCommand):
    """After a restore, an import past the events, or a change of what is searched."""

    help = "公开检索：重建索引 rebuild the index of the public search"

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do; there is one thing."""
        parser.add_argument("act", choices=["rebuild"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; one transaction, so that a search meanwhile finds the old index."""
        for kind, count in services.rebuild().items():
            self.stdout.write(f"{count:>8}  {kind}")
