"""The machines of this room as data: opening policy and opening. The bid's stands beside."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.workflow.machines import DeadlineRule, Machine, State, Transition
from kernel.workflow.relations import authority
from procurement.bids import schemas
from procurement.bids.relations import LISTED_BIDDER, OPENING_PARTY, POLICY_PARTY, RUNNER
from procurement.bids.rules import common, openings, policies

DRAFTED, REHEARSED, SIGNED, SUPERSEDED = "drafted", "rehearsed", "signed", "superseded"
LISTED, DRAWN, CHECKED, RELEASED, OPENED, STOPPED = (
    "listed", "drawn", "checked", "released", "opened", "stopped",
)  # fmt: skip
# An earlier stage: its envelopes are open and judged, then what passed goes on.
STAGE_OPENED, CONCLUDED = "stage_opened", "concluded"
_STOPPABLE = (LISTED, DRAWN, CHECKED, STAGE_OPENED)


def _own(code: str, label: Any, sources: tuple[str, ...], target: str, **more: Any) -> Transition:
    """A transition that rests on the platform's own opening rules."""
    return Transition(
        code, label, sources, target,
        article=common.ARTICLE_PLATFORM, source="own_default", **more,
    )  # fmt: skip


def _state(code: str, label: Any, tone: str, article: str, **more: Any) -> State:
    return State(code, label, tone, article, source="own_default", **more)


POLICY = Machine(
    code="procurement.policy",
    label=_("开启方案"),
    initial=DRAFTED,
    main_path=(DRAFTED, REHEARSED, SIGNED),
    states=(
        _state(DRAFTED, _("待公布密钥和演练"), "grey", common.ARTICLE_PLATFORM),
        _state(REHEARSED, _("待签署"), "blue", common.ARTICLE_PLATFORM),
        _state(SIGNED, _("已签署"), "green", common.ARTICLE_PLATFORM),
        _state(SUPERSEDED, _("已作废"), "grey", common.ARTICLE_PLATFORM, final=True),
    ),
    relations=(RUNNER, POLICY_PARTY, authority(unseen=(DRAFTED,))),
    transitions=(
        _own(
            "draw_up", _("拟订开启方案"), (), DRAFTED, schema=schemas.PolicyPayload,
            effect=_("确定由哪些单位保管开启密钥、几方到场方可开启。此后各方公布密钥并演练。"),
            guards=(
                policies.lot_is_there, policies.lot_has_deadline, policies.lot_has_no_policy,
                policies.parties_are_registered, common.brought_is_sound,
            ),
            done=_("已拟订"),
        ),
        _own(
            "announce_key", _("公布开启密钥"), (DRAFTED,), "", schema=schemas.AnnouncePayload,
            effect=_("公布只用于本标段的开启公钥和随机数承诺，并由本单位证书签名。"),
            guards=(common.brought_is_sound,), desk=True, done=_("已公布密钥"),
        ),
        _own(
            "rehearse", _("开启演练"), (DRAFTED,), "", schema=schemas.RehearsePayload,
            effect=_("证明本单位能用所公布的密钥开启。演练不涉及任何投标文件。"),
            guards=(common.brought_is_sound,), desk=True, done=_("演练通过"),
        ),
        _own(
            "freeze", _("定稿"), (DRAFTED,), REHEARSED, automatic=True,
            effect=_("各方密钥齐备、演练通过，开启方案定稿待签。"),
            guards=(policies.keys_are_announced, policies.rehearsals_are_passed), done=_("已定稿"),
        ),
        _own(
            "sign", _("签署开启方案"), (REHEARSED,), "", schema=schemas.SignaturePayload,
            effect=_("以本单位证书签署。各方签署后，投标人只按该方案封装投标文件。"),
            guards=(policies.deadline_is_ahead, common.brought_is_sound), desk=True,
            done=_("已签署"),
        ),
        _own(
            "settle", _("生效"), (REHEARSED,), SIGNED, automatic=True,
            effect=_("招标人和全部开启人均已签署，开启方案生效。"),
            guards=(policies.deadline_is_ahead, policies.signatures_are_there), done=_("已生效"),
        ),
        Transition(
            "extend", _("延长截止时间"), (SIGNED,), REHEARSED,
            effect=_("按标段的新截止时间制作新版本，由各方重新签署；已递交的投标文件继续有效。"),
            article="《招标投标法实施条例》第21条", source="statute_text",
            guards=(policies.deadline_moves_later,), done=_("已制作新版本"),
        ),
        _own(
            "supersede", _("作废开启方案"), (DRAFTED, REHEARSED, SIGNED), SUPERSEDED,
            schema=schemas.ReasonPayload,
            effect=_("更换开启人须另行拟订方案。招标公告发布后不得作废。"),
            guards=(common.reason_is_given, policies.notice_is_not_out),
            grave=True, done=_("已作废"),
        ),
    ),
)  # fmt: skip

OPENING = Machine(
    code="procurement.opening",
    label=_("开标"),
    initial=LISTED,
    main_path=(LISTED, DRAWN, CHECKED, RELEASED, OPENED),
    states=(
        _state(LISTED, _("已截标"), "blue", common.ARTICLE_OPENING),
        _state(DRAWN, _("已抽取"), "blue", common.ARTICLE_PLATFORM),
        _state(CHECKED, _("已核对"), "blue", common.ARTICLE_PLATFORM),
        _state(RELEASED, _("解密中"), "amber", common.ARTICLE_PLATFORM),
        _state(OPENED, _("已开标"), "green", common.ARTICLE_OPENING, final=True),
        _state(STAGE_OPENED, _("本阶段已开启，待评审"), "amber", common.ARTICLE_PLATFORM),
        _state(CONCLUDED, _("本阶段已评审"), "green", common.ARTICLE_PLATFORM, final=True),
        _state(STOPPED, _("不予开标"), "red", common.ARTICLE_FEW, final=True),
    ),
    relations=(RUNNER, OPENING_PARTY, LISTED_BIDDER, authority()),
    transitions=(
        Transition(
            "list", _("制作截标名单"), (), LISTED, schema=schemas.ListPayload, automatic=True,
            effect=_("截止时间届满，名单确定，此后不得增减。"),
            article=common.ARTICLE_OPENING, source="statute_text",
            guards=(openings.lot_is_closing,), done=_("名单已确定"),
        ),
        _own(
            "countersign", _("签署截标名单"), (LISTED, DRAWN, CHECKED), "",
            schema=schemas.SignaturePayload,
            effect=_("核对名单与各投标文件的签名、回执和存证后签署。"),
            guards=(
                openings.lot_is_being_opened,
                openings.trustee_is_new("signed"), openings.rehearsal_is_repeated,
                common.brought_is_sound,
            ),
            desk=True, done=_("已签署名单"),
        ),
        _own(
            "rehearse", _("后一阶段开启演练"), (LISTED,), "", schema=schemas.RehearsePayload,
            effect=_("后一阶段开启前，再次证明本单位仍能用所公布的密钥开启。"),
            guards=(
                openings.lot_is_being_opened,
                openings.stage_is_later, openings.trustee_is_new("rehearsed"),
                common.brought_is_sound,
            ),
            desk=True, done=_("演练通过"),
        ),
        _own(
            "reveal", _("公开随机数"), (LISTED,), "", schema=schemas.NoncePayload,
            effect=_("公开先前承诺的随机数，用于在看到任何投标内容之前抽取系数。"),
            guards=(
                openings.lot_is_being_opened,
                openings.trustee_is_new("revealed"), openings.list_is_countersigned,
                openings.nothing_is_drawn, common.brought_is_sound,
            ),
            desk=True, done=_("已公开"),
        ),
        _own(
            "draw", _("抽取系数"), (LISTED,), DRAWN, schema=schemas.DrawPayload, automatic=True,
            effect=_("由各方公开的随机数算出，任何人都可以复算。"),
            guards=(
                openings.lot_is_being_opened,
                openings.list_is_countersigned, openings.nonces_are_there, common.brought_is_sound,
            ),
            done=_("已抽取"),
        ),
        _own(
            "mark", _("核对密钥份额"), (DRAWN, CHECKED), "", schema=schemas.MarksPayload,
            effect=_("逐份说明本单位保管的密钥份额能否打开、是否与投标人所签一致。"),
            guards=(
                openings.lot_is_being_opened, openings.trustee_is_new("marked"),
                common.brought_is_sound,
            ),
            desk=True,
            done=_("已核对"),
        ),
        _own(
            "check", _("核对完毕"), (DRAWN,), CHECKED, automatic=True,
            effect=_("足够的开启人已核对，可以释放份额。"),
            guards=(openings.lot_is_being_opened, openings.marks_are_there,), done=_("核对完毕"),
        ),
        _own(
            "release", _("释放密钥份额"), (CHECKED,), "", schema=schemas.ReleasePayload,
            effect=_("把密钥份额交给本次开标。释放后不能收回。"),
            guards=(
                openings.lot_is_being_opened,
                openings.trustee_is_new("released"), openings.own_marks_are_there,
                openings.no_protest_is_open, openings.nothing_awaits_a_cure,
                common.brought_is_sound,
            ),
            desk=True, done=_("已释放"),
        ),
        _own(
            "gather", _("份额齐备"), (CHECKED,), RELEASED, automatic=True,
            effect=_("份额已够打开每一份可以打开的投标文件，开始解密。"),
            guards=(openings.lot_is_being_opened, openings.releases_are_there,), done=_("开始解密"),
        ),
        Transition(
            "cure", _("补发密钥份额"), (CHECKED,), "", schema=schemas.CurePayload,
            effect=_("信封的完好份额不足时，由投标人补发同一密钥的份额。释放后不能补救。"),
            article=common.ARTICLE_ORDER20, source="remembered",
            guards=(
                openings.lot_is_being_opened, openings.cure_is_in_time, common.brought_is_sound,
            ),
            done=_("已补发"),
        ),
        _own(
            "mark_cured", _("核对补发的份额"), (CHECKED,), "", schema=schemas.CuredMarksPayload,
            effect=_("逐份说明补发的密钥份额能否打开、是否与投标人所签一致。"),
            guards=(
                openings.lot_is_being_opened, openings.nothing_is_released, common.brought_is_sound,
            ),
            done=_("已核对"),
        ),
        _own(
            "protest", _("对截标名单提出异议"), (LISTED, DRAWN, CHECKED), "",
            schema=schemas.ProtestPayload,
            effect=_(
                "持有回执而不在名单上、或已撤回而仍在名单上的投标人提出异议，名单更正前不得释放份额。"
            ),
            guards=(
                openings.lot_is_being_opened, openings.nothing_is_released, common.brought_is_sound,
            ),
            done=_("已提出异议"),
        ),
        _own(
            "correct", _("更正截标名单"), (LISTED, DRAWN, CHECKED), LISTED,
            schema=schemas.ListPayload, automatic=True,
            effect=_("异议成立，名单补入有回执的、移出已撤回的投标文件，由开启人重新签署。"),
            guards=(
                openings.lot_is_being_opened,
                openings.nothing_is_released, openings.a_protest_is_open, common.brought_is_sound,
            ),
            done=_("名单已更正"),
        ),
        _own(
            "open_stage", _("开启本阶段信封"), (RELEASED,), STAGE_OPENED,
            schema=schemas.RecordPayload, automatic=True,
            effect=_("解密本阶段的信封，形成开启记录；其余信封在评审结果之前不开启。"),
            guards=(openings.lot_is_being_opened,),
            done=_("本阶段已开启"),
        ),
        _own(
            "conclude", _("提交阶段评审结果"), (STAGE_OPENED,), CONCLUDED,
            schema=schemas.ResultPayload,
            effect=_("公布通过本阶段评审的投标；只有它们进入后一阶段，其余永不开启。"),
            guards=(
                openings.lot_is_being_opened, common.brought_is_sound,
            ),
            grave=True, desk=True, done=_("已提交评审结果"),
        ),
        Transition(
            "open", _("开标"), (RELEASED,), OPENED, schema=schemas.RecordPayload, automatic=True,
            effect=_("解密完毕，公布投标人名称、报价、工期等，并形成开标记录。"),
            article=common.ARTICLE_OPENING, source="statute_text",
            guards=(openings.lot_is_being_opened,), done=_("已开标"),
        ),
        _own(
            "propose_stop", _("提议停止开标"), _STOPPABLE, "", schema=schemas.ReasonPayload,
            effect=_("提议停止开标，由监督部门的另一人复核决定。决定之前开标照常进行。"),
            guards=(openings.no_stop_is_proposed, common.reason_is_given), grave=True,
            done=_("已提议停止"),
        ),
        Transition(
            "stop", _("停止开标"), _STOPPABLE, STOPPED, schema=schemas.ReasonPayload,
            effect=_("本标段不再开标，投标文件永不开启，开启密钥应予销毁。"),
            article=common.ARTICLE_ORDER20, source="remembered",
            guards=(openings.stop_is_proposed_by_another, common.reason_is_given), grave=True,
            desk=True, done=_("已停止"),
        ),
        Transition(
            "abandon", _("投标人不足，不予开标"), (LISTED,), STOPPED, automatic=True,
            effect=_("投标人少于三个，不得开标，投标文件永不开启，开启密钥应予销毁。"),
            article=common.ARTICLE_FEW, source="statute_text", done=_("不予开标"),
        ),
        Transition(
            "end_with_lot", _("标段终止，不予开标"),
            (LISTED, DRAWN, CHECKED, RELEASED, STAGE_OPENED), STOPPED, automatic=True,
            effect=_("招标人终止招标，投标文件永不开启，原样退回，开启密钥应予销毁。"),
            article=common.ARTICLE_ENDED, source="remembered",
            guards=(openings.lot_is_terminated,), done=_("不予开标"),
        ),
    ),
    deadlines=(
        DeadlineRule(
            LISTED, "opening.reveal", _("公开随机数"), "trustee", column="reveal_until_at",
            article=common.ARTICLE_PLATFORM, source="own_default",
        ),
        DeadlineRule(
            CHECKED, "opening.cure", _("补发密钥份额"), "contractor_clerk",
            column="cure_until_at", article=common.ARTICLE_PLATFORM, source="own_default",
        ),
        DeadlineRule(
            CHECKED, "opening.window", _("释放密钥份额"), "trustee", column="window_ends_at",
            article=common.ARTICLE_PLATFORM, source="own_default",
        ),
        DeadlineRule(
            RELEASED, "opening.files", _("补交投标文件"), "contractor_clerk",
            column="window_ends_at", article=common.ARTICLE_PLATFORM, source="own_default",
        ),
    ),
)  # fmt: skip
