"""A machine drawn from its own data: Mermaid text for docs, rows for pages."""

from __future__ import annotations

from kernel.access.table import TABLE
from kernel.workflow.machines import Machine


def mermaid(machine: Machine) -> str:
    """A Mermaid state diagram; who may do an act stands in braces behind it."""
    lines = ["stateDiagram-v2", "    direction LR"]
    for state in machine.states:
        lines.append(f"    {state.code}: {state.label}")
    for transition in machine.transitions:
        if transition.opens:
            lines.append(f"    [*] --> {machine.initial}: {_label(machine, transition.code)}")
        for source in transition.sources:
            target = transition.target or source
            lines.append(f"    {source} --> {target}: {_label(machine, transition.code)}")
    lines += [f"    {s.code} --> [*]" for s in machine.states if s.final]
    return "\n".join(lines) + "\n"


def _label(machine: Machine, code: str) -> str:
    transition = machine.transition(code)
    if transition is None:
        return code
    roles = sorted({a.role for a in TABLE.acts.get(machine.act_name(code), ())})
    who = "platform" if transition.automatic else ", ".join(roles)
    return f"{transition.label} {{{who}}}"


def reachable(machine: Machine) -> set[str]:
    """The states that acts can lead to, from the first one on."""
    seen, frontier = {machine.initial}, [machine.initial]
    while frontier:
        state = frontier.pop()
        for transition in machine.transitions:
            if state in transition.sources and transition.target not in {"", *seen}:
                seen.add(transition.target)
                frontier.append(transition.target)
    return seen
