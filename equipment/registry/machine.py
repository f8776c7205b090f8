"""The machine of a lifting machine: filed, hired, installed, tested, used, dismantled, scrapped."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from equipment.registry import hands, rules, schemas
from kernel.workflow import relations
from kernel.workflow.machines import DeadlineRule, Machine, State, Transition

# Articles are written as the law is cited; here the catalogue finds them for other languages.
ORDER = gettext_noop("《建筑起重机械安全监督管理规定》（建设部令第166号）")
SAFETY = gettext_noop("《建设工程安全生产管理条例》第三十五条")
OPERATORS = gettext_noop("《建设工程安全生产管理条例》第二十五条")
INSTALLERS = gettext_noop("《建设工程安全生产管理条例》第十七条")
LIFE = gettext_noop("JGJ/T 189-2009《建筑起重机械安全评估技术规程》")
PLATFORM = gettext_noop("平台规则：设备档案")

NEW, APPLIED, FILED, IDLE, RENTED = "new", "applied", "filed", "idle", "rented"
NOTIFIED, INSTALLED, TESTED, ACCEPTED = "notified", "installed", "tested", "accepted"
USE_REGISTERED, IN_USE, RECHECK, BLOCKED = "use_registered", "in_use", "recheck", "blocked"
DISMANTLING, ASSESS, SCRAPPED, DEREGISTERED = "dismantling", "assess", "scrapped", "deregistered"
STANDING = (INSTALLED, TESTED, ACCEPTED, USE_REGISTERED, IN_USE, RECHECK, BLOCKED)


def _state(code: str, label: Any, tone: str, article: str = ORDER, **more: Any) -> State:
    return State(code, label, tone, article, **({"source": "web_page"} | more))


def _act(
    code: str,
    label: Any,
    sources: tuple[str, ...],
    target: str,
    effect: Any,
    done: Any,
    **more: Any,
) -> Transition:
    settings = {"article": ORDER, "source": "web_page"} | more
    return Transition(code, label, sources, target, effect=effect, done=done, **settings)


def _is_on_no_offer(case: Any, _actor: Any) -> bool:
    """What is offered already waits for a hirer, and not for its owner."""
    return bool(case.state == FILED)


MACHINE = Machine(
    code="equipment.machine",
    label=_("建筑起重机械"),
    initial=NEW,
    main_path=(NEW, APPLIED, FILED, IDLE, RENTED, NOTIFIED, INSTALLED, TESTED, ACCEPTED,
               USE_REGISTERED, IN_USE),
    states=(
        _state(NEW, _("未备案"), "grey"),
        _state(APPLIED, _("备案待审"), "blue"),
        _state(FILED, _("已备案"), "green"),
        _state(IDLE, _("待租"), "green", PLATFORM, source="own_default"),
        _state(RENTED, _("已出租"), "blue"),
        _state(NOTIFIED, _("已告知安装"), "amber", source="remembered"),
        _state(INSTALLED, _("已安装"), "amber", source="remembered"),
        _state(TESTED, _("检验合格"), "blue", SAFETY, source="statute_text"),
        _state(ACCEPTED, _("联合验收合格"), "blue", SAFETY, source="statute_text"),
        _state(USE_REGISTERED, _("已使用登记"), "green", SAFETY, source="statute_text"),
        _state(IN_USE, _("使用中"), "green", SAFETY, source="statute_text"),
        _state(RECHECK, _("附着顶升待验收"), "amber", source="remembered"),
        _state(BLOCKED, _("已停止使用"), "red"),
        _state(DISMANTLING, _("拆卸中"), "amber", source="remembered"),
        _state(ASSESS, _("安全评估中"), "amber", LIFE, source="remembered_uncertain"),
        _state(SCRAPPED, _("已报废"), "red"),
        _state(DEREGISTERED, _("已注销备案"), "grey", final=True),
    ),
    relations=(
        relations.party("owner", "owner_uscc"),
        relations.party("user", "contractor_uscc"),
        relations.party("installer", "installer_uscc"),
        relations.party("supervision", "supervision_uscc"),
        relations.authority("home_authority", "region"),
        relations.authority("site_authority", "site_region"),
    ),
    transitions=(
        _act(
            "open", _("登记设备"), (), NEW,
            _("建立设备档案。备案之前不得出租和安装。"), _("已建立档案"),
            schema=schemas.MachinePayload,
            guards=(rules.kind_is_listed, rules.machine_is_new_here, rules.machine_is_no_younger,
                    rules.dates_run_forward, rules.files_are_there),
            article=PLATFORM, source="own_default", button=_("保存档案"),
        ),
        _act(
            "apply", _("申请产权备案"), (NEW,), APPLIED,
            _("向产权单位注册地主管部门申请备案，审核期限自次日起算。"), _("已申请备案"),
            schema=schemas.ApplyPayload,
            guards=(rules.papers_are_there, rules.files_are_there, rules.life_is_left),
            desk=True,
        ),
        _act(
            "file", _("准予备案"), (APPLIED,), FILED,
            _("赋予备案编号，终身有效，出具产权备案证明。"), _("已备案"),
            guards=(rules.papers_were_handed_in, rules.life_is_left), desk=True,
        ),
        _act(
            "return", _("退回补正"), (APPLIED,), NEW,
            _("一次性告知需要补正的内容。"), _("已退回"),
            schema=schemas.ReasonPayload, guards=(rules.reason_is_given,), desk=True,
        ),
        _act(
            "offer", _("挂牌待租"), (FILED, IDLE), IDLE,
            _("在设备市场公开可租，注明日租金、停放地和可租日期。"), _("已挂牌"),
            schema=schemas.OfferPayload,
            guards=(rules.rent_is_named, rules.owner_is_on_no_list, rules.life_is_left,
                    rules.files_are_there),
            article=PLATFORM, source="own_default", desk=True, offered=_is_on_no_offer,
        ),
        _act(
            "rent", _("租赁成立"), (IDLE,), RENTED,
            _("出租与承租双方约定租赁，设备归该工地使用。"), _("已出租"),
            schema=schemas.RentPayload,
            guards=(rules.life_is_left, rules.life_covers_the_hire), automatic=True,
        ),
        _act(
            "engage", _("委托安装单位"), (RENTED,), "",
            _("委托具备资质的单位安装和拆卸，由其作出安装告知。"), _("已委托安装单位"),
            schema=schemas.EngagePayload,
            guards=(hands.installer_is_known, rules.installer_is_qualified),
            article=INSTALLERS, source="statute_text", desk=True, offered=hands.nobody_is_engaged,
        ),
        _act(
            "recall_notice", _("作废安装告知"), (NOTIFIED,), RENTED,
            _("安装告知作废，可以另行委托安装单位。"), _("已作废安装告知"),
            schema=schemas.ReasonPayload, guards=(rules.reason_is_given,),
            article=PLATFORM, source="own_default",
        ),
        _act(
            "change_installer", _("更换拆卸单位"), STANDING, "",
            _("委托其他具备资质的单位拆卸。"), _("已更换拆卸单位"),
            schema=schemas.ChangeInstallerPayload,
            guards=(hands.installer_is_known, rules.installer_is_qualified,
                    rules.reason_is_given),
            article=INSTALLERS, source="statute_text",
        ),
        _act(
            "notify_installation", _("安装告知"), (RENTED,), NOTIFIED,
            _("安装前二个工作日书面告知工程所在地主管部门。"), _("已告知安装"),
            schema=schemas.NoticePayload,
            guards=(rules.installer_is_qualified, rules.plan_is_reviewed, rules.life_is_left,
                    rules.files_are_there),
            source="remembered",
        ),
        _act(
            "install", _("报告安装完成和自检"), (NOTIFIED,), INSTALLED,
            _("安装单位自检合格，交检验机构检验。"), _("已安装自检"),
            schema=schemas.SelfCheckPayload,
            guards=(rules.notice_has_run, rules.self_check_passed, rules.files_are_there),
            source="remembered", desk=True,
        ),
        _act(
            "test", _("出具检验合格报告"), (INSTALLED, BLOCKED), TESTED,
            _("检验机构出具合格报告，注明下次检验日期。"), _("检验合格"),
            schema=schemas.TestPayload,
            guards=(hands.tester_is_nobodys, rules.test_passed, rules.inspection_covers_the_hire,
                    rules.files_are_there),
            article=SAFETY, source="statute_text",
        ),
        _act(
            "accept", _("联合验收"), (TESTED,), ACCEPTED,
            _("使用单位组织出租、安装、监理单位验收；三十日内办理使用登记。"), _("联合验收合格"),
            schema=schemas.AcceptPayload,
            guards=(rules.acceptance_is_joint, rules.inspection_holds, rules.files_are_there),
            article=SAFETY, source="statute_text", desk=True,
        ),
        _act(
            "register_use", _("使用登记"), (ACCEPTED,), USE_REGISTERED,
            _("核对作业人员证书后登记，标志置于该设备显著位置。"), _("已使用登记"),
            schema=schemas.RegisterUsePayload,
            guards=(rules.operators_hold_certificates, rules.inspection_holds),
            article=SAFETY, source="statute_text", desk=True,
        ),
        _act(
            "use", _("开始使用"), (USE_REGISTERED,), IN_USE,
            _("设备投入使用，检验到期自动停用。"), _("已投入使用"),
            guards=(rules.inspection_holds, rules.operators_still_hold, rules.life_is_left),
            article=SAFETY, source="statute_text", desk=True,
        ),
        _act(
            "attach", _("附着或顶升"), (IN_USE,), RECHECK,
            _("附着、顶升后须重新验收方可使用。"), _("已附着或顶升"),
            source="remembered",
        ),
        _act(
            "recheck", _("附着顶升验收"), (RECHECK,), IN_USE,
            _("验收合格，恢复使用。"), _("已重新验收"),
            schema=schemas.AcceptPayload,
            guards=(rules.acceptance_is_joint, rules.inspection_holds, rules.operators_still_hold),
            source="remembered", desk=True,
        ),
        _act(
            "change_operators", _("变更作业人员"), (USE_REGISTERED, IN_USE, RECHECK), "",
            _("核对证书后登记新的作业人员或者换发的证书。"), _("已变更作业人员"),
            schema=schemas.OperatorsPayload, guards=(rules.operators_hold_certificates,),
            article=OPERATORS, source="remembered",
        ),
        _act(
            "lapse_operators", _("作业人员证书到期停用"), (USE_REGISTERED, IN_USE), BLOCKED,
            _("司机或者信号司索工已无人持有有效证书，自动停止使用。"),
            _("作业人员证书到期，已停用"),
            automatic=True, article=OPERATORS, source="remembered",
        ),
        _act(
            "readmit", _("核对证书后恢复"), (BLOCKED,), USE_REGISTERED,
            _("因作业人员证书到期停用的，核对新证书后恢复使用登记。"), _("已恢复使用登记"),
            schema=schemas.OperatorsPayload,
            guards=(rules.operators_were_the_cause, rules.operators_hold_certificates,
                    rules.inspection_holds),
            article=OPERATORS, source="remembered",
        ),
        _act(
            "block", _("责令停止使用"), (USE_REGISTERED, IN_USE, RECHECK), BLOCKED,
            _("设备立即停止使用。"), _("已停止使用"),
            schema=schemas.ReasonPayload, guards=(rules.reason_is_given,), grave=True,
        ),
        _act(
            "lapse_inspection", _("检验到期停用"), (USE_REGISTERED, IN_USE, RECHECK), BLOCKED,
            _("检验有效期届满，自动停止使用。"), _("检验到期，已停用"), automatic=True,
        ),
        _act(
            "dismantle", _("拆卸告知"), STANDING, DISMANTLING,
            _("拆卸前书面告知，按专项方案拆卸。"), _("已告知拆卸"),
            schema=schemas.NoticePayload,
            guards=(rules.installer_is_qualified, rules.plan_is_reviewed),
            source="remembered",
        ),
        _act(
            "return_idle", _("退场入库"), (DISMANTLING, RENTED, NOTIFIED), IDLE,
            _("设备退场，租赁结束，可再次出租。"), _("已退场"),
            article=PLATFORM, source="own_default",
        ),
        _act(
            "assess", _("送安全评估"), (FILED, IDLE), ASSESS,
            _("超过规定使用年限的设备经评估合格方可继续使用。"), _("已送评估"),
            article=LIFE, source="remembered_uncertain",
        ),
        _act(
            "outlive", _("使用年限届满"), (FILED, IDLE), ASSESS,
            _("规定使用年限届满，退出市场，须经安全评估。"), _("使用年限届满，待评估"),
            automatic=True, article=LIFE, source="remembered_uncertain",
        ),
        _act(
            "pass_assessment", _("认定评估合格"), (ASSESS,), IDLE,
            _("按评估结论确定可继续使用的期限。"), _("评估合格"),
            schema=schemas.AssessPayload,
            guards=(hands.tester_is_nobodys, rules.assessment_passed),
            article=LIFE, source="remembered_uncertain", desk=True,
        ),
        _act(
            "fail_assessment", _("认定评估不合格"), (ASSESS,), SCRAPPED,
            _("评估不合格，设备报废，不得再出租和使用。"), _("评估不合格，已报废"),
            schema=schemas.FailPayload,
            guards=(hands.tester_is_nobodys, rules.report_is_numbered, rules.reason_is_given),
            article=LIFE, source="remembered_uncertain", grave=True,
        ),
        _act(
            "scrap", _("报废"), (FILED, IDLE, ASSESS, BLOCKED), SCRAPPED,
            _("设备报废，不得再出租和使用。"), _("已报废"),
            schema=schemas.ReasonPayload, guards=(rules.reason_is_given,), grave=True,
        ),
        _act(
            "deregister", _("注销备案"), (SCRAPPED, FILED), DEREGISTERED,
            _("注销产权备案。"), _("已注销备案"),
            schema=schemas.ReasonPayload, guards=(rules.reason_is_given,), grave=True,
        ),
    ),
    deadlines=(
        DeadlineRule(APPLIED, "machinery.filing.decide", _("备案审核"), "equipment_officer"),
        DeadlineRule(ACCEPTED, "crane.use.register", _("使用登记"), "contractor_clerk"),
        *(
            DeadlineRule(
                state, "machine.inspection", _("检验有效期"), "contractor_clerk",
                on_due="lapse_inspection", column="inspection_ends_at",
                article=SAFETY, source="statute_text",
            )
            for state in (USE_REGISTERED, IN_USE, RECHECK)
        ),
        *(
            DeadlineRule(
                state, "machine.operators", _("作业人员证书有效期"), "contractor_clerk",
                on_due="lapse_operators", column="operators_end_at", article=OPERATORS,
            )
            for state in (USE_REGISTERED, IN_USE)
        ),
        *(
            DeadlineRule(
                state, "machine.life", _("规定使用年限"), "lessor_clerk",
                on_due="outlive", column="life_over_at",
                article=LIFE, source="remembered_uncertain",
            )
            for state in (FILED, IDLE)
        ),
    ),
)  # fmt: skip
