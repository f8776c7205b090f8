"""The machine of works: from the signed contract to the end, one permit unit each."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kernel.workflow.machines import DeadlineRule, Machine, State
from kernel.workflow.relations import authority, party
from procurement.projects.works.ending import END_ACTS
from procurement.projects.works.states import (
    ABANDONED,
    ACCEPTANCE,
    ACCEPTED,
    ARCHIVE,
    CLOSED,
    CONTRACTED,
    FILED,
    LAW_7,
    LAW_8,
    LAW_9,
    LAW_10,
    ORDER_2_STOP,
    OWN_DEFAULT,
    PERMIT_REVIEW,
    PERMIT_VOID,
    PERMITTED,
    PLATFORM,
    QUALITY_16,
    QUALITY_49,
    REACCEPTANCE,
    STATUTE,
    SUSPENDED,
    UNDER_CONSTRUCTION,
)
from procurement.projects.works.transitions import END_UNBUILT, PERMIT_ACTS, SITE_ACTS

# Articles are written as the law is cited; here the catalogue finds them for other languages.
ARTICLES = (
    gettext_noop("《建筑法》第七条"),
    gettext_noop("《建筑法》第八条"),
    gettext_noop("《建筑法》第九条"),
    gettext_noop("《建筑法》第十条"),
    gettext_noop("《建设工程质量管理条例》第十七条"),
    gettext_noop("住房城乡建设部令第2号第六条"),
    gettext_noop("建质〔2013〕171号第六条"),
    gettext_noop("《城市建设档案管理规定》第六条"),
    gettext_noop("《行政许可法》第三十二条"),
)

STATES = (
    State(CONTRACTED, _("已订合同，待申领许可"), "grey", PLATFORM, source=OWN_DEFAULT),
    State(PERMIT_REVIEW, _("施工许可审查中"), "blue", LAW_8),
    State(PERMITTED, _("已取得施工许可"), "blue", LAW_9),
    State(UNDER_CONSTRUCTION, _("在建"), "blue", LAW_7, source="remembered"),
    State(SUSPENDED, _("已中止施工"), "amber", LAW_10),
    State(ACCEPTANCE, _("竣工验收中"), "blue", QUALITY_16),
    State(ACCEPTED, _("竣工验收合格"), "green", QUALITY_16),
    State(REACCEPTANCE, _("已责令重新组织竣工验收"), "red", ORDER_2_STOP, source="remembered"),
    State(FILED, _("已竣工备案"), "green", QUALITY_49),
    State(CLOSED, _("已办结"), "grey", PLATFORM, final=True, source=OWN_DEFAULT),
    State(PERMIT_VOID, _("施工许可证已废止"), "red", LAW_9),
    State(ABANDONED, _("合同已解除，未施工"), "grey", PLATFORM, final=True, source=OWN_DEFAULT),
)

WORKS = Machine(
    code="procurement.works",
    label=_("单位工程"),
    initial=CONTRACTED,
    main_path=(
        CONTRACTED,
        PERMIT_REVIEW,
        PERMITTED,
        UNDER_CONSTRUCTION,
        ACCEPTANCE,
        ACCEPTED,
        FILED,
        CLOSED,
    ),
    states=STATES,
    relations=(
        party("owner", "owner_uscc"),
        party("contractor", "contractor_uscc"),
        party("supervision", "supervision_uscc"),
        party("designer", "design_uscc", "survey_uscc"),
        authority(),
    ),
    transitions=(*PERMIT_ACTS, *END_UNBUILT, *SITE_ACTS, *END_ACTS),
    deadlines=(
        DeadlineRule(PERMIT_REVIEW, "permit.decide", _("作出许可决定"), "permit_officer"),
        # Said in calendar days, before the term of the law, which counts working days, is over.
        DeadlineRule(
            PERMIT_REVIEW,
            "permit.decide_alarm",
            _("作出许可决定（第七个自然日预警）"),
            "permit_officer",
        ),
        DeadlineRule(
            PERMITTED,
            "works.start",
            _("开工"),
            "owner_clerk",
            on_due="void",
            column="start_due_at",
            article=LAW_9,
            source=STATUTE,
        ),
        DeadlineRule(
            ACCEPTED,
            "acceptance.station_report",
            _("提交质量监督报告"),
            "station_officer",
            met_by="station_report",
        ),
        *(
            DeadlineRule(
                state,
                "archive.hand_over",
                _("移交建设档案"),
                "owner_clerk",
                column="archive_due_at",
                article=ARCHIVE,
                met_by="hand_over_archive",
            )
            for state in (ACCEPTED, FILED)
        ),
    ),
)
