"""The machine of an evaluation: from the committee that is formed to the report handed over."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from kernel.access.actors import Actor
from kernel.workflow import relations
from kernel.workflow.machines import Machine, Relation, State, Transition
from procurement.evaluation import rules, schemas, time_rules
from procurement.evaluation import session_rules as session


def _sits(case: Any, actor: Actor) -> bool:
    return bool(actor.person_id) and _seats(actor).filter(evaluation_id=case.pk).exists()


def _sat(actor: Actor) -> Q:
    return Q(pk__in=_seats(actor).values("evaluation_id")) if actor.person_id else Q(pk__in=[])


def _seats(actor: Actor) -> Any:
    from procurement.evaluation.models import CommitteeSeat

    return CommitteeSeat.objects.filter(person_id=actor.person_id).exclude(status=rules.GONE)


def _was_asked(case: Any, actor: Actor) -> bool:
    return bool(actor.uscc) and _questions(actor).filter(evaluation_id=case.pk).exists()


def _questions(actor: Actor) -> Any:
    from procurement.evaluation.models import Question

    return Question.objects.filter(uscc=actor.uscc or "-", answered_at=None)


MEMBER = Relation("member", _sits, _sat, asks=True)
AGENCY = relations.party("agency", "agency_uscc")
OWNER = relations.party("owner", "owner_uscc")
ASKED = Relation(
    "asked",
    _was_asked,
    lambda actor: Q(pk__in=_questions(actor).values("evaluation_id")),
    asks=True,
)

PLATFORM = gettext_noop("平台规则")
L37 = gettext_noop("《招标投标法》第三十七条")
L40 = gettext_noop("《招标投标法》第四十条")
R46 = gettext_noop("《招标投标法实施条例》第四十六条")
R48 = gettext_noop("《招标投标法实施条例》第四十八条")
R49 = gettext_noop("《招标投标法实施条例》第四十九条")
R51 = gettext_noop("《招标投标法实施条例》第五十一条")
R52 = gettext_noop("《招标投标法实施条例》第五十二条")
R53 = gettext_noop("《招标投标法实施条例》第五十三条")
ORDER12 = gettext_noop("《评标委员会和评标方法暂行规定》（国家发展计划委员会等令第12号）")

(FORMING, READY, IN_SESSION, PRELIMINARY, CLEARING, CLARIFYING, DETAILED, PRICED, SUMMARY,
 REPORTED, HANDED, REVIEW, FAILED) = (
    "forming", "ready", "in_session", "preliminary", "clearing", "clarifying", "detailed",
    "priced", "summary", "reported", "handed", "review", "failed",
)  # fmt: skip
# States in which a member may still be replaced: no report with their signature stands.
OPEN_SESSION = (
    READY, IN_SESSION, PRELIMINARY, CLEARING, CLARIFYING, DETAILED, PRICED, SUMMARY, REVIEW,
)  # fmt: skip

EVALUATION = Machine(
    code="procurement.evaluation",
    label=_("评标"),
    initial=FORMING,
    main_path=(
        FORMING,
        READY,
        IN_SESSION,
        PRELIMINARY,
        CLEARING,
        DETAILED,
        PRICED,
        SUMMARY,
        REPORTED,
        HANDED,
    ),
    states=(
        State(FORMING, pgettext_lazy("state", "组建评标委员会"), "grey", L37),
        State(READY, _("专家已抽取，待签到"), "blue", R46),
        State(IN_SESSION, _("签到和推举组长"), "blue", ORDER12, source="remembered"),
        State(PRELIMINARY, _("初步评审"), "blue", L40, source="remembered"),
        State(CLEARING, _("清标"), "blue", PLATFORM, source="own_default"),
        State(CLARIFYING, _("澄清"), "amber", R52),
        State(DETAILED, _("详细评审"), "blue", R49),
        State(PRICED, _("报价已评分"), "blue", R49),
        State(SUMMARY, _("汇总，待签署报告"), "blue", R53),
        State(REPORTED, _("评标报告已签署"), "green", R53),
        State(HANDED, _("报告已提交招标人"), "green", R53),
        State(REVIEW, _("复议"), "amber", PLATFORM, source="own_default"),
        State(FAILED, _("否决全部投标"), "red", ORDER12, final=True, source="remembered"),
    ),
    relations=(MEMBER, AGENCY, OWNER, ASKED, relations.authority()),
    transitions=(
        Transition(
            "open",
            _("组建评标委员会"),
            (),
            FORMING,
            effect=_("为一个标段组建评标委员会。平台即时固定专家库快照，并对平台随机数作出承诺。"),
            article=L37,
            source="statute_text",
            schema=schemas.OpenPayload,
            guards=(
                rules.lot_is_known,
                rules.opener_is_its_owner,
                rules.only_one_committee,
                rules.committee_is_lawful,
                rules.representatives_are_the_owners,
            ),
            done=_("已组建评标委员会"),
        ),
        Transition(
            "draw",
            _("抽取评标专家"),
            (FORMING,),
            READY,
            effect=_("以平台和招标人的随机数共同确定抽取次序。专家名单在评标报告签署前保密。"),
            article=R46,
            source="statute_text",
            schema=schemas.DrawPayload,
            guards=(
                rules.opener_is_its_owner,
                rules.it_is_time_to_draw,
                rules.nonce_is_given,
                rules.pool_suffices,
            ),
            desk=True,
            done=_("已抽取评标专家"),
        ),
        Transition(
            "check_in",
            _("签到"),
            (READY, IN_SESSION),
            IN_SESSION,
            effect=_("到场签到，并对已知的全部投标人作出无回避情形的声明。"),
            article=L37,
            source="statute_text",
            schema=schemas.CheckInPayload,
            guards=(
                rules.bids_are_opened,
                rules.actor_is_called,
                rules.nothing_stands_between,
            ),
            desk=True,
            done=_("已签到"),
        ),
        Transition(
            "declare",
            _("回避或不能参加"),
            (READY, IN_SESSION),
            "",
            effect=_("退出本次评标。平台按抽取次序通知下一位专家。"),
            article=R46,
            source="statute_text",
            schema=schemas.DeclarePayload,
            guards=(
                rules.actor_is_called,
                rules.absence_is_explained,
                rules.somebody_is_left,
            ),
            grave=True,
            done=_("已声明回避"),
        ),
        Transition(
            "elect_leader",
            _("推举组长"),
            (IN_SESSION,),
            "",
            effect=_("记载评标委员会全体成员推举的组长。"),
            article=ORDER12,
            source="remembered",
            schema=schemas.ElectPayload,
            guards=(
                rules.actor_is_present,
                rules.everybody_is_present,
                rules.there_is_no_leader,
                rules.leader_is_a_member,
            ),
            desk=True,
            done=_("已推举组长"),
        ),
        Transition(
            "start_preliminary",
            _("开始初步评审"),
            (IN_SESSION,),
            PRELIMINARY,
            effect=_("开始形式、资格和响应性评审。"),
            article=L40,
            source="remembered",
            guards=(
                rules.bids_are_opened,
                rules.actor_is_present,
                rules.everybody_is_present,
                rules.there_is_a_leader,
                rules.actor_leads,
            ),
            desk=True,
            done=_("已开始初步评审"),
        ),
        Transition(
            "vote",
            _("初步评审表决"),
            (PRELIMINARY, REVIEW),
            "",
            effect=_("对一份投标文件逐项表决。过半数成员以同一情形认定的，否决该投标。"),
            article=R51,
            source="statute_text",
            schema=schemas.VotePayload,
            guards=(
                rules.actor_is_present,
                time_rules.time_is_left,
                session.bid_is_opened,
                session.vote_is_whole,
                session.rejection_has_its_ground,
                session.record_is_not_voted_away,
            ),
            desk=True,
            done=_("已表决"),
        ),
        Transition(
            "ask_time",
            _("认为评标时间不够"),
            (PRELIMINARY, CLEARING, CLARIFYING, DETAILED),
            "",
            effect=_("记载本人认为评标时间不够。超过三分之一的成员认为不够的，招标人应当延长。"),
            article=R48,
            source="statute_text",
            schema=schemas.ReasonPayload,
            guards=(
                rules.actor_is_present,
                time_rules.time_is_limited,
                time_rules.time_is_asked_for_once,
                rules.reason_is_given,
            ),
            done=_("已记载认为评标时间不够"),
        ),
        Transition(
            "extend_time",
            _("延长评标时间"),
            (PRELIMINARY, CLEARING, CLARIFYING, DETAILED, PRICED),
            "",
            effect=_("超过三分之一的成员认为评标时间不够，延长评标时间。"),
            article=R48,
            source="statute_text",
            schema=schemas.ExtendPayload,
            guards=(time_rules.more_than_a_third_asks, time_rules.new_end_is_later),
            desk=True,
            done=_("已延长评标时间"),
        ),
        Transition(
            "clear",
            _("清标"),
            (PRELIMINARY,),
            CLEARING,
            effect=_("全部表决完成后，平台自动检查报价清单。检查结果供评标委员会参考。"),
            article=PLATFORM,
            source="own_default",
            schema=schemas.ClearPayload,
            guards=(session.votes_are_in, session.a_bid_is_left),
            automatic=True,
            done=_("已清标"),
        ),
        Transition(
            "clarify",
            _("要求澄清"),
            (CLEARING, CLARIFYING),
            CLARIFYING,
            effect=_("以书面形式要求投标人澄清。澄清不得改变投标文件的实质性内容。"),
            article=R52,
            source="statute_text",
            schema=schemas.ClarifyPayload,
            guards=(
                rules.actor_is_present,
                rules.actor_leads,
                session.bid_is_opened,
                session.question_is_lawful,
            ),
            done=_("已要求澄清"),
        ),
        Transition(
            "reply",
            _("答复澄清"),
            (CLARIFYING,),
            "",
            effect=_("书面答复评标委员会。答复不得改变投标文件的实质性内容。"),
            article=R52,
            source="statute_text",
            schema=schemas.ReplyPayload,
            guards=(session.question_is_open,),
            desk=True,
            done=_("已答复澄清"),
        ),
        Transition(
            "score_detail",
            _("详细评审打分"),
            (CLEARING, CLARIFYING, DETAILED),
            DETAILED,
            effect=_("对一份有效投标按招标文件的全部技术、商务因素打分。报价由平台计算。"),
            article=R49,
            source="statute_text",
            schema=schemas.ScorePayload,
            guards=(
                rules.actor_is_present,
                time_rules.time_is_left,
                session.bid_is_opened,
                session.scored_bid_is_valid,
                session.questions_are_settled,
                session.marks_are_whole_and_bounded,
            ),
            desk=True,
            done=_("已打分"),
        ),
        Transition(
            "score_price",
            _("报价评分"),
            (DETAILED,),
            PRICED,
            effect=_("按招标文件的方法和开标前抽取的系数计算基准价和报价得分。"),
            article=R49,
            source="statute_text",
            guards=(
                session.scores_are_in,
                session.deviations_are_explained,
                session.what_the_formula_needs_was_drawn,
            ),
            automatic=True,
            done=_("已计算报价得分"),
        ),
        Transition(
            "recount",
            _("剔除无效投标后重新计算"),
            (PRICED, SUMMARY),
            "",
            effect=_("行政监督部门认定一份投标无效，结果不再计入该投标。已确认的基准价不变。"),
            article=R51,
            source="statute_text",
            guards=(session.a_bid_is_left, session.result_differs),
            automatic=True,
            done=_("已剔除无效投标后重新计算"),
        ),
        Transition(
            "rescore",
            _("复议打分"),
            (REVIEW,),
            "",
            effect=_("改正对一份有效投标的打分。基准价不变。"),
            article=PLATFORM,
            source="own_default",
            schema=schemas.ScorePayload,
            guards=(
                rules.actor_is_present,
                session.bid_is_opened,
                session.scored_bid_is_valid,
                session.marks_are_whole_and_bounded,
            ),
            done=_("已改正打分"),
        ),
        Transition(
            "summarise",
            _("汇总排序"),
            (PRICED, REVIEW),
            SUMMARY,
            effect=_("确认汇总结果，推荐中标候选人，生成待全体成员签署的评标报告。"),
            article=R53,
            source="statute_text",
            guards=(
                rules.actor_is_present,
                rules.actor_leads,
                time_rules.time_was_extended,
                session.votes_are_in,
                session.a_bid_is_left,
                session.scores_are_in,
                session.deviations_are_explained,
                session.result_stands,
            ),
            desk=True,
            done=_("已汇总"),
        ),
        Transition(
            "dissent",
            _("书面说明不同意见"),
            (SUMMARY,),
            "",
            effect=_("不同意见写入评标报告，报告重新生成后由全体成员签署。"),
            article=R53,
            source="statute_text",
            schema=schemas.DissentPayload,
            guards=(rules.actor_is_present, session.opinion_is_given),
            done=_("已写入不同意见"),
        ),
        Transition(
            "note_refusal",
            _("记载拒绝签字"),
            (SUMMARY,),
            "",
            effect=_("记载一名成员拒绝签字。未书面说明不同意见的，视为同意评标结果。"),
            article=R53,
            source="statute_text",
            schema=schemas.RefusalPayload,
            guards=(
                rules.actor_is_present,
                rules.actor_leads,
                session.refuser_is_a_member,
                session.a_majority_signs,
            ),
            grave=True,
            done=_("已记载拒绝签字"),
        ),
        Transition(
            "report",
            _("签署评标报告"),
            (SUMMARY,),
            REPORTED,
            effect=_("评标委员会成员签署评标报告后，报告生效。"),
            article=R53,
            source="statute_text",
            guards=(session.result_stands,),
            automatic=True,
            done=_("已签署评标报告"),
        ),
        Transition(
            "hand_over",
            _("接收评标报告"),
            (REPORTED,),
            HANDED,
            effect=_("招标人接收书面评标报告，应在三日内公示中标候选人。"),
            article=R53,
            source="statute_text",
            guards=(session.result_stands,),
            desk=True,
            done=_("已接收评标报告"),
        ),
        Transition(
            "replace_member",
            _("更换成员"),
            OPEN_SESSION,
            IN_SESSION,
            effect=_(
                "更换一名成员。其已作出的评审结论无效，由更换后的成员重新评审；已汇总的结果作废，待签署的报告撤回。"
            ),
            article=R48,
            source="remembered",
            schema=schemas.ReplacePayload,
            guards=(rules.absence_is_explained, rules.replaced_seat_is_held),
            grave=True,
            done=_("已更换成员"),
        ),
        Transition(
            "review",
            _("启动复议"),
            (REPORTED, HANDED),
            REVIEW,
            effect=_("原评标委员会改正错误。已确认的基准价不变。"),
            article=PLATFORM,
            source="own_default",
            schema=schemas.ReasonPayload,
            guards=(rules.reason_is_given, session.candidates_are_not_public),
            grave=True,
            done=_("已启动复议"),
        ),
        Transition(
            "fail",
            _("否决全部投标"),
            # Where a decision voids the last bids, whatever was counted by then.
            (PRELIMINARY, CLEARING, CLARIFYING, DETAILED, PRICED, SUMMARY, REVIEW),
            FAILED,
            effect=_("认定无有效投标，或有效投标不足三个且明显缺乏竞争，否决全部投标。"),
            article=ORDER12,
            source="remembered",
            schema=schemas.ReasonPayload,
            guards=(
                rules.actor_is_present,
                rules.actor_leads,
                time_rules.time_was_extended,
                session.votes_are_in,
                session.competition_is_lost,
            ),
            grave=True,
            done=_("已否决全部投标"),
        ),
    ),
)
