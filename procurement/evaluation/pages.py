"""How an evaluation is shown: names and points to nobody but its members until it is reported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.access.actors import Actor
from kernel.parties.models import Membership
from kernel.web import desk_parts, presenters
from kernel.web.presenters import ActForm, Presenter
from kernel.web.schema_forms import Words
from kernel.web.viewmodels import Fact, FactGroup, Link
from kernel.web.words import listed, with_note
from kernel.workflow.machines import Transition
from procurement.bids import grades
from procurement.evaluation import inputs, rules, session_view
from procurement.evaluation.formulas import points
from procurement.evaluation.machine import EVALUATION
from procurement.evaluation.models import Evaluation, Question
from procurement.evaluation.secrecy import TOLD, knows_names
from procurement.evaluation.selectors import codes, label, result_of
from procurement.evaluation.states import SUMMARY
from procurement.tendering import selectors as tendering


def _seats(case: Any, actor: Actor, _at: datetime) -> Iterable[tuple[str, Any]]:
    if case is None:
        return ()
    rows = case.seats.exclude(status=rules.GONE).select_related("person")
    named = knows_names(case, actor)
    return [
        (str(row.number), f"{row.number} {row.person.name}" if named else _("席位 %d") % row.number)
        for row in rows
    ]


def _bids(case: Any, _actor: Actor, _at: datetime) -> Iterable[tuple[str, Any]]:
    found = inputs.opened(case.lot_number) if case is not None else None
    return [(str(bid.bid_id), bid.name) for bid in (found.bids if found else ())]


def _criteria(case: Any, _actor: Actor, _at: datetime) -> Iterable[tuple[str, Any]]:
    terms = inputs.lot_terms(case.lot_number) if case is not None else None
    return [
        (one.code, with_note(one.label, points(one.maximum)))
        for one in (terms.criteria if terms else ())
    ]


def _questions(case: Any, actor: Actor, at: datetime) -> Iterable[tuple[str, Any]]:
    if case is None:
        return ()
    open_ones = Question.objects.filter(evaluation=case, answered_at=None, reply_by__gte=at)
    if actor.role != "expert":  # a bidder sees what it was asked, and nothing else
        open_ones = open_ones.filter(uscc=actor.uscc)
    return [(str(row.pk), row.question[:80]) for row in open_ones]


def _representatives(_case: Any, actor: Actor, _at: datetime) -> Iterable[tuple[str, Any]]:
    rows = Membership.objects.filter(role="expert", organisation_id=actor.organisation_id)
    return [(str(row.person_id), row.person.name) for row in rows.select_related("person")]


def stages(_case: Any = None, _actor: Any = None, _at: Any = None) -> list[tuple[str, Any]]:
    """The steps of the preliminary review with their words."""
    return [
        ("form", _("形式评审")),
        ("qualification", _("资格评审")),
        ("response", _("响应性评审")),
    ]


def _lots(case: Any, actor: Actor, _at: datetime) -> list[tuple[str, str]]:
    return tendering.options(actor.uscc, "published", "paused", "closing", "opening", "evaluating")


class EvaluationPresenter(Presenter):
    """An evaluation's case page and act pages."""

    machine = EVALUATION
    fields = {
        "lot_number": Words(gettext_lazy("标段编号"), options=_lots),
        "experts": Words(gettext_lazy("抽取专家人数"), unit=gettext_lazy("人")),
        "representatives": Words(
            gettext_lazy("招标人代表"),
            help=gettext_lazy("不超过委员会总人数的三分之一。"),
            options=_representatives,
        ),
        "hours": Words(
            gettext_lazy("评标时间"),
            unit=gettext_lazy("小时"),
            help=gettext_lazy("自初步评审开始计算，填 0 为不限定。"),
        ),
        "late_reason": Words(
            gettext_lazy("开标后组建的理由"),
            help=gettext_lazy(
                "开标时间已到的才填写：写明开标前没有组建的原因，由监督部门决定是否准许。"
            ),
        ),
        "until": Words(gettext_lazy("延长至")),
        "nonce": Words(
            gettext_lazy("招标人随机数"),
            help=gettext_lazy("任意输入一段他人无法预知的文字，与平台随机数共同确定抽取次序。"),
        ),
        "document": Words(gettext_lazy("准许文号")),
        "reason": Words(gettext_lazy("理由")),
        "no_conflict": Words(gettext_lazy("本人与全部投标人均无应当回避的情形")),
        "cause": Words(gettext_lazy("情形"), options="expert_absence"),
        "statement": Words(gettext_lazy("情况说明")),
        "leader": Words(gettext_lazy("组长"), options=_seats),
        "seat": Words(gettext_lazy("席位"), options=_seats),
        "bid_id": Words(gettext_lazy("投标人"), options=_bids),
        "findings": Words(gettext_lazy("评审事项")),
        "findings.stage": Words(gettext_lazy("步骤"), options=stages),
        "findings.passed": Words(gettext_lazy("通过")),
        "findings.ground": Words(gettext_lazy("否决情形"), options="bid_rejection"),
        "findings.evidence": Words(gettext_lazy("所见事实")),
        "question": Words(gettext_lazy("需要澄清的问题")),
        "reply_by": Words(gettext_lazy("答复截止")),
        "clarification": Words(gettext_lazy("澄清事项"), options=_questions),
        "answer": Words(gettext_lazy("答复")),
        "marks": Words(gettext_lazy("打分"), lines=12),
        "marks.criterion": Words(gettext_lazy("评审因素"), options=_criteria),
        "marks.points": Words(gettext_lazy("得分")),
        "deviation_reason": Words(
            gettext_lazy("与平均分相差较大的理由"),
            help=gettext_lazy("与其他成员的平均分相差较大时填写。"),
        ),
        "opinion": Words(gettext_lazy("不同意见和理由")),
    }

    def act_form(self, transition: Transition, case: Any, *args: Any, **named: Any) -> ActForm:
        """As the schema says; who declares reads of whom."""
        made = super().act_form(transition, case, *args, **named)
        if case is not None and transition.code in {"check_in", "declare", "step_back"}:
            field = made.form.fields.get("no_conflict") or made.form.fields["cause"]
            field.help_text = bidders(case)
            for view in (view for group in made.groups for view in group.fields):
                if view.bound.field is field:
                    view.bound.help_text = field.help_text
        return made

    def act_page(self, case: Any, transition: str) -> str:
        """What is done bid by bid is done in the session, where the bids are."""
        if transition not in session_view.BY_BID:
            return ""
        return reverse("procurement:evaluation-session", args=[case.pk])

    def title(self, case: Any) -> str:
        """The lot's name."""
        terms = inputs.lot_terms(case.lot_number)
        return terms.name if terms else case.lot_number

    def search(self, text: str) -> Q:
        """By the lot's number."""
        return Q(lot_number__startswith=text.upper().removesuffix("-PB"))

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """Lot and committee, without names."""
        return (
            Fact(
                _("标段编号"),
                case.lot_number,
                "code",
                url=reverse("procurement:notice", args=[case.lot_number]),
            ),
            Fact(_("抽取专家人数"), case.experts, "number"),
            Fact(_("招标人代表人数"), case.representatives, "number"),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """What the platform has committed to; how far the committee has come, without names."""
        rows = list(case.seats.all())
        present = sum(row.status == rules.PRESENT for row in rows)
        live = sum(row.status != rules.GONE for row in rows)
        committee = (
            Fact(_("已通知"), live, "number"),
            Fact(_("已签到"), present, "number"),
            Fact(_("回避或更换"), len(rows) - live, "number"),
            *((Fact(_("评标截止时间"), case.ends_at, "moment"),) if case.ends_at else ()),
        )
        proof = (
            Fact(_("平台随机数承诺"), _short(case.nonce_commitment)),
            Fact(_("专家库快照"), _short(case.pool_sha256)),
            Fact(_("抽取次序承诺"), _short(case.order_sha256)),
            Fact(_("评标结果校验值"), _short(case.result_sha256)),
        )
        return (
            FactGroup(_("评标委员会"), committee),
            *_late(case),
            FactGroup(_("存证"), tuple(fact for fact in proof if fact.value)),
        )

    def linked(self, case: Any, actor: Actor, at: datetime) -> tuple[FactGroup, ...]:
        """The session for its members; names and result for whom they concern, in their time."""
        found = []
        if EVALUATION.relation("member").holds(case, actor):  # type: ignore[union-attr]
            url = reverse("procurement:evaluation-session", args=[case.pk])
            found.append(FactGroup(_("评标"), (Fact(_("进入评标"), _("本人的评审事项"), url=url),)))
        if knows_names(case, actor):
            found.append(FactGroup(_("成员"), tuple(_members(case, at))))
        if case.state in TOLD or (case.state == SUMMARY and knows_names(case, actor)):
            found.append(FactGroup(_("评标结果"), tuple(_ranking(case, actor))))
        return tuple(found)


def _late(case: Evaluation) -> Iterator[FactGroup]:
    """What came after the opening: why, and the supervising authority's leave."""
    if not case.late_draw_reason:
        return
    if case.late_draw_at is None:
        asked: tuple[Fact, ...] = (
            Fact(_("开标后组建的理由"), case.late_draw_reason, "name"),
            Fact(_("接下来"), _("由监督部门决定是否准许开标后抽取专家")),
        )
    else:
        asked = (
            Fact(_("准许文号"), case.late_draw_document, "code"),
            Fact(_("准许理由"), case.late_draw_reason, "name"),
            Fact(_("准许时间"), case.late_draw_at, "moment"),
        )
    yield FactGroup(_("开标后组建和抽取"), asked)


def bidders(case: Evaluation) -> str:
    """Whose bids are judged, in words; empty before the opening."""
    found = inputs.opened(case.lot_number)
    if found is None:
        return ""
    return _("投标人：%(names)s") % {"names": listed(bid.name for bid in found.bids)}


def _short(sha256: str) -> str:
    """The beginning of a hash; the whole of it is in the API's answer and in the log."""
    return f"{sha256[:24]}…" if sha256 else ""


def _members(case: Evaluation, at: datetime) -> Iterator[Fact]:
    words = {rules.CALLED: _("已通知"), rules.PRESENT: _("已签到"), rules.GONE: _("已退出")}
    seats = case.seats.select_related("person")
    if case.state not in TOLD:
        seats = seats.filter(status=rules.PRESENT)
    for row in seats:
        note = label("expert_absence", row.gone_cause, at) if row.gone_cause else ""
        leads = _("组长") if row.number == case.leader else ""
        said = listed(filter(None, (words[row.status], leads, note)))
        yield Fact(_("席位 %d") % row.number, with_note(row.person.name, said), "name")


def _ranking(case: Evaluation, actor: Actor) -> Iterator[Fact]:
    found, bids = result_of(case), inputs.opened(case.lot_number)
    names = {bid.bid_id: bid.name for bid in (bids.bids if bids else ())}
    rows = found["ranking"] if found else ()
    graded = grades.at_opening(case.lot_number, [row["uscc"] for row in rows], actor)
    for sentence in session_view.tied(case, found, case.region) if found else ():
        yield Fact(_("总分相同的排序依据"), sentence, "name")
    for row in rows:
        yield Fact(
            _("第 %d 名") % row["rank"],
            f"{names.get(row['bid_id'], row['uscc'])} {points(row['total'])}",
            "name",
        )
        if (one := graded.get(row["uscc"])) is not None:
            said = f"{one.grade} · {one.value} · {one.number}"
            yield Fact(_("投标截止时信用等级"), said, url=one.reasons_url or one.url)


def grounds(at: datetime) -> list[tuple[str, str]]:
    """Grounds of rejection as choices."""
    return sorted((code, label("bid_rejection", code, at)) for code in codes("bid_rejection", at))


def _begin(actor: Actor) -> Iterator[Link]:
    if actor.role in {"agency_clerk", "owner_clerk"}:
        yield Link(_("组建评标委员会"), reverse("web:act-open", args=[EVALUATION.code]))


presenters.register(EvaluationPresenter())
desk_parts.add(actions=_begin)
