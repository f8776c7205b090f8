"""Act, summary, receipt, refusal and stale page of the style page."""

from __future__ import annotations

from django import forms

from kernel.web.money_field import YuanField
from kernel.web.samples.cases import AUTHORITY, documents, facts
from kernel.web.samples.words import PROJECT, at, digest, later, say
from kernel.web.viewmodels import (
    ActPage,
    Change,
    ConfirmPage,
    Fact,
    FieldView,
    FormGroup,
    Receipt,
    RefusalView,
    RefusedPage,
    StalePage,
)

_TITLE = "滨海新区第三小学新建工程"


def form(data: dict[str, str] | None = None) -> forms.Form:
    """A form with every kind of field that the renderer knows."""

    class Sample(forms.Form):
        """Made anew for each language."""

        name = forms.CharField(label=say("项目名称", "Project name"), max_length=100)
        code = forms.CharField(
            label=say("项目代码", "Project code"),
            help_text=say("24 位，见立项批复", "24 characters, on the approval"),
        )
        amount = YuanField(label=say("总投资", "Total investment"))
        approved_on = forms.DateField(
            label=say("批准日期", "Approved on"), widget=forms.DateInput({"type": "date"})
        )
        funding = forms.ChoiceField(
            label=say("资金来源", "Source of funds"),
            choices=[("1", say("财政资金", "Budget")), ("2", say("企业自筹", "Own funds"))],
        )
        land = forms.ChoiceField(
            label=say("用地取得方式", "How the land was obtained"),
            widget=forms.RadioSelect,
            choices=[("1", say("划拨", "Allocation")), ("2", say("出让", "Grant"))],
            help_text=say("以用地批准文件为准", "As the land approval says"),
        )
        paper = forms.FileField(
            label=say("用地批准文件", "Land approval"),
            help_text=say("PDF，不超过 50 MB", "PDF, up to 50 MB"),
        )
        note = forms.CharField(
            label=say("说明", "Remarks"), required=False, widget=forms.Textarea({"rows": 3})
        )
        true = forms.BooleanField(
            label=say("以上内容属实，本单位承担相应法律责任", "All of this is true")
        )

    initial = {"name": _TITLE, "code": PROJECT, "amount": 18_654_320_000, "land": "1"}
    return Sample(data, initial=initial)


def act(wrong: bool = False) -> ActPage:
    """The act page; ``wrong`` shows it after a submission with errors."""
    data = {"name": _TITLE, "code": "2611-350200", "amount": "x", "funding": "1"}
    sample = form(data if wrong else None)
    source = say("省投资项目在线审批监管平台", "Provincial investment approval platform")
    return ActPage(
        title=say("提交报建", "Submit the registration"),
        effect=say(
            "提交后由主管部门在 3 个工作日内受理或退回补正；受理前可以撤回，受理后不可修改。",
            "The authority accepts or returns it within 3 working days; until then it may be "
            "withdrawn, afterwards it cannot be changed.",
        ),
        article=say("《建筑法》第八条", "Construction Law, art. 8"),
        due=later(),
        form=sample,
        groups=(
            FormGroup(
                say("一、项目", "1. Project"),
                (
                    FieldView(sample["name"], source),
                    FieldView(sample["code"], source),
                    FieldView(sample["amount"], "", say("元", "yuan")),
                    FieldView(sample["approved_on"]),
                    FieldView(sample["funding"]),
                ),
            ),
            FormGroup(
                say("二、用地", "2. Land"),
                (
                    FieldView(sample["land"]),
                    FieldView(sample["paper"]),
                    FieldView(sample["note"]),
                    FieldView(sample["true"]),
                ),
            ),
        ),
        url="?show=act",
        submit=say("提交报建", "submit the registration"),
        reference=PROJECT,
        case_title=_TITLE,
        case_url="?show=case",
        draft_key="style:act",
        hidden=(("seen_version", "3"),),
    )


def confirm() -> ConfirmPage:
    """The summary before signing."""
    return ConfirmPage(
        title=say("提交报建", "Submit the registration"),
        effect=act().effect,
        groups=facts(),
        url="?show=confirm",
        submit=say("签署并提交报建", "Sign and submit"),
        reference=PROJECT,
        case_title=_TITLE,
        case_url="?show=case",
        article=act().article,
        statement=say(
            "本单位对所填内容的真实性负责。", "We answer for the truth of what is entered."
        ),
        document=documents()[0],
    )


def receipt() -> Receipt:
    """The receipt after an act."""
    return Receipt(
        done=say("已提交报建", "Registration submitted"),
        number="HZ-2026-1123-000482",
        at=at(23, 14, 5, 7),
        digest=digest("receipt"),
        log_index=18_205,
        log_url="#log",
        next=(
            say(f"{AUTHORITY}受理或退回补正。", "The authority accepts or returns it."),
            say("结果会出现在您的待办中。", "The result will be on your desk."),
        ),
        due=later(),
        reference=PROJECT,
        case_title=_TITLE,
        case_url="?show=case",
        documents=documents()[:1],
    )


def refusals() -> tuple[RefusalView, ...]:
    """Three reasons: with facts, with a cure that has an act, with nothing to be done."""
    return (
        RefusalView(
            "tender.opening.too_early",
            say("未到开标时间。", "The opening time has not come."),
            (
                Fact(say("开标时间", "Opening"), at(24, 9, 30), "moment"),
                Fact(say("现在", "Now"), at(23, 14, 5, 7), "moment"),
            ),
            say("《招标投标法》第三十四条", "Tendering Law, art. 34"),
            say("到时再办理。", "Come back then."),
        ),
        RefusalView(
            "tender.opening.too_few_bids",
            say("投标人少于三个。", "Fewer than three bidders."),
            (Fact(say("投标人", "Bidders"), 2, "number"),),
            say("《招标投标法》第二十八条", "Tendering Law, art. 28"),
            say("重新招标", "Tender anew"),
            "#anew",
        ),
        RefusalView(
            "tender.opening.shares_missing",
            say("开启密钥份额不足。", "Key shares are missing."),
            (Fact(say("已到份额", "Shares at hand"), "1 / 3"),),
            say("平台密封规则第四条", "Sealing rules of the platform, rule 4"),
            say("请监管部门与公证人提交份额。", "Ask the authority and the notary for theirs."),
        ),
    )


def refused() -> RefusedPage:
    """A refusal, whole."""
    return RefusedPage(
        act=say("开标", "open the bids"),
        refusals=refusals(),
        reference="BH-2026-0311-01",
        case_title="滨海新区第三小学新建工程施工",
        case_url="?show=case",
        at=at(23, 14, 5, 7),
        log_index=18_206,
        log_url="#log",
    )


def stale() -> StalePage:
    """What two clerks meet when one was faster."""
    return StalePage(
        act=say("受理", "accepted"),
        changes=(
            Change(
                say("状态", "State"),
                at(23, 14, 3, 40),
                "郑国栋",
                AUTHORITY,
                say("待受理", "Awaiting acceptance"),
                say("退回补正", "Returned"),
                18_203,
                "#log",
            ),
        ),
        reference=PROJECT,
        case_title=_TITLE,
        case_url="?show=case",
        seen_at=at(23, 13, 58, 2),
        again_url="?show=act",
    )
