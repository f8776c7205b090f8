"""What a reader can do next on a case: of what stands on desks, what would not be refused."""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import datetime

from kernel.access.actors import Actor
from kernel.workflow import judge
from kernel.workflow.judge import NextAct
from kernel.workflow.machines import Transition
from kernel.workflow.models import Act, Case


def acts(case: Case, actor: Actor, at: datetime, done: Act) -> Iterator[Transition]:
    """The acts that an actor can do now, after one was done: as on their desk, guards asked.

    Not that one again while the case is where it left it, unless the machine's sifter says that it
    waits still (a vote on the next bid). A draft that is not whole yet is still submitted next; its
    act page says what is missing.
    """
    mine = {act.code for act in _on_own_desk(case, actor)}
    if mine and case.machine.sifter:
        able: Container[str] = case.machine.sifter([case], actor, at).get(case.pk, ())
        mine = {code for code in mine if code in able}
    elif case.state == done.target:
        mine.discard(done.transition)
    if not mine:
        return  # most receipts are read by those for whom nothing is left to do
    for told in judge.what_next(case.machine, case, actor, at):
        if told.transition.code in mine and (told.allowed or _is_unfinished(case, told)):
            yield told.transition


def _on_own_desk(case: Case, actor: Actor) -> Iterator[Transition]:
    for act in judge.awaited(case.machine.code, case.state):
        offered = act.offered is None or act.offered(case, actor)
        if act.desk and offered and judge.permitted(case.machine, act, case, actor):
            yield act


def _is_unfinished(case: Case, told: NextAct) -> bool:
    """Whether a draft waits for its submission: of its fields alone something is missing.

    Where it waits for another officer, or for a day, nobody can do anything about it now.
    """
    path = case.machine.main_path
    leads_on = case.state == case.machine.initial and told.transition.target in path[1:]
    return leads_on and all(reason.field for reason in told.refusals)
