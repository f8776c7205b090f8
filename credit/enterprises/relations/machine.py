"""The machine of a relation between two enterprises: on record, and over one day."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from credit.enterprises.relations import rules
from credit.enterprises.relations.schemas import EndPayload, RelationPayload
from kernel.workflow import relations
from kernel.workflow.machines import Machine, State, Transition

# The law that asks about it: who stands so to another does not bid beside it, nor to it.
ARTICLE = gettext_noop("《招标投标法实施条例》第三十四条")
IN_FORCE, ENDED = "in_force", "ended"

RELATION = Machine(
    code="credit.relation",
    label=_("企业关联关系"),
    initial=IN_FORCE,
    main_path=(IN_FORCE, ENDED),
    states=(
        State(IN_FORCE, pgettext_lazy("relation", "存续"), "blue", ARTICLE),
        State(ENDED, pgettext_lazy("relation", "已终止"), "grey", ARTICLE, final=True),
    ),
    relations=(relations.party("related", "uscc", "other_uscc"), relations.authority()),
    transitions=(
        Transition(
            "record", _("登记关联关系"), (), IN_FORCE,
            effect=_("依登记机关资料或者文书记入企业信息档案。存续期间，两家单位不得参加同一标段投标，也不得向对方的招标投标。"),
            article=ARTICLE, source="statute_text", schema=RelationPayload, guards=rules.RECORDED,
            done=_("已登记关联关系"),
        ),
        Transition(
            "end", _("登记关系终止"), (IN_FORCE,), ENDED,
            effect=_("关联关系自所填日期的次日起不再存续；此前的记录保留。"),
            article=ARTICLE, source="statute_text", schema=EndPayload, guards=rules.ENDED,
            grave=True, done=_("已登记终止"),
        ),
    ),
)  # fmt: skip
