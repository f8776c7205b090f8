"""State machines as data: states, transitions, deadlines; and the one register of all machines."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from inspect import signature
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from kernel.errors import Refusal

if TYPE_CHECKING:
    from django.db.models import Q

    from kernel.access.actors import Actor
    from kernel.events.registry import DomainEvent
    from kernel.evidence.services import NewEntry, Placed
    from kernel.workflow.models import Case

OPEN = "open"  # the usual name of the act that a case begins with; see Transition.opens


class Payload(BaseModel):
    """Base of what an act brings along: strict about unknown fields, immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class NoPayload(Payload):
    """An act that brings nothing along."""


Guard = Callable[[Any, Any], Iterable[Refusal]]
"""Pure: (facts, payload or None when only looking) -> refusals. One rule each."""


@dataclass(frozen=True)
class State:
    """A state by its legal term.

    tone: grey, blue, amber, green or red; the chip's colour, which never stands alone.
    article: what the term rests on; the chip's tooltip. source: how sure it is.
    """

    code: str
    label: Any
    tone: str = "grey"
    article: str = ""
    final: bool = False
    source: str = "statute_text"


@dataclass(frozen=True)
class Transition:
    """An act that moves a case.

    target: "" keeps the state. button: the last click's verb where it is not the label.
    effect: the legal effect in one sentence, shown before the click. source: how sure the
    article is (kernel.regulation.marks). automatic: only the platform does it, dated with a
    deadline. desk: stands on the desk of whoever may do it; offered: on which cases and to whom,
    where the state alone does not tell (by the case's own row, without a query). grave: ends
    something for good, so that its button never looks like the next step.
    """

    code: str
    label: Any
    sources: tuple[str, ...]
    target: str
    effect: Any = ""
    button: Any = ""
    article: str = ""
    source: str = "remembered"
    schema: type[Payload] = NoPayload
    guards: tuple[Guard, ...] = ()
    automatic: bool = False
    desk: bool = False
    grave: bool = False
    done: Any = ""
    offered: Callable[[Any, Actor], bool] | None = None

    @property
    def opens(self) -> bool:
        """Whether a case begins with this act: it comes from no state."""
        return not self.sources


@dataclass(frozen=True)
class DeadlineRule:
    """A clock that starts when a case enters a state and stops when it leaves it.

    on_due: the automatic transition that happens at that instant, or "" where the law only
    says who is late. role: who has to act. column: the column of the case that holds the
    instant, where an announcement and not a period sets it (a bid deadline); it moves when an
    act changes the column. article, source: what such a clock rests on. met_by: the act that
    stops it where the case stays in its state (a report after an acceptance). aside: it moves
    nothing and nobody waits for it (documents are no longer handed out): where one clock stands for
    a case, the others come first.
    """

    state: str
    period_key: str
    label: Any
    role: str
    on_due: str = ""
    column: str = ""
    article: str = ""
    source: str = "remembered"
    met_by: str = ""
    aside: bool = False


@dataclass(frozen=True)
class Relation:
    """How an actor stands to a case, as a predicate and as a query over the same fields.

    asks: the predicate looks beyond the case's own row, so that of many cases the query is asked.
    """

    code: str
    holds: Callable[[Any, Actor], bool]
    query: Callable[[Actor], Q]
    asks: bool = False


@dataclass(frozen=True)
class Doing:
    """An act that was found possible: what its effect may look at."""

    facts: Any
    payload: Any
    actor: Actor
    at: datetime
    logged: list[tuple[list[NewEntry], Callable[[list[Placed]], None]]] = field(
        default_factory=list
    )

    def log(self, entries: list[NewEntry], noted: Callable[[list[Placed]], None]) -> None:
        """Have entries logged with the act's own and before it; ``noted`` hears where they stand.

        noted is called in the act's transaction and under the log's lock: nothing slow.
        """
        self.logged.append((entries, noted))


Facts = Callable[..., Any]
"""(case, at) -> facts; a loader that also names ``payload`` or ``actor`` is given them, None where
a page only looks or nobody acts. A case that is being opened is empty: what its guards look at,
they find by the payload."""

Effect = Callable[[Any, Doing], "Iterable[DomainEvent]"]
"""(case, doing) -> events; sets fields of the case, which fire() saves."""

Hider = Callable[[Any, "Actor"], frozenset[str]]
"""(case, actor) -> roles whose acts the actor may not see, for who acted is secret."""


Unsealer = Callable[["Actor"], Any]
"""(actor) -> which refused attempts (a Q of ``RefusedAct``) are secret no more for an overseer."""

Sifter = Callable[["Sequence[Any]", "Actor", datetime], Mapping[int, Container[str]]]
"""(cases, actor, at) -> by key, the acts that the actor can do now; of all cases in few queries."""


@dataclass
class Machine:
    """One kind of case. Data here; what it does is bound by ``facts`` and ``effect`` decorators."""

    code: str
    label: Any
    initial: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    deadlines: tuple[DeadlineRule, ...] = ()
    relations: tuple[Relation, ...] = ()
    main_path: tuple[str, ...] = ()
    # Columns that are shown masked: what changed in them is told, their values are not.
    masked: tuple[str, ...] = ()
    # Who tried in vain to begin such a case is nobody's to know: a bidder before the opening.
    sealed_openings: bool = False
    unsealer: Unsealer | None = field(default=None, repr=False)
    model: type[Case] | None = field(default=None, repr=False)
    facts_loader: Facts | None = field(default=None, repr=False)
    hider: Hider | None = field(default=None, repr=False)
    sifter: Sifter | None = field(default=None, repr=False)
    facts_asked: frozenset[str] = field(default=frozenset(), repr=False)
    effects: dict[str, Effect] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        codes = {s.code for s in self.states}
        named = {t.target for t in self.transitions if t.target} | {
            s for t in self.transitions for s in t.sources
        }
        if unknown := (named | {self.initial} | set(self.main_path)) - codes:
            raise ValueError(f"{self.code} names unknown states {sorted(unknown)}")
        if any(t.opens and t.target != self.initial for t in self.transitions):
            raise ValueError(f"{self.code} begins elsewhere than in its first state")
        if len({t.code for t in self.transitions}) != len(self.transitions):
            raise ValueError(f"{self.code} has two transitions of one name")
        _register(self)

    def state(self, code: str) -> State:
        """A state by code."""
        return next(s for s in self.states if s.code == code)

    def clock(self, state: str, period_key: str) -> DeadlineRule | None:
        """The rule of a clock that runs in a state, or None."""
        same = (r for r in self.deadlines if (r.state, r.period_key) == (state, period_key))
        return next(same, None)

    def is_aside(self, state: str, period_key: str) -> bool:
        """Whether a clock runs beside those that stand for the case."""
        rule = self.clock(state, period_key)
        return rule is not None and rule.aside

    def transition(self, code: str) -> Transition | None:
        """A transition by code, or None."""
        return next((t for t in self.transitions if t.code == code), None)

    @property
    def opening(self) -> Transition | None:
        """The act that people begin such a case with; None where only the platform does."""
        opens = [t for t in self.transitions if t.opens]
        return next((t for t in opens if not t.automatic), None)

    def reachable(self, code: str) -> frozenset[str]:
        """The states that a case in this one may still come to, this one included."""
        found, new = {code}, {code}
        while new:
            new = {t.target for t in self.transitions if t.target and new & set(t.sources)} - found
            found |= new
        return frozenset(found)

    def relation(self, code: str) -> Relation | None:
        """A relation by code, or None."""
        return next((r for r in self.relations if r.code == code), None)

    def act_name(self, transition: str) -> str:
        """An act's name everywhere else: access table, precedences, log."""
        return f"{self.code}.{transition}"

    def facts(self, loader: Facts) -> Facts:
        """Decorator: the one load of everything that this machine's guards look at."""
        self.facts_loader = loader
        self.facts_asked = frozenset(signature(loader).parameters) & {"payload", "actor"}
        return loader

    def hides(self, hider: Hider) -> Hider:
        """Decorator: from whom acts of which roles are hidden, on pages, in the log, in errors."""
        self.hider = hider
        return hider

    def sifts(self, sifter: Sifter) -> Sifter:
        """Decorator: what really waits on desks, where more than the case's row has to be asked."""
        self.sifter = sifter
        return sifter

    def unseals(self, unsealer: Unsealer) -> Unsealer:
        """Decorator: about what attempts to begin a case may be read though these are secret."""
        self.unsealer = unsealer
        return unsealer

    def hidden_roles(self, case: Case, actor: Actor) -> frozenset[str]:
        """Roles whose acts on a case an actor may not see; mostly none."""
        return self.hider(case, actor) if self.hider else frozenset()

    def effect(self, transition: str) -> Callable[[Effect], Effect]:
        """Decorator: what a transition writes besides the state, and which events it causes."""

        def bind(function: Effect) -> Effect:
            if self.transition(transition) is None:
                raise ValueError(f"{self.code} has no transition {transition}")
            self.effects[transition] = function
            return function

        return bind


_machines: dict[str, Machine] = {}


def _register(machine: Machine) -> None:
    if machine.code in _machines:
        raise ValueError(f"two machines named {machine.code}")
    _machines[machine.code] = machine


def machines() -> Mapping[str, Machine]:
    """Every machine by code."""
    return _machines


def machine(code: str) -> Machine | None:
    """One machine, or None."""
    return _machines.get(code)
