"""What plays a project: people who act through the same services as pages and API, and a clock."""

from __future__ import annotations

import itertools
import time as time_module
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.utils import translation

from kernel import clock
from kernel.access.actors import Actor
from kernel.documents.models import Document
from kernel.errors import Refused
from kernel.events import services as events
from kernel.events.models import Delivery
from kernel.evidence import keys
from kernel.evidence.services import sign_head
from kernel.regulation import calendars
from kernel.workflow import sandbox
from kernel.workflow.firing import fire
from kernel.workflow.machines import Payload, machine
from kernel.workflow.receipts import Receipt
from procurement.demonstration import signing
from procurement.demonstration.unexpected import Unexpected

_PAUSE, _ATTEMPTS = 0.02, 3


def _waiting(*more: str) -> Any:
    """Deliveries that are not done, oldest first."""
    states = (Delivery.State.PENDING, Delivery.State.LEASED, *more)
    return Delivery.objects.filter(state__in=states).order_by("pk")


@dataclass
class Step:
    """One thing that happened: what stage, which act, when, which numbers and hashes."""

    stage: str
    what: str
    at: datetime
    facts: dict[str, Any]


@dataclass
class Play:
    """A running play. ``store`` carries what one stage found to the next ones.

    actors: people by log-in name. pin: of all demonstration keys. base_url: of the running
    server, for the tools that speak HTTP; empty where there is none. told: is called with every
    step as it happens.
    """

    actors: Mapping[str, Actor]
    pin: str
    base_url: str = ""
    told: Callable[[Step], None] = lambda _step: None
    store: dict[str, Any] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    stage: str = ""
    # Another name for every run: what one run did must not pass for what the next one does.
    run: str = field(default_factory=lambda: uuid.uuid4().hex[:12], repr=False)
    _keys: Any = field(default_factory=itertools.count, repr=False)

    # Acts ------------------------------------------------------------------------------------

    def open(self, machine_code: str, who: str, payload: Mapping[str, Any] | Payload) -> int:
        """Open a case; its key."""
        found = machine(machine_code)
        opening = found.opening if found else None
        if opening is None:
            raise Unexpected(f"nobody opens a {machine_code}")
        return self._fire(machine_code, None, opening.code, who, payload).case_pk

    def act(
        self,
        machine_code: str,
        pk: int,
        transition: str,
        who: str,
        payload: Mapping[str, Any] | Payload | None = None,
    ) -> Receipt:
        """Do an act on a case as somebody who has just looked at it."""
        return self._fire(machine_code, pk, transition, who, payload)

    def refused(
        self,
        machine_code: str,
        pk: int | None,
        transition: str,
        who: str,
        payload: Mapping[str, Any] | Payload | None = None,
        *,
        codes: Iterable[str],
    ) -> Refused:
        """An act that must be refused with at least these codes, and changes nothing."""
        before = self.case(machine_code, pk).version if pk is not None else 0
        try:
            self._fire(machine_code, pk, transition, who, payload)
        except Refused as refused:
            found = {reason.code for reason in refused.refusals}
            if missing := set(codes) - found:
                raise Unexpected(f"{transition}: refused for {found}, not for {missing}") from None
            if pk is not None and self.case(machine_code, pk).version != before:
                raise Unexpected(f"{transition} was refused and changed the case") from None
            self.note(f"refused: {machine_code}.{transition}", codes=sorted(found))
            return refused
        raise Unexpected(f"{machine_code}.{transition} by {who} should have been refused")

    def _fire(
        self,
        machine_code: str,
        pk: int | None,
        transition: str,
        who: str,
        payload: Mapping[str, Any] | Payload | None,
    ) -> Receipt:
        receipt = fire(
            machine_code,
            pk,
            transition,
            actor=self.actors[who],
            payload=payload,
            key=f"play-{self.run}-{next(self._keys)}",
            seen_version=self.case(machine_code, pk).version if pk is not None else None,
        )
        self.note(
            f"{machine_code}.{transition}", case=receipt.case_pk, state=receipt.state,
            log=receipt.log_index,
        )  # fmt: skip
        return receipt

    def case(self, machine_code: str, pk: int) -> Any:
        """A case as it is now."""
        found = machine(machine_code)
        if found is None or found.model is None:
            raise Unexpected(f"no machine {machine_code}")
        model: Any = found.model
        case = model.objects.filter(pk=pk).first()
        if case is None:
            raise Unexpected(f"no {machine_code} has the key {pk}")
        return case

    def expect_state(self, machine_code: str, pk: int, state: str) -> None:
        """The case stands where the script says."""
        found = self.case(machine_code, pk).state
        self.expect(found == state, f"{machine_code}:{pk} is {found}, not {state}")

    # Time ------------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """Legal time."""
        return clock.now()

    @property
    def today(self) -> date:
        """The legal day."""
        return clock.today()

    def until(self, instant: datetime) -> None:
        """Let legal time pass until an instant, if it has not; what falls due is played."""
        if instant > clock.now():
            sandbox.move_to(instant, actor=self.actors["operator"])
        self.settle()

    def until_day(self, day: date, hour: int = 9, minute: int = 0) -> None:
        """Until an hour (UTC+8) of a legal day."""
        self.until(datetime.combine(day, time(hour, minute), clock.LEGAL_ZONE))

    def days(self, number: int, hour: int = 9) -> None:
        """Until an hour of the legal day so many days from today."""
        self.until_day(self.today + timedelta(days=number), hour)

    def working_days(self, number: int, hour: int = 9) -> None:
        """Until an hour of the working day so many working days from today."""
        calendar = calendars.calendar(assume=True)
        self.until_day(calendar.add_working_days(self.today, number), hour)

    # What follows ----------------------------------------------------------------------------

    def settle(self) -> None:
        """Let every deadline that has passed and every event take effect, documents included.

        In the platform's language, as its workers do it, whatever language somebody is told in.
        """
        with translation.override(settings.LANGUAGE_CODE):
            self._settle()

    def _settle(self) -> None:
        from kernel.workflow.due import run_due

        while True:
            run_due()
            waiting = list(_waiting().values_list("pk", "state"))
            if not waiting:
                break
            done = [events.deliver(pk) for pk, state in waiting if state != Delivery.State.LEASED]
            if not any(done):
                time_module.sleep(_PAUSE)  # a worker of the server has them
            self._no_failure()

    def _no_failure(self) -> None:
        """A delivery may lose a race; one that fails again and again is a fault."""
        for row in _waiting(Delivery.State.DEAD).filter(attempts__gte=_ATTEMPTS):
            raise Unexpected(f"{row.subscriber}: {row.last_error}")

    def sign(self, machine_code: str, pk: int, *who: str, form: str = "") -> list[Document]:
        """Each of these people signs every document of the case that waits for them, in turn."""
        self.settle()
        done = []
        for document in signing.waiting(machine_code, pk, form):
            for name in who:
                document = signing.sign(document, self.actors[name], self.pin, clock.now())
            self.note("signed", document=document.title, number=document.number,
                      state=document.state)  # fmt: skip
            done.append(document)
        if not done:
            paper = f"no {form} of" if form else "no document of"
            raise Unexpected(f"{paper} {machine_code}:{pk} waits for a signature")
        self.settle()
        return done

    def head(self) -> None:
        """Sign the log's head as it stands."""
        sign_head(clock.now(), keys.signer())

    # The record ------------------------------------------------------------------------------

    def begin(self, stage: str) -> None:
        """A new stage begins."""
        self.stage = stage
        self.note("begin")

    def note(self, what: str, **facts: Any) -> None:
        """Record a step."""
        step = Step(self.stage, what, clock.now(), facts)
        self.steps.append(step)
        self.told(step)

    def expect(self, holds: object, words: str) -> None:
        """Something that must hold."""
        if not holds:
            raise Unexpected(f"{self.stage}: {words}")
