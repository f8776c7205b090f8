"""The bid's machine: sealed until its opening, then judged."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.workflow.machines import Machine, State, Transition
from kernel.workflow.relations import party
from procurement.bids import schemas
from procurement.bids.relations import COUNTER, OPENED_TO_AUTHORITY, OPENED_TO_RUNNER
from procurement.bids.rules import bids, common

RECEIVED, WITHDRAWN, AWAITING, OPENED, REVOKED, DEEMED_WITHDRAWN = (
    "received", "withdrawn", "awaiting_decryption", "opened", "deemed_revoked", "deemed_withdrawn",
)  # fmt: skip
ANNULLED = "annulled"
# Between the stages of an opening; not passed: its other envelopes stay closed for ever.
PART_OPENED, NOT_PASSED = "part_opened", "not_passed"
VALID, REJECTED, SCORED, RANKED, CANDIDATE, WON, LOST, VOID = (
    "valid", "rejected", "scored", "ranked", "candidate", "won", "lost", "void",
)  # fmt: skip
_SIGNED = "《电子签名法》第13条"
_JUDGED = "《招标投标法实施条例》第51条"
_CITED = (
    common.ARTICLE_RECEIPT, common.ARTICLE_WITHDRAW, common.ARTICLE_LATE, common.ARTICLE_OPENING,
    common.ARTICLE_FEW, common.ARTICLE_ORDER20,
)  # fmt: skip


def _auto(
    code: str, label: Any, sources: tuple[str, ...], target: str, article: str, **more: Any
) -> Transition:
    return Transition(
        code, label, sources, target, article=article, automatic=True,
        **{"source": "remembered", "done": label, **more},
    )  # fmt: skip


BID = Machine(
    code="procurement.bid",
    label=_("投标文件"),
    sealed_openings=True,
    initial=RECEIVED,
    main_path=(RECEIVED, AWAITING, OPENED, VALID, SCORED, RANKED, CANDIDATE, WON),
    states=(
        State(RECEIVED, _("已递交（密封）"), "blue", common.ARTICLE_RECEIPT, source="remembered"),
        State(WITHDRAWN, _("已撤回"), "grey", common.ARTICLE_WITHDRAW, source="statute_text"),
        State(ANNULLED, _("签名证书已吊销，受理撤销"), "red", _SIGNED, source="remembered"),
        State(AWAITING, _("待解密"), "amber", common.ARTICLE_ORDER20, source="remembered"),
        State(
            PART_OPENED, _("已开启前一阶段"), "amber", common.ARTICLE_PLATFORM, source="own_default"
        ),
        State(
            NOT_PASSED, _("未通过前一阶段评审"), "red", common.ARTICLE_PLATFORM, final=True,
            source="own_default",
        ),
        State(OPENED, _("已开启"), "green", common.ARTICLE_OPENING, source="statute_text"),
        State(
            REVOKED, _("视为撤销"), "red", common.ARTICLE_ORDER20, final=True, source="remembered"
        ),
        State(
            DEEMED_WITHDRAWN, _("视为撤回"), "grey", common.ARTICLE_ORDER20, final=True,
            source="remembered",
        ),
        State(VALID, _("有效投标"), "green", _JUDGED, source="statute_text"),
        State(REJECTED, _("已否决"), "red", _JUDGED, final=True, source="statute_text"),
        State(SCORED, _("已评分"), "blue", "《招标投标法》第40条", source="remembered"),
        State(RANKED, _("已排序"), "blue", "《招标投标法实施条例》第53条", source="statute_text"),
        State(
            CANDIDATE, pgettext_lazy("bid", "中标候选人"), "amber", "《招标投标法实施条例》第53条",
            source="statute_text",
        ),
        State(WON, _("中标"), "green", "《招标投标法》第45条", final=True, source="remembered"),
        State(LOST, _("未中标"), "grey", "《招标投标法》第45条", final=True, source="remembered"),
        State(
            VOID, pgettext_lazy("bid", "投标无效"), "red", "《招标投标法》第53条", final=True,
            source="remembered",
        ),
    ),
    relations=(
        party("bidder", "bidder_uscc"), COUNTER, OPENED_TO_RUNNER, OPENED_TO_AUTHORITY,
    ),
    transitions=(
        Transition(
            "receive", _("递交投标文件"), (), RECEIVED, schema=schemas.UploadPayload,
            effect=_("递交密封的投标文件，平台出具回执。截止前可以替换或撤回。"),
            article=common.ARTICLE_RECEIPT, source="remembered", guards=bids.RECEIVING,
            done=_("已递交（密封）"),
        ),
        Transition(
            "replace", _("替换投标文件"), (RECEIVED,), "", schema=schemas.UploadPayload,
            effect=_("以新版本替换先前递交的投标文件，旧版本永不开启。"),
            article=common.ARTICLE_WITHDRAW, source="statute_text", guards=bids.RECEIVING,
            done=_("已替换"),
        ),
        Transition(
            "withdraw", _("撤回投标文件"), (RECEIVED,), WITHDRAWN, schema=schemas.WithdrawPayload,
            effect=_("撤回投标文件，截止前可以重新递交。"),
            article=common.ARTICLE_WITHDRAW, source="statute_text", guards=bids.WITHDRAWING,
            grave=True, done=_("已撤回"),
        ),
        Transition(
            "resubmit", _("重新递交"), (WITHDRAWN, ANNULLED), RECEIVED,
            schema=schemas.UploadPayload,
            effect=_("撤回或受理被撤销后，重新递交密封的投标文件。"),
            article=common.ARTICLE_WITHDRAW, source="statute_text", guards=bids.RECEIVING,
            done=_("已重新递交"),
        ),
        _auto(
            "fall_back", _("新版本受理撤销，恢复前一版本"), (RECEIVED,), "", _SIGNED,
            schema=schemas.FailedPayload,
            effect=_("收到后取得的吊销列表表明签名证书在收到前已被吊销；前一版本继续有效。"),
        ),
        _auto(
            "annul", _("撤销受理"), (RECEIVED,), ANNULLED, _SIGNED, schema=schemas.FailedPayload,
            effect=_("收到后取得的吊销列表表明签名证书在收到前已被吊销；截止前可以重新递交。"),
            done=_("签名证书已吊销，受理撤销"),
        ),
        _auto(
            "await_decryption", _("列入截标名单"), (RECEIVED,), AWAITING, common.ARTICLE_OPENING,
            source="statute_text", effect=_("截止时间届满，投标文件列入名单，等待开启。"),
            done=_("已列入截标名单"),
        ),
        _auto(
            "relist", _("列入更正的截标名单"), (RECEIVED, WITHDRAWN, AWAITING), AWAITING,
            common.ARTICLE_PLATFORM, schema=schemas.RelistPayload, source="own_default",
            effect=_("异议成立，有回执的投标文件列入更正后的名单，等待开启。"),
            done=_("已列入更正的截标名单"),
        ),
        _auto(
            "strike", _("移出更正的截标名单"), (AWAITING, PART_OPENED), WITHDRAWN,
            common.ARTICLE_WITHDRAW, source="statute_text",
            effect=_("异议成立：投标人已在截止前撤回，投标文件移出名单，不再开启。"),
            done=_("已移出更正的截标名单"),
        ),
        _auto(
            "open_part", _("开启前一阶段"), (AWAITING,), PART_OPENED, common.ARTICLE_PLATFORM,
            schema=schemas.OpenedPartPayload, source="own_default",
            effect=_("本阶段的信封已经打开；其余信封待评审结果公布后开启。"),
            done=_("已开启前一阶段"),
        ),
        _auto(
            "drop", _("未通过前一阶段评审"), (PART_OPENED,), NOT_PASSED, common.ARTICLE_PLATFORM,
            schema=schemas.RejectPayload, guards=(common.reason_is_given,), source="own_default",
            effect=_("未通过前一阶段评审，其余信封永不开启。"),
        ),
        _auto(
            "decrypt", _("开启"), (AWAITING, PART_OPENED), OPENED, common.ARTICLE_OPENING,
            schema=schemas.OpenedPayload, source="statute_text",
            effect=_("开启人的份额打开了投标文件，内容与所签一致。"), done=_("已开启"),
        ),
        _auto(
            "fail_decryption", _("未能开启，视为撤销"), (AWAITING, PART_OPENED), REVOKED,
            common.ARTICLE_ORDER20, schema=schemas.FailedPayload,
            effect=_("因投标人原因未能解密，视为撤销其投标文件。"),
        ),
        _auto(
            "lose_file", _("非投标人原因未能开启，视为撤回"), (AWAITING, PART_OPENED),
            DEEMED_WITHDRAWN, common.ARTICLE_ORDER20, schema=schemas.FailedPayload,
            effect=_("非因投标人原因未能解密，视为撤回其投标文件，投标人可以请求赔偿直接损失。"),
        ),
        _auto(
            "return_unopened", _("不予开标，视为撤回"), (RECEIVED, AWAITING, PART_OPENED),
            DEEMED_WITHDRAWN, common.ARTICLE_FEW, effect=_("本标段不开标，投标文件永不开启。"),
        ),
        _auto(
            "validate", _("通过初步评审"), (OPENED, REJECTED), VALID, _JUDGED,
            effect=_("评标委员会认定形式、资格和响应性合格。"), done=_("有效投标"),
        ),
        _auto(
            "reject", _("否决投标"), (OPENED, VALID, SCORED, RANKED, CANDIDATE), REJECTED, _JUDGED,
            schema=schemas.RejectPayload, guards=(common.reason_is_given,), source="statute_text",
            effect=_("评标委员会依法否决其投标，并说明理由。"), done=_("已否决"),
        ),
        _auto(
            "score", _("评分"), (VALID, RANKED, CANDIDATE), SCORED, "《招标投标法》第40条",
            schema=schemas.ScorePayload, effect=_("评标委员会的评分已经形成。"),
            done=_("已评分"),
        ),
        _auto(
            "rank", _("排序"), (SCORED,), RANKED, "《招标投标法实施条例》第53条",
            schema=schemas.RankPayload, source="statute_text", effect=_("按评分排定名次。"),
            done=_("已排序"),
        ),
        _auto(
            "nominate", _("推荐为中标候选人"), (RANKED,), CANDIDATE,
            "《招标投标法实施条例》第53条", source="statute_text",
            effect=_("列入公示的中标候选人。"), done=pgettext_lazy("bid", "中标候选人"),
        ),
        _auto(
            "win", _("中标"), (CANDIDATE, LOST), WON, "《招标投标法》第45条",
            effect=_("中标通知书已经发出。"),
        ),
        _auto(
            "lose", _("未中标"), (OPENED, VALID, SCORED, RANKED, CANDIDATE, WON), LOST,
            "《招标投标法》第45条",
            effect=_("本次招标由他人中标或者招标失败。"),
        ),
        _auto(
            "end_with_lot", _("标段终止，未中标"),
            (OPENED, VALID, SCORED, RANKED, CANDIDATE), LOST, common.ARTICLE_ENDED,
            effect=_("招标人终止招标，已开启的投标文件不再评审，也不再授标。"),
        ),
        Transition(
            "void", _("认定投标无效"),
            # Also of who was rejected or lost: a decision comes late, and either can come back.
            (PART_OPENED, OPENED, VALID, REJECTED, SCORED, RANKED, CANDIDATE, WON, LOST), VOID,
            schema=schemas.VoidPayload,
            effect=_("因串通投标、行贿或弄虚作假，认定投标无效；串通投标的，记入信用记录。"),
            article=common.ARTICLE_VOID, source="remembered",
            guards=(
                common.reason_is_given, bids.decision_is_there, bids.no_later_stage_is_under_way,
            ),
            grave=True, done=pgettext_lazy("bid", "投标无效"),
        ),
    ),
)  # fmt: skip
