"""The machines of what an enterprise declares: C when declared, B when an officer checked it.

Level A comes from the platform's own record or an authority's feed, never from here.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from credit.enterprises.declarations import rules
from credit.enterprises.declarations.schemas import (
    AchievementPayload,
    CheckPayload,
    CorrectPayload,
    FinancePayload,
    ReasonPayload,
)
from kernel.workflow import relations
from kernel.workflow.machines import DeadlineRule, Guard, Machine, Payload, State, Transition

# Articles are written as the law is cited; here the catalogue finds them for other languages.
PROOF = gettext_noop("平台规则：企业信息档案核验等级")
DECLARED, CHECKED, REFUSED, WITHDRAWN = "declared", "checked", "refused", "withdrawn"
SHOWN = (DECLARED, CHECKED)
LEVELS = {DECLARED: "C", CHECKED: "B"}


def _act(code: str, label: Any, sources: tuple[str, ...], target: str, **more: Any) -> Transition:
    settings = {"article": PROOF, "source": "own_default"} | more
    return Transition(code, label, sources, target, **settings)


def _machine(
    code: str, label: Any, declare: Any, schema: type[Payload], guards: tuple[Guard, ...]
) -> Machine:
    return Machine(
        code=code,
        label=label,
        initial=DECLARED,
        main_path=(DECLARED, CHECKED),
        states=(
            State(DECLARED, _("已申报（C 级）"), "amber", PROOF, source="own_default"),
            State(CHECKED, _("已核对原件（B 级）"), "green", PROOF, source="own_default"),
            State(REFUSED, _("未予采信"), "grey", PROOF, final=True, source="own_default"),
            State(
                WITHDRAWN, pgettext_lazy("declaration", "已撤回"), "grey", PROOF, final=True,
                source="own_default",
            ),
        ),
        relations=(relations.party("enterprise", "uscc"), relations.authority()),
        transitions=(
            _act(
                "declare", declare, (), DECLARED,
                effect=_("记入企业信息档案并标明“企业自行申报”；核对原件之前不作为已核验的信息使用。"),
                schema=schema, guards=guards, done=pgettext_lazy("declaration", "已申报"),
            ),
            _act(
                "check", _("核对原件"), (DECLARED,), CHECKED,
                effect=_("确认申报内容与原件一致，核验等级由 C 升为 B。"),
                schema=CheckPayload, guards=(rules.is_another_than_declared,),
                done=_("已核对原件"), desk=True,
            ),
            _act(
                "refuse", _("不予采信"), SHOWN, REFUSED,
                effect=_("申报内容与原件不符，不再在档案中显示。"),
                schema=ReasonPayload, guards=(rules.reason_is_given,), grave=True,
                done=_("未予采信"),
            ),
            _act(
                "withdraw", pgettext_lazy("declaration", "撤回申报"), SHOWN, WITHDRAWN,
                effect=_("撤回申报，不再在档案中显示。"), grave=True,
                done=_("已撤回申报"),
            ),
            _act(
                "correct", _("更正"), SHOWN, "",
                effect=_("依已受理的更正申请更正一项内容。"),
                schema=CorrectPayload, automatic=True, done=_("已更正"),
            ),
        ),
        deadlines=(
            DeadlineRule(
                DECLARED, "archive.declaration.check", _("核对原件"), "credit_officer"
            ),
        ),
    )  # fmt: skip


CLAIM = _machine(
    "credit.achievement_claim", _("申报业绩"), _("申报业绩"), AchievementPayload,
    rules.ACHIEVEMENT,
)  # fmt: skip
FINANCE = _machine(
    "credit.finance_summary", _("财务摘要"), _("申报财务摘要"), FinancePayload, rules.FINANCE
)
