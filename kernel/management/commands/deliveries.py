"""``manage.py deliveries``: what waits, what died and why; retry one, replay a subscriber."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count

from kernel.events import registry, services
from kernel.events.models import Delivery, Event

_WORDS = {
    Delivery.State.PENDING: "待处理 pending",
    Delivery.State.LEASED: "处理中 leased",
    Delivery.State.DONE: "已完成 done",
    Delivery.State.DEAD: "死信 dead",
}


class Command(BaseCommand):
    """Counts and dead letters without an option; the options give work back to the workers."""

    help = "后台投递：列出、重试、重放 list, retry and replay deliveries"

    def add_arguments(self, parser: CommandParser) -> None:
        """At most one of retry and replay."""
        what = parser.add_mutually_exclusive_group()
        what.add_argument(
            "--retry", type=int, metavar="ID", help="重试一封死信 try a dead letter again"
        )
        what.add_argument(
            "--replay",
            metavar="SUBSCRIBER",
            help="把事件重新投递给一个订阅者 deliver its events to a subscriber again",
        )
        parser.add_argument(
            "--since",
            type=int,
            metavar="EVENT_ID",
            help="只重放此事件及之后的 replay only from this event on",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; ends with 1 where there is nothing of that name."""
        if options["since"] is not None and options["replay"] is None:
            raise CommandError("--since 只与 --replay 同用 belongs to --replay")
        if options["retry"] is not None:
            self._retry(options["retry"])
        elif options["replay"] is not None:
            self._replay(options["replay"], options["since"] or 0)
        else:
            self._list()

    def _list(self) -> None:
        counts = dict(Delivery.objects.values_list("state").annotate(Count("pk")).order_by())
        for state, words in _WORDS.items():
            self.stdout.write(f"{counts.get(state.value, 0):>8}  {words}")
        for row in Delivery.objects.filter(state=Delivery.State.DEAD).select_related("event"):
            self.stdout.write(
                f"死信 dead letter {row.pk}: {row.subscriber} ← {row.event.name} {row.event_id}"
                f" {row.event.case} ({row.attempts}): {row.last_error}"
            )

    def _retry(self, delivery_id: int) -> None:
        if not services.retry(delivery_id):
            raise CommandError(f"不是死信 not a dead letter: {delivery_id}")
        self.stdout.write(f"将重试 will be tried again: {delivery_id}")

    def _replay(self, code: str, since: int) -> None:
        found = registry.subscriber(code)
        if found is None:
            raise CommandError(f"没有此订阅者 nobody subscribes as: {code}")
        ids = Event.objects.filter(name=found.event_name, pk__gte=since).order_by("pk")
        count = services.replay(
            subscriber=code, event_ids=ids.values_list("pk", flat=True).iterator()
        )
        self.stdout.write(f"将重放 will be delivered again: {count}")
