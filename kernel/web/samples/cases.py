"""The case page of the style page: a project in the middle of its registration."""

from __future__ import annotations

from kernel.web.samples.words import PROJECT, USCC_DESIGN, USCC_OWNER, at, digest, later, say
from kernel.web.viewmodels import (
    ActButton,
    CasePage,
    DocumentLink,
    Fact,
    FactGroup,
    Link,
    LogRow,
    Party,
    RefusalView,
    StateChip,
    Tab,
    TimelineItem,
)

OWNER = "滨海城建投资有限公司"
AUTHORITY = "滨海新区住房和建设局"


def documents() -> tuple[DocumentLink, ...]:
    """Documents, signed and not."""
    return (
        DocumentLink(
            "建设工程项目报建表",
            "#form",
            "滨建报〔2026〕118 号",
            at(20, 16, 41, 9),
            148_213,
            digest("form"),
            ("林晓敏", OWNER),
            "#check",
        ),
        DocumentLink("国有建设用地使用权出让合同", "#land", "", at(18), 2_913_004, digest("land")),
    )


def timeline() -> tuple[TimelineItem, ...]:
    """Every kind of step: done, refused, now, still to come."""
    clerk = say("经办人", "Clerk")
    return (
        TimelineItem(
            "done",
            say("建立项目草稿", "Project drafted"),
            at(18, 10, 2, 51),
            "林晓敏",
            OWNER,
            clerk,
            log_index=18_112,
            log_url="#log",
        ),
        TimelineItem(
            "done",
            say("提交报建", "Registration submitted"),
            at(19, 17, 3, 20),
            "林晓敏",
            OWNER,
            clerk,
            note=say("资金来源证明未上传", "Proof of funding was missing"),
            article=say("《建筑法》第八条", "Construction Law, art. 8"),
            log_index=18_140,
            log_url="#log",
            refused=True,
        ),
        TimelineItem(
            "done",
            say("提交报建", "Registration submitted"),
            at(20, 16, 41, 9),
            "林晓敏",
            OWNER,
            clerk,
            documents=documents()[:1],
            article=say("《建筑法》第八条", "Construction Law, art. 8"),
            log_index=18_163,
            log_url="#log",
        ),
        TimelineItem(
            "now",
            say("主管部门受理或退回补正", "Authority accepts or returns it"),
            organisation=AUTHORITY,
            due=later(),
            article=say("报建受理期限", "Time limit for accepting a registration"),
        ),
        TimelineItem(
            "next",
            say("签发报建证明", "Registration certificate issued"),
            organisation=AUTHORITY,
            article=say("报建管理办法第六条", "Registration measures, art. 6"),
            mark="memory",
        ),
        TimelineItem(
            "next",
            say("施工图审查", "Drawing review"),
            article=say("《质量管理条例》第十一条", "Quality regulation, art. 11"),
        ),
    )


def acts() -> tuple[ActButton, ...]:
    """Acts that may be done now and one that may not, with its reasons."""
    return (
        ActButton(
            say("补充材料", "Add papers"),
            "?show=act",
            effect=say(
                "补充的材料并入本次报建，受理期限不变。",
                "Papers join this registration; the time limit stays as it is.",
            ),
        ),
        ActButton(
            say("撤回报建", "Withdraw the registration"),
            "?show=confirm",
            effect=say(
                "撤回后可重新提交，原编号作废。", "It may be submitted again, anew numbered."
            ),
        ),
        ActButton(
            say("申请施工许可", "Apply for a construction permit"),
            "#permit",
            allowed=False,
            reasons=(
                RefusalView(
                    "procurement.permit.not_registered",
                    say("项目尚未完成报建。", "The project is not registered yet."),
                    article=say("《建筑法》第八条", "Construction Law, art. 8"),
                ),
                RefusalView(
                    "procurement.permit.no_drawing_review",
                    say("施工图审查尚未合格。", "Drawings have not passed review."),
                    cure=say("提交施工图审查", "Submit drawings for review"),
                    cure_url="#review",
                ),
            ),
        ),
    )


def facts() -> tuple[FactGroup, ...]:
    """Facts as the paper form groups them, with their sources."""
    source = say("省投资项目在线审批监管平台", "Provincial investment approval platform")
    return (
        FactGroup(
            say("项目", "Project"),
            (
                Fact(say("项目代码", "Project code"), PROJECT, "code", source),
                Fact(say("建设地点", "Site"), "滨海新区环湖路 118 号", "name", source),
                Fact(say("建筑面积（平方米）", "Floor area (m²)"), "23,480.50", "number"),
                Fact(say("立项批准日期", "Approved on"), at(3).date(), "date", source),
            ),
        ),
        FactGroup(
            say("资金", "Funding"),
            (
                Fact(say("总投资", "Total investment"), 18_654_320_000, "money", source),
                Fact(say("资金来源", "Source of funds"), say("财政资金 100%", "Budget, 100%")),
            ),
        ),
        FactGroup(
            say("联系人", "Contact"),
            (
                Fact(say("姓名", "Name"), "林晓敏", "name"),
                Fact(
                    say("公民身份号码", "Resident id"),
                    "3502••••••••••0021",
                    "masked",
                    unmask_url="#unmask",
                ),
            ),
        ),
    )


def parties() -> tuple[Party, ...]:
    """Parties of a project."""
    return (
        Party(say("建设单位", "Owner"), OWNER, USCC_OWNER, "#owner", ("林晓敏", "陈志远")),
        Party(say("设计单位", "Designer"), "闽南建筑设计研究院有限公司", USCC_DESIGN),
    )


def log() -> tuple[LogRow, ...]:
    """Entries of the evidence log, one of them a refusal."""
    rows = (
        (18_112, at(18, 10, 2, 51), say("建立项目草稿", "Project drafted"), False),
        (18_140, at(19, 17, 3, 20), say("提交报建", "Registration submitted"), True),
        (18_163, at(20, 16, 41, 9), say("提交报建", "Registration submitted"), False),
    )
    return tuple(
        LogRow(index, when, what, "林晓敏", OWNER, digest(str(index)), "#proof", bad)
        for index, when, what, bad in rows
    )


def case(tab: str = "facts") -> CasePage:
    """A project on the desk of its authority."""
    names = (
        ("facts", say("登记事项", "Facts"), None),
        ("documents", say("文件", "Documents"), 2),
        ("people", say("参与方", "Parties"), 2),
        ("money", say("资金", "Money"), None),
        ("log", say("存证日志", "Log"), 3),
    )
    current = tab if tab in {key for key, _, _ in names} else "facts"
    return CasePage(
        reference=PROJECT,
        title="滨海新区第三小学新建工程",
        kind=say("工程项目", "Project"),
        state=StateChip(
            say("待受理", "Awaiting acceptance"),
            "action",
            say("报建管理办法第五条", "Registration measures, art. 5"),
        ),
        due=later(),
        head=(
            Fact(say("建设单位", "Owner"), OWNER, "name", url="#owner"),
            Fact(say("主管部门", "Authority"), AUTHORITY, "name"),
            Fact(say("总投资", "Total investment"), 18_654_320_000, "wan"),
            Fact(say("提交时间", "Submitted"), at(20, 16, 41, 9), "moment"),
        ),
        timeline=timeline(),
        acts=acts(),
        facts=facts(),
        documents=documents(),
        parties=parties(),
        money=(facts()[1],),
        log=log(),
        tabs=tuple(
            Tab(key, label, f"?show=case&tab={key}", key == current, count)
            for key, label, count in names
        ),
        back=Link(say("全部项目", "All projects"), "?show=register"),
    )
