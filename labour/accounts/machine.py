"""The machine of a special wage account: opened, announced to be closed, closed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from kernel.workflow import relations
from kernel.workflow.machines import DeadlineRule, Machine, State, Transition
from labour.accounts import rules, schemas

ACCOUNT_LAW = gettext_noop("《工程建设领域农民工工资专用账户管理暂行办法》（人社部发〔2021〕53号）")
USE = gettext_noop("《保障农民工工资支付条例》第二十四条")
CLOSE = gettext_noop("《保障农民工工资支付条例》第二十六条")

IN_FORCE, CLOSING, CLOSED = "in_force", "closing", "closed"


def _act(
    code: str,
    label: Any,
    sources: tuple[str, ...],
    target: str,
    effect: Any,
    done: Any,
    **more: Any,
) -> Transition:
    settings = {"article": USE, "source": "statute_text"} | more
    return Transition(code, label, sources, target, effect=effect, done=done, **settings)


ACCOUNT = Machine(
    code="labour.wage_account",
    label=_("农民工工资专用账户"),
    initial=IN_FORCE,
    main_path=(IN_FORCE, CLOSING, CLOSED),
    states=(
        State(IN_FORCE, pgettext_lazy("wage account", "使用中"), "green", USE),
        State(CLOSING, _("公示待撤销"), "amber", CLOSE),
        State(CLOSED, pgettext_lazy("wage account", "已撤销"), "grey", CLOSE, final=True),
    ),
    masked=("account_number",),
    relations=(
        relations.party("contractor", "contractor_uscc"),
        relations.party("bank", "bank_uscc"),
        relations.party("owner", "owner_uscc"),
        relations.authority(),
    ),
    transitions=(
        _act(
            "open", _("开立工资专用账户"), (), IN_FORCE,
            _("按合同开立工资专用账户，账内资金只用于支付农民工工资。"), _("已开立专用账户"),
            schema=schemas.OpenPayload,
            guards=(rules.contract_is_signed, rules.contract_has_none_yet,
                    rules.bank_keeps_wage_accounts, rules.account_is_proved,
                    rules.opened_after_the_contract, rules.files_are_there),
            article=ACCOUNT_LAW, source="remembered", button=_("登记专用账户"),
        ),
        _act(
            "receive", _("登记入账"), (IN_FORCE, CLOSING), "",
            _("按银行回单登记转入专用账户的人工费用或者先行垫付款。"), _("已入账"),
            schema=schemas.ReceivePayload,
            guards=(rules.amount_is_positive, rules.receipt_is_new),
        ),
        _act(
            "contradict", _("登记回单未到账"), (IN_FORCE, CLOSING), "",
            _("付款方所称的回单在本行没有到账记录：从账内减去，本月人工费用视为未拨付；到账后另按入账回单登记。"),
            _("银行称未到账"),
            schema=schemas.ContradictPayload,
            guards=(rules.receipt_is_on_record, rules.reason_is_given),
            article=USE, source="own_default", grave=True,
        ),
        _act(
            "resume", _("恢复使用"), (CLOSING,), IN_FORCE,
            _("竣工验收被撤回，须重新验收，专用账户继续使用，恢复按月拨付。"), _("已恢复使用"),
            automatic=True, source="own_default",
        ),
        _act(
            "start_transfers", _("开始按月拨付"), (IN_FORCE,), "",
            _("工程开工，建设单位自此按月拨付人工费用。"), _("已开始按月拨付"), automatic=True,
        ),
        _act(
            "credit", _("人工费用到账"), (IN_FORCE, CLOSING), "",
            _("建设单位拨付的人工费用到账，下一个拨付周期开始。"), _("人工费用已到账"),
            schema=schemas.CreditPayload, automatic=True,
        ),
        _act(
            "miss_transfer", _("逾期未拨付人工费用"), (IN_FORCE,), "",
            _("一个拨付周期届满未拨付人工费用，记入台账并开始下一个周期。"), _("已记录逾期未拨付"),
            automatic=True,
        ),
        _act(
            "end_transfers", _("停止按月拨付"), (IN_FORCE, CLOSING), "",
            _("合同内的单位工程均已验收，或者合同已经解除，不再按月拨付。"), _("已停止按月拨付"),
            automatic=True,
        ),
        _act(
            "announce_close", _("公示撤销专用账户"), (IN_FORCE,), CLOSING,
            _("工程完工且未拖欠工资，公示三十日后可以撤销。"), _("已公示撤销"),
            guards=(rules.works_are_done, rules.no_arrears), article=CLOSE,
        ),
        _act(
            "object", _("公示期内异议"), (CLOSING,), IN_FORCE,
            _("尚有拖欠的，专用账户继续使用。"), _("已提出异议"),
            schema=schemas.ReasonPayload, guards=(rules.reason_is_given,), article=CLOSE,
        ),
        _act(
            "close", _("撤销专用账户"), (CLOSING,), CLOSED,
            _("公示期满且未拖欠工资，账内余额退回施工总承包单位，专用账户撤销。"),
            _("已撤销专用账户"), schema=schemas.ClosePayload,
            guards=(rules.publicity_has_run, rules.no_arrears, rules.rest_is_booked_out),
            article=CLOSE,
            desk=True, grave=True,
        ),
    ),
    deadlines=(
        DeadlineRule(
            IN_FORCE, "wage.labour_transfer", _("拨付人工费用"), "owner_clerk",
            on_due="miss_transfer", column="transfer_due_at", article=USE, source="statute_text",
        ),
    ),
)  # fmt: skip
