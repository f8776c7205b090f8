"""How the acts on a conduct record are written down: what most of them share."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from credit.conduct import rules
from credit.conduct import second_pair as pairs
from credit.conduct.schemas import ReasonPayload
from credit.conduct.states import (
    APPEAL,
    EXIT,
    NOTICE,
    PENALTY,
    REPAIR,
    RULE,
    SECOND_PAIR,
    SHOWN,
)
from kernel.workflow.machines import Transition

WHY = {"schema": ReasonPayload, "guards": (rules.reason_is_given,)}
BY_NOTICE = {"article": NOTICE, "source": "own_default"}
BY_APPEAL = {"article": APPEAL, "source": "own_default"}
BY_REPAIR = {"article": REPAIR, "source": "web_page"}
BY_EXIT = {"article": EXIT, "source": "own_default"}
BY_PENALTY = {"article": PENALTY, "source": "statute_text"}


def act(
    code: str,
    label: object,
    sources: tuple[str, ...],
    target: str,
    effect: object,
    done: object,
    **more: object,
) -> Transition:
    """An act on a record; it rests on the rule of records where nothing else is named.

    Whoever works for the enterprise does none of an officer's.
    """
    settings = {"article": RULE, "source": "remembered"} | more
    settings["guards"] = (pairs.is_nobody_of_the_enterprise, *settings.get("guards", ()))  # type: ignore[misc]
    return Transition(code, label, sources, target, effect=effect, done=done, **settings)  # type: ignore[arg-type]


def propose(code: str, label: object, sources: tuple[str, ...], **more: object) -> Transition:
    """The first half of an act that two officers do: the record stays as it is.

    Of a record that nobody sees yet nothing is said of showing and weighing.
    """
    effect = (
        _("说明理由并提议，由另一名人员确认或者不同意；确认前照常公布、计分和计算期限。")
        if set(sources) <= set(SHOWN)
        else _("说明理由并提议，由另一名人员确认或者不同意；确认前记录不变，各项期限照常计算。")
    )
    settings = {
        "schema": ReasonPayload,
        "guards": (pairs.nothing_is_proposed, rules.reason_is_given),
        "article": SECOND_PAIR,
        "source": "own_default",
    } | more
    return act(
        code, label, sources, "", effect, _("已提议"), **settings,
    )  # fmt: skip
