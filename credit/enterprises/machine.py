"""The machine of a licence: recorded from its issuer, lapses on its day, may be revoked."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from credit.enterprises import rules
from credit.enterprises.schemas import CorrectPayload, LicencePayload, RevokePayload
from kernel.workflow import relations
from kernel.workflow.machines import DeadlineRule, Machine, State, Transition

# Articles are written as the law is cited; here the catalogue finds them for other languages.
ARTICLE = gettext_noop("《建筑市场信用管理暂行办法》第五条")
LICENSING = gettext_noop("《行政许可法》第六十九条")
CORRECTING = gettext_noop("平台规则：企业信息档案更正")
VALID, LAPSED, REVOKED = "valid", "lapsed", "revoked"

LICENCE = Machine(
    code="credit.licence",
    label=_("企业证照"),
    initial=VALID,
    main_path=(VALID, LAPSED),
    states=(
        State(VALID, _("有效"), "green", ARTICLE, source="remembered_uncertain"),
        State(LAPSED, _("已过期"), "grey", ARTICLE, final=True, source="remembered_uncertain"),
        State(REVOKED, _("已吊销或撤销"), "red", LICENSING, final=True),
    ),
    relations=(relations.party("holder", "uscc"), relations.authority()),
    transitions=(
        Transition(
            "record",
            _("登记证照"),
            (),
            VALID,
            effect=_("把发证机关颁发的证照记入企业信息档案，向社会公开。"),
            article=ARTICLE,
            source="remembered_uncertain",
            schema=LicencePayload,
            guards=rules.SOUND,
            done=_("已登记证照"),
        ),
        Transition(
            "revoke",
            _("吊销或撤销"),
            (VALID,),
            REVOKED,
            effect=_("依发证机关的决定，该证照自即日起失效，不得再据以投标和施工。"),
            article=LICENSING,
            source="remembered",
            schema=RevokePayload,
            guards=(rules.reason_is_given, rules.is_nobody_of_the_enterprise),
            grave=True,
            done=_("已吊销或撤销"),
        ),
        Transition(
            "lapse",
            _("有效期届满"),
            (VALID,),
            LAPSED,
            effect=_("证照有效期届满，自动失效。"),
            article=ARTICLE,
            source="remembered_uncertain",
            automatic=True,
            done=_("有效期届满"),
        ),
        Transition(
            "correct",
            _("更正证照"),
            (VALID,),
            "",
            effect=_("依已受理的更正申请更正一项内容。"),
            article=CORRECTING,
            source="own_default",
            schema=CorrectPayload,
            automatic=True,
            done=_("已更正"),
        ),
    ),
    masked=("holder_id",),
    deadlines=(
        DeadlineRule(
            VALID,
            "licence.valid_to",
            _("有效期至"),
            "contractor_clerk",
            on_due="lapse",
            column="ends_at",
            article=ARTICLE,
            source="remembered_uncertain",
        ),
    ),
)
