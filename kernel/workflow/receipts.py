"""What fire() takes and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kernel.access.actors import Actor
from kernel.workflow.machines import Machine, Payload, Transition
from kernel.workflow.models import Act


@dataclass(frozen=True)
class Attempt:
    """One try to do an act: everything known before the transaction begins."""

    machine: Machine
    case_pk: int | None
    transition: Transition
    actor: Actor
    payload: Payload
    payload_sha256: str
    key: str
    seen_version: int | None
    at: datetime

    @property
    def scope(self) -> str:
        """What the key is unique within, besides the actor and the transition."""
        return "new" if self.case_pk is None else str(self.case_pk)

    @property
    def act_name(self) -> str:
        """``package.machine.transition``."""
        return self.machine.act_name(self.transition.code)


@dataclass(frozen=True)
class Receipt:
    """Proof of a done act.

    act_id: its row's key, for the platform itself; pages and API name an act by case and version.
    at: legal time. log_index, leaf: where the evidence log holds it and under which hash (hex).
    replayed: this very act had been done before under the same key; nothing happened now.
    """

    act_id: int
    machine: str
    case_pk: int
    transition: str
    state: str
    version: int
    at: datetime
    log_index: int | None
    leaf: str
    replayed: bool = False

    @classmethod
    def of(cls, act: Act, *, replayed: bool = False) -> Receipt:
        """The receipt of a stored act."""
        return cls(
            act_id=act.pk,
            machine=act.machine,
            case_pk=act.case_pk,
            transition=act.transition,
            state=act.target,
            version=act.version,
            at=act.at,
            log_index=act.log_index,
            leaf=act.leaf,
            replayed=replayed,
        )
