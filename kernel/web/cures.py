"""The act that cures a refusal: the one whose form asks for what is missing."""

from __future__ import annotations

from collections.abc import Callable

from kernel.access.actors import Actor
from kernel.errors import Refusal
from kernel.web.addresses import address
from kernel.workflow import judge
from kernel.workflow.models import Case


def cures(case: Case, actor: Actor, *, but: str = "") -> Callable[[Refusal], str]:
    """Address of the act, open to this actor now, that fills the field of a refusal; else empty.

    but: the act that was refused, which is no cure for itself.
    """
    machine = case.machine
    by_field: dict[str, str] = {}
    for t in machine.transitions:
        if t.code == but or t.opens or t.automatic or case.state not in t.sources:
            continue
        if t.schema.model_fields and judge.permitted(machine, t, case, actor):
            url = address("web:act", machine.code, key=case.pk, then=(t.code,))
            by_field = dict.fromkeys(t.schema.model_fields, url) | by_field

    def url_of(refusal: Refusal) -> str:
        return by_field.get(refusal.field.partition(".")[0], "")

    return url_of
