"""What machines, their states and acts, and roles are called, put into a language once.

These words are the program's own: for one language they stay the same as long as a process lives.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel.access.actors import PLATFORM_ROLE
from kernel.access.table import TABLE
from kernel.web.viewmodels import StateChip
from kernel.web.words import cited
from kernel.workflow.machines import Machine, machines

TONES = {"grey": "plain", "blue": "action", "amber": "soon", "green": "done", "red": "stop"}


class ActWords(NamedTuple):
    """An act: as it is offered, as something that was done, and the article that it rests on."""

    label: str
    done: str
    article: str = ""


def kind(machine: Machine) -> str:
    """What such cases are called, in the active language."""
    return _kind(get_language(), machine.code)


def chip(machine: Machine, state: str) -> StateChip:
    """A state as a chip, in the active language."""
    return _chip(get_language(), machine.code, state)


def act(machine: Machine, transition: str) -> ActWords:
    """What an act is called in the active language; by its code where the machine has it no more.

    ``done`` is the label where nothing else is said of an act that was done.
    """
    return _act(get_language(), machine.code, transition)


def role(code: str) -> str:
    """A role in the active language."""
    return _role(get_language(), code)


@lru_cache(maxsize=512)
def _kind(_language: str | None, machine: str) -> str:
    return str(machines()[machine].label)


@lru_cache(maxsize=4096)
def _chip(_language: str | None, machine: str, code: str) -> StateChip:
    state = machines()[machine].state(code)
    return StateChip(str(state.label), TONES[state.tone], cited(state.article))  # type: ignore[arg-type]


@lru_cache(maxsize=4096)
def _act(_language: str | None, machine: str, code: str) -> ActWords:
    found = machines()[machine].transition(code)
    if found is None:
        return ActWords(code, code)
    return ActWords(str(found.label), str(found.done or found.label), cited(found.article))


@lru_cache(maxsize=512)
def _role(_language: str | None, code: str) -> str:
    # The platform acts when a time has come or something follows of itself, and holds no role.
    return _("平台") if code == PLATFORM_ROLE else TABLE.role_label(code)
