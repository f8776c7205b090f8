"""The project's machine: registration, and what ends a project before its time."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kernel.access.actors import Actor
from kernel.workflow.machines import DeadlineRule, Machine, Relation, State, Transition
from kernel.workflow.relations import region_prefix
from procurement.projects import end_rules, party_rules, rules
from procurement.projects.schemas import (
    ChangePartyPayload,
    ProjectPayload,
    RecordPartiesPayload,
    ReturnPayload,
    TerminatePayload,
)


def _supervises(case: Any, actor: Actor) -> bool:
    region = str(case.region)
    if not actor.authority or not region.startswith(region_prefix(actor.region)):
        return False
    return case.state not in _UNSEEN or _handed_in().filter(case_pk=case.pk).exists()


def _supervised(actor: Actor) -> Q:
    if not actor.authority:
        return Q(pk__in=[])
    handed_in = Q(Exists(_handed_in().filter(case_pk=OuterRef("pk"))))
    return Q(region__startswith=region_prefix(actor.region)) & (~Q(state__in=_UNSEEN) | handed_in)


def _handed_in() -> QuerySet[Any]:
    """The acts by which projects came before an authority; before that a draft is the owner's."""
    from kernel.workflow.models import Act

    return Act.objects.filter(machine=PROJECT.code, transition="submit")


OWNER = Relation(
    "owner",
    lambda case, actor: case.owner_id == actor.organisation_id,
    lambda actor: Q(owner_id=actor.organisation_id),
)
AUTHORITY = Relation("authority", _supervises, _supervised)

# Articles are written as the law is cited; here the catalogue finds them for other languages.
ARTICLES = (
    gettext_noop("平台规则"),
    gettext_noop("《工程建设项目报建管理办法》第4条"),
    gettext_noop("《行政许可法》第32条第1款第4项"),
)

DRAFT, SUBMITTED, RETURNED, REGISTERED, TERMINATED, CLOSED = (
    "draft", "submitted", "returned", "registered", "terminated", "closed",
)  # fmt: skip
# States that a project can be in without ever having been handed in.
_UNSEEN = (DRAFT, TERMINATED)

PROJECT = Machine(
    code="procurement.project",
    label=_("项目报建"),
    initial=DRAFT,
    main_path=(DRAFT, SUBMITTED, REGISTERED, CLOSED),
    masked=("manager_phone",),
    states=(
        State(DRAFT, _("草稿"), "grey", rules.ARTICLE_PLATFORM, source="own_default"),
        State(
            SUBMITTED,
            _("待受理"),
            "blue",
            rules.ARTICLE_REGISTRATION,
            source="remembered_uncertain",
        ),
        State(RETURNED, _("已退回补正"), "amber", "《行政许可法》第32条第1款第4项"),
        State(
            REGISTERED,
            _("已报建"),
            "green",
            rules.ARTICLE_REGISTRATION,
            source="remembered_uncertain",
        ),
        State(
            TERMINATED,
            _("已终止"),
            "grey",
            rules.ARTICLE_PLATFORM,
            final=True,
            source="own_default",
        ),
        State(
            CLOSED,
            _("已办结"),
            "grey",
            rules.ARTICLE_PLATFORM,
            final=True,
            source="own_default",
        ),
    ),
    relations=(OWNER, AUTHORITY),
    transitions=(
        Transition(
            "open",
            _("新建报建"),
            (),
            DRAFT,
            effect=_("建立一份报建草稿。草稿只有本单位看得到，尚无法律效力。"),
            article=rules.ARTICLE_PLATFORM,
            source="own_default",
            schema=ProjectPayload,
            button=_("保存草稿"),
            done=_("已建立草稿"),
        ),
        Transition(
            "amend",
            _("修改"),
            (DRAFT, RETURNED),
            "",
            effect=_("保存报建内容。递交之前可以反复修改。"),
            article=rules.ARTICLE_PLATFORM,
            source="own_default",
            schema=ProjectPayload,
            button=_("保存"),
            desk=True,
            done=_("已保存"),
        ),
        Transition(
            "submit",
            _("递交报建"),
            (DRAFT, RETURNED),
            SUBMITTED,
            effect=_("向项目所在地主管部门递交报建。递交后不可修改，受理期限自次日起算。"),
            article=rules.ARTICLE_REGISTRATION,
            source="remembered_uncertain",
            guards=rules.COMPLETE,
            desk=True,
            done=_("已递交"),
        ),
        Transition(
            "accept",
            _("受理并登记"),
            (SUBMITTED,),
            REGISTERED,
            effect=_("准予报建登记，赋予项目编号，向社会公开，并生成待签发的报建登记证。"),
            article=rules.ARTICLE_REGISTRATION,
            source="remembered_uncertain",
            guards=rules.COMPLETE,
            desk=True,
            done=_("已登记"),
        ),
        Transition(
            "return",
            _("退回补正"),
            (SUBMITTED,),
            RETURNED,
            effect=_("一次性告知需要补正的全部内容，退回建设单位。"),
            article="《行政许可法》第32条第1款第4项",
            source="remembered",
            schema=ReturnPayload,
            guards=(rules.reason_is_given,),
            desk=True,
            done=_("已退回"),
        ),
        Transition(
            "lapse",
            _("逾期未补正，退为草稿"),
            (RETURNED,),
            DRAFT,
            effect=_("补正期限届满未递交，本次报建视为撤回，可重新递交。"),
            article=rules.ARTICLE_PLATFORM,
            source="own_default",
            automatic=True,
            done=_("视为撤回"),
        ),
        Transition(
            "withdraw",
            _("撤回报建"),
            (SUBMITTED,),
            DRAFT,
            effect=_("在作出决定之前撤回报建，退为草稿，可修改后重新递交。"),
            article=rules.ARTICLE_PLATFORM,
            source="own_default",
            done=_("已撤回"),
        ),
        Transition(
            "change_party",
            _("变更参建单位"),
            (REGISTERED,),
            "",
            effect=_(
                "变更项目登记的参建单位；变更前后、事由和依据均记录在案，未验收的单位工程随之变更。"
            ),
            article=rules.ARTICLE_PLATFORM,
            source="own_default",
            schema=ChangePartyPayload,
            guards=party_rules.CHANGE,
            done=_("已变更参建单位"),
        ),
        Transition(
            "record_parties",
            _("登记合同当事人"),
            (REGISTERED,),
            "",
            effect=_("合同签订后，施工单位和合同约定的监理单位登记为参建单位。"),
            article=rules.ARTICLE_PLATFORM,
            source="own_default",
            schema=RecordPartiesPayload,
            automatic=True,
            done=_("已登记合同当事人"),
        ),
        Transition(
            "close",
            _("办结项目"),
            (REGISTERED,),
            CLOSED,
            effect=_("各单位工程均已备案、移交档案并办结，项目办结。"),
            article=rules.ARTICLE_PLATFORM,
            source="own_default",
            guards=end_rules.END,
            automatic=True,
            done=_("项目已办结"),
        ),
        Transition(
            "finish",
            _("申请办结项目"),
            (REGISTERED,),
            CLOSED,
            effect=_(
                "各单位工程均已办结，没有进行中的标段和合同，项目办结；否则逐项告知尚缺什么。"
            ),
            article=rules.ARTICLE_PLATFORM,
            source="own_default",
            guards=end_rules.END,
            grave=True,
            done=_("项目已办结"),
        ),
        Transition(
            "terminate",
            _("终止项目"),
            (DRAFT, SUBMITTED, RETURNED, REGISTERED),
            TERMINATED,
            effect=_("终止本项目。终止后不能恢复，需要时须重新报建。"),
            article=rules.ARTICLE_PLATFORM,
            source="own_default",
            schema=TerminatePayload,
            guards=(rules.reason_is_given,),
            grave=True,
            done=_("已终止"),
        ),
    ),
    deadlines=(
        DeadlineRule(
            SUBMITTED,
            "project.registration.decide",
            _("受理或退回"),
            "registration_officer",
        ),
        DeadlineRule(
            RETURNED,
            "project.registration.correct",
            _("补正并重新递交"),
            "owner_clerk",
            on_due="lapse",
        ),
    ),
)
