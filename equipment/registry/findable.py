"""A filed machine as the search of everything public finds it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from equipment.registry import selectors
from equipment.registry.models import LiftingMachine
from kernel import clock
from kernel.events.equipment import MachineFiled
from kernel.events.registry import Envelope, subscribe
from kernel.regulation import selectors as law
from kernel.search import kinds
from kernel.search import services as search
from kernel.search.kinds import Entry

KIND = "machine"
_PART = 500  # rows held in memory at a time


# What builders call a kind of machine, beside its name in the list of kinds.
_ALSO = tomllib.loads((Path(__file__).parent / "also_called.toml").read_text("utf-8"))


def _called(kind: str) -> Iterator[str]:
    """The kind by its name in both languages, and as builders call it."""
    for language in ("zh", "en"):
        yield dict(law.options("machine_kind", clock.now(), language)).get(kind, kind)
    yield from _ALSO.get(kind, ())


def _entry(one: LiftingMachine) -> Entry:
    """Kind, model, maker, owner: nothing that the register's page does not show."""
    return Entry(
        kind=KIND,
        key=one.number,
        title=f"{one.model} {one.serial}",
        number=one.number,
        url=reverse("equipment:machine", args=[one.number]),
        published_at=one.filed_at or clock.now(),
        region=one.region,
        text="\n".join((*_called(one.kind), one.owner_name, one.maker)),
    )


def _entries() -> Iterator[Entry]:
    for one in selectors.public_register().iterator(_PART):
        yield _entry(one)


@subscribe(MachineFiled, "equipment.registry.search")
def machine_is_found(envelope: Envelope, _prepared: Any) -> None:
    """Everybody finds what is filed."""
    event = envelope.event
    assert isinstance(event, MachineFiled)
    one = selectors.by_number(event.number)
    if one is not None:
        search.put(_entry(one))


kinds.register(KIND, _("建筑起重机械"), _entries)
