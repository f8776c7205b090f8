"""The machine of a worker's place on a site: offered, signed, named, trained, at work, gone."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from kernel.workflow import relations
from kernel.workflow.machines import DeadlineRule, Machine, State, Transition
from labour.roster import rules, schemas

# Articles are written as the law is cited; here the catalogue finds them for other languages.
CONTRACT = gettext_noop("《保障农民工工资支付条例》第二十八条")
MONTHLY = gettext_noop("《保障农民工工资支付条例》第三十一条")
REAL_NAME = gettext_noop("《建筑工人实名制管理办法（试行）》（建市〔2019〕18号）")
INSPECTION = gettext_noop("《劳动保障监察条例》第十四条、第十七条")
SPECIAL = gettext_noop("《建设工程安全生产管理条例》第二十五条")
PLATFORM = gettext_noop("平台规则：建筑工人实名名册")

OFFERED, SIGNED, REAL_NAMED, TRAINED = "offered", "signed", "real_named", "trained"
ADMITTED, WORKING, EXIT_PENDING, EXITED = "admitted", "working", "exit_pending", "exited"
ALERT, HR_CASE, BLOCKED, DECLINED = "alert", "hr_case", "blocked", "declined"
LIVE = (
    OFFERED,
    SIGNED,
    REAL_NAMED,
    TRAINED,
    ADMITTED,
    WORKING,
    EXIT_PENDING,
    ALERT,
    HR_CASE,
    BLOCKED,
)
ON_SITE = (ADMITTED, WORKING, ALERT, HR_CASE, BLOCKED, EXIT_PENDING)


def _state(code: str, label: Any, tone: str, article: str = REAL_NAME, **more: Any) -> State:
    return State(code, label, tone, article, **({"source": "remembered"} | more))


def _act(
    code: str,
    label: Any,
    sources: tuple[str, ...],
    target: str,
    effect: Any,
    done: Any,
    **more: Any,
) -> Transition:
    settings = {"article": REAL_NAME, "source": "remembered"} | more
    return Transition(code, label, sources, target, effect=effect, done=done, **settings)


_LAW = {"article": CONTRACT, "source": "statute_text"}
_PAID = {"article": MONTHLY, "source": "statute_text"}
_OWN = {"article": PLATFORM, "source": "own_default"}

WORKER = Machine(
    code="labour.worker",
    label=_("建筑工人"),
    initial=OFFERED,
    main_path=(OFFERED, SIGNED, REAL_NAMED, TRAINED, ADMITTED, WORKING, EXIT_PENDING, EXITED),
    states=(
        _state(OFFERED, _("待签劳动合同"), "amber", **_LAW),
        _state(SIGNED, _("已签劳动合同"), "blue", **_LAW),
        _state(REAL_NAMED, _("已实名登记"), "blue", **_LAW),
        _state(TRAINED, _("已完成三级教育"), "blue"),
        _state(ADMITTED, _("已准许进场"), "green"),
        _state(WORKING, _("在场作业"), "green"),
        _state(EXIT_PENDING, _("待退场结清"), "amber", **_PAID),
        _state(EXITED, _("已退场"), "grey", final=True),
        _state(ALERT, _("欠薪预警"), "red", **_PAID),
        _state(HR_CASE, _("劳动保障监察已立案"), "red", INSPECTION),
        _state(BLOCKED, _("已停止作业"), "red", SPECIAL),
        _state(DECLINED, _("未签订"), "grey", final=True, **_LAW),
    ),
    masked=("card_number",),
    relations=(
        relations.person("self", "person_id"),
        relations.party("crew", "crew_uscc"),
        relations.party("contractor", "contractor_uscc"),
        relations.authority(),
    ),
    transitions=(
        _act(
            "offer", _("约定用工"), (), OFFERED,
            _("写明工种、工资和期限，由工人本人签订劳动合同。"), _("已约定用工"),
            schema=schemas.OfferPayload,
            guards=(rules.site_is_open, rules.crew_is_on_no_list, rules.worker_is_known,
                    rules.worker_is_new_here, rules.codes_are_listed, rules.terms_are_whole,
                    rules.files_are_there),
            button=_("交工人签订"), **_LAW,
        ),
        _act(
            "sign", _("本人签订劳动合同"), (OFFERED,), SIGNED,
            _("劳动合同成立；工资按月支付到您本人的银行卡。"), _("已签订劳动合同"),
            schema=schemas.SignPayload,
            guards=(rules.crew_is_on_no_list, rules.identity_is_sound,
                    rules.identity_is_confirmed, rules.age_allows, rules.consent_is_given,
                    rules.card_is_named),
            button=_("同意并签订"), desk=True, **_LAW,
        ),
        _act(
            "decline", _("不签订"), (OFFERED,), DECLINED,
            _("您不接受这份用工约定。"), _("未签订"),
            schema=schemas.ReasonPayload, guards=(rules.reason_is_given,), grave=True, **_LAW,
        ),
        _act(
            "real_name", _("实名登记"), (SIGNED,), REAL_NAMED,
            _("核对身份后进入实名名册；人脸识别不是唯一方式。"), _("已实名登记"),
            schema=schemas.RealNamePayload,
            guards=(rules.identity_is_sound, rules.codes_are_listed, rules.face_is_free,
                    rules.certificate_holds, rules.files_are_there),
            desk=True, **_LAW,
        ),
        _act(
            "train", _("三级安全教育"), (REAL_NAMED,), TRAINED,
            _("公司、项目、班组三级教育学时和考核合格后方可进场。"), _("三级教育合格"),
            schema=schemas.TrainPayload, guards=(rules.training_is_whole,), desk=True,
        ),
        _act(
            "admit", _("准许进场"), (TRAINED,), ADMITTED,
            _("自此可以通过门禁进场作业。"), _("已准许进场"),
            guards=(rules.crew_is_on_no_list, rules.no_other_site, rules.certificate_holds,
                    rules.age_allows),
            desk=True,
        ),
        _act(
            "work", _("首次进场"), (ADMITTED,), WORKING,
            _("首次考勤后即为在场作业，应得工资自此计算。"), _("已进场作业"),
            schema=schemas.WorkPayload,
            guards=(rules.attendance_is_real, rules.certificate_holds), desk=True,
        ),
        _act(
            "attend", _("登记考勤"), (WORKING, ALERT, HR_CASE), "",
            _("门禁设备上传，或者手工补记并说明原因。"), _("已登记考勤"),
            schema=schemas.AttendPayload,
            guards=(rules.attendance_is_real, rules.certificate_holds),
        ),
        _act(
            "pay", _("工资到账"), (WORKING, ALERT, HR_CASE, BLOCKED, EXIT_PENDING), "",
            _("当月工资已支付到本人银行卡。"), _("工资已支付"),
            schema=schemas.MonthPayload, automatic=True, **_PAID,
        ),
        _act(
            # Also of who was sent away meanwhile: else whoever owes wages could silence it.
            "alert", pgettext_lazy("wages", "欠薪预警"), (WORKING, EXIT_PENDING), ALERT,
            _("工资逾期未付，或者出勤满月后逾期未编制工资表，提示劳动保障监察。"), _("已欠薪预警"),
            schema=schemas.MonthPayload, automatic=True, **_PAID,
        ),
        _act(
            "clear_alert", _("解除预警"), (ALERT,), WORKING,
            _("所欠工资已经付清，预警解除。"), _("已解除预警"),
            guards=(rules.nothing_is_overdue,), automatic=True, **_PAID,
        ),
        _act(
            "open_case", _("劳动保障监察立案"), (ALERT, BLOCKED), HR_CASE,
            _("对拖欠工资立案调查；工资付清后方可结案。"), _("已立案"),
            schema=schemas.OpenCasePayload,
            guards=(rules.something_is_overdue, rules.case_is_numbered, rules.reason_is_given),
            article=INSPECTION, desk=True,
        ),
        _act(
            "close_case", _("劳动保障监察结案"), (HR_CASE,), WORKING,
            _("所欠工资已经付清，结案。"), _("已结案"),
            schema=schemas.ReasonPayload,
            guards=(rules.nothing_is_overdue, rules.comes_back_from_nowhere_else,
                    rules.reason_is_given),
            article=INSPECTION, desk=True,
        ),
        _act(
            # A worker who is owed wages is free to take other work, and does not come back by this.
            "close_case_away", _("结案，工人待退场"), (HR_CASE,), EXIT_PENDING,
            _("所欠工资已经付清，结案；工人已在其他工地，本工地待退场结清。"), _("已结案"),
            schema=schemas.ReasonPayload,
            guards=(rules.nothing_is_overdue, rules.works_elsewhere, rules.reason_is_given),
            article=INSPECTION,
        ),
        _act(
            "renew", _("更新操作资格证书"), (TRAINED, ADMITTED, WORKING, ALERT, HR_CASE), "",
            _("登记换发或者延续的证书，到期时间随之变动。"), _("已更新证书"),
            schema=schemas.CertificatePayload,
            guards=(rules.certificate_holds, rules.files_are_there), article=SPECIAL,
        ),
        _act(
            "block", _("停止作业"), (WORKING, ALERT), BLOCKED,
            _("工人不得继续作业，门禁停用；已出勤的工资照付。"), _("已停止作业"),
            schema=schemas.ReasonPayload, guards=(rules.reason_is_given,), grave=True, **_OWN,
        ),
        _act(
            "lapse_certificate", _("证书到期停工"), (WORKING, ALERT), BLOCKED,
            _("特种作业操作资格证书到期，自动停止作业。"), _("证书到期，已停止作业"),
            automatic=True, article=SPECIAL,
        ),
        _act(
            "unblock", _("恢复作业"), (BLOCKED,), WORKING,
            _("原因消除后可以继续作业；特种作业须有有效证书。"), _("已恢复"),
            schema=schemas.UnblockPayload,
            guards=(rules.reason_is_given, rules.certificate_holds, rules.no_other_site,
                    rules.files_are_there),
            **_OWN,
        ),
        _act(
            "request_exit", _("申请退场"),
            (SIGNED, REAL_NAMED, TRAINED, ADMITTED, WORKING, ALERT, BLOCKED), EXIT_PENDING,
            _("停止进场，结清工资后退场。"), _("已申请退场"),
        ),
        _act(
            "exit", _("结清退场"), (EXIT_PENDING,), EXITED,
            _("全部工资已付清，劳动关系在本工地结束，名册保存至完工后三年。"), _("已退场"),
            guards=(rules.all_wages_paid,), desk=True, **_PAID,
        ),
    ),
    deadlines=(
        *(
            DeadlineRule(
                state, "worker.certificate", _("操作资格证书有效期"), "labour_clerk",
                on_due="lapse_certificate", column="certificate_ends_at", article=SPECIAL,
            )
            for state in (WORKING, ALERT)
        ),
        # Whether or not anybody lists wages: a month at the gate is paid within the next.
        *(
            DeadlineRule(
                state, "worker.wages", _("按月支付工资"), "labour_clerk",
                on_due="" if state == BLOCKED else "alert", column="wages_due_at",
                article=MONTHLY, source="statute_text",
            )
            for state in (WORKING, BLOCKED, EXIT_PENDING)
        ),
    ),
)  # fmt: skip
