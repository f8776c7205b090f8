"""How policies, bids and openings are shown; what each party has to run, on its own machine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import clock
from kernel.access.actors import Actor
from kernel.sealing.bids.closing import read_list
from kernel.web import desk_parts, other_entries, presenters
from kernel.web.presenters import Presenter
from kernel.web.schema_forms import FieldWords, Words
from kernel.web.viewmodels import Fact, FactGroup, Link
from kernel.web.words import listed
from kernel.workflow import judge
from procurement.bids import (
    blame,
    commands,
    correcting,
    dossier,
    opening,
    policy_stamps,
    readings,
    receipts,
    stamps,
    unstamped,
)
from procurement.bids.bid_machine import BID
from procurement.bids.machines import DRAFTED, OPENED, OPENING, POLICY, REHEARSED
from procurement.bids.models import OpeningPolicy, PolicyVersion
from procurement.bids.presets import PRESETS
from procurement.projects.drawings.pages import with_role
from procurement.tendering import selectors as tendering
from procurement.tendering.documents import name_of

_TOOL = gettext_lazy("由工具生成；一般不在网页填写")
_SIGNED = gettext_lazy("签名文件")
_LOT = gettext_lazy("标段")
_SCAN = gettext_lazy("PDF、JPEG、PNG、XLSX 或 XML，不超过 20 MB")


def _grounds(_case: Any, _actor: Actor, _at: datetime) -> list[tuple[str, Any]]:
    """What makes a bid void by an authority's decision (招标投标法 art. 53, 54)."""
    return list(_GROUNDS)


_GROUNDS = (
    ("collusion", gettext_lazy("串通投标")),
    ("bribery", gettext_lazy("以行贿手段谋取中标")),
    ("false_information", gettext_lazy("以他人名义投标或者弄虚作假")),
)


def server() -> str:
    """The address that people's tools ask."""
    return str(getattr(settings, "PUBLIC_URL", "") or "http://127.0.0.1:8000").rstrip("/")


def _lot_facts(case: Any) -> tuple[Fact, ...]:
    return (
        Fact(_("标段编号"), case.lot_number, "code"),
        Fact(_("招标人"), name_of(case.owner_uscc), "name"),
        Fact(_("招标代理"), name_of(case.agency_uscc) if case.agency_uscc else "", "name"),
    )


def _by_lot(text: str) -> Q:
    return Q(lot_number__startswith=text)


def _approved(_case: Any, actor: Actor, _at: datetime) -> list[tuple[str, str]]:
    return tendering.options(actor.uscc, "approved")


def _drawable(_case: Any, _actor: Actor, _at: datetime) -> list[tuple[str, Any]]:
    """What evaluation methods have drawn at the opening, by the name that the policy signs."""
    return [("factor", _("下浮系数"))]


class PolicyPresenter(Presenter):
    """An opening policy's page."""

    machine = POLICY
    fields: FieldWords = {
        "lot_number": Words(gettext_lazy("标段编号"), group=_LOT, options=_approved),
        "trustees": Words(
            gettext_lazy("开启人"), lines=3, help=gettext_lazy("各在自己的机器上保管一份开启密钥")
        ),
        "trustees.uscc": Words(gettext_lazy("单位"), options=with_role("trustee")),
        "trustees.body": Words(
            gettext_lazy("最终控制人"), help=gettext_lazy("同一控制人的开启人只计一名；没有则不填")
        ),
        "supervisor": Words(
            gettext_lazy("监督部门"),
            help=gettext_lazy("见证开标，不持有份额"),
            group=_LOT,
            options=with_role("tender_supervisor"),
        ),
        "threshold": Words(gettext_lazy("开启所需份额"), unit=gettext_lazy("份"), group=_LOT),
        "stages": Words(
            gettext_lazy("开标阶段"),
            group=_LOT,
            options=lambda _case, _actor, _at: [(p.code, p.label) for p in PRESETS.values()],
        ),
        "decrypt_window_minutes": Words(
            gettext_lazy("解密时限"), unit=gettext_lazy("分钟"), group=_LOT
        ),
        "draws": Words(gettext_lazy("抽取项"), lines=1),
        "draws.name": Words(gettext_lazy("名称"), options=_drawable),
        "draws.choices": Words(gettext_lazy("可抽取的值"), help=gettext_lazy("用逗号隔开")),
        "padding_minimum": Words(
            gettext_lazy("信封最小字节数"), help=gettext_lazy("使文件大小不泄露内容"), group=_LOT
        ),
        "maximum_size": Words(gettext_lazy("投标文件最大字节数"), group=_LOT),
        "announcement": Words(gettext_lazy("密钥公布书"), help=_TOOL, group=_SIGNED),
        "answer": Words(gettext_lazy("演练答复"), help=_TOOL, group=_SIGNED),
        "p7s": Words(gettext_lazy("签名（Base64）"), help=_TOOL, group=_SIGNED),
    }

    def title(self, case: Any) -> str:
        """The lot's name."""
        return str(case.title or case.lot_number)

    def search(self, text: str) -> Q:
        """By the lot's number."""
        return _by_lot(text)

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """Lot, threshold, deadline."""
        keys = case.parties.filter(place__isnull=False).count()
        return (
            Fact(_("标段编号"), case.lot_number, "code"),
            Fact(_("开启"), _("%(n)s 方保管，%(k)s 方到场") % {"n": keys, "k": case.threshold}),
            Fact(_("投标截止"), case.deadline_at, "moment"),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """Who has done what."""
        version = readings.newest(case)
        signed = set(version.signatures.values_list("uscc", flat=True)) if version else set()
        rows = [
            Fact(
                party.name,
                listed(
                    filter(
                        None,
                        (
                            _("已公布密钥") if party.announcement else _("待公布密钥"),
                            _("演练通过")
                            if party.rehearsed_at
                            else (_("待演练") if party.place is not None else ""),
                            _("已签署") if party.uscc in signed else "",
                        ),
                    )
                ),
                "name",
            )
            for party in case.parties.all()
        ]
        groups = [FactGroup(_("标段"), _lot_facts(case)), FactGroup(_("各方"), tuple(rows))]
        if version:
            text = (
                Fact(_("版本"), version.number, "number"),
                Fact(_("摘要 (SHA-256)"), version.sha256, "code"),
                *_stamped(version),
            )
            groups.append(FactGroup(_("方案文本"), text))
        return tuple(groups)

    def linked(self, case: Any, actor: Actor, at: datetime) -> tuple[FactGroup, ...]:
        """What this party has to run."""
        party = case.parties.filter(uscc=actor.uscc or "-").first()
        steps = {DRAFTED: "key rehearse", REHEARSED: "sign-policy"}.get(case.state, "")
        if party is None or not steps or actor.role not in ("trustee", "owner_clerk"):
            return ()
        share = party.place is not None
        if not share:
            steps = steps.replace(" rehearse", "")
        text = commands.trustee(server(), case.lot_number, _parties(case), steps, share=share)
        return (_to_run(case.lot_number, text),)

    def is_public(self, case: Any) -> bool:
        """Once it is in force."""
        return bool(case.versions.filter(in_force_at__isnull=False).exists())

    def public_url(self, case: Any) -> str:
        """Its page for everybody."""
        if not self.is_public(case):
            return ""
        return reverse("procurement:bids-policy", args=[case.lot_number])


def _stamped(version: PolicyVersion) -> Iterator[Fact]:
    """By when the signatures were there, and who outside says so."""
    if (stamp := policy_stamps.of(version)) is not None:
        yield Fact(_("各方签名的时间戳"), stamp.gen_time, "moment")
        yield Fact(_("时间戳机构"), stamp.authority, "name")
    yield from unstamped.facts(version)


def _to_run(number: str, command: str) -> FactGroup:
    """A party's two ways: the command, or a task file for a machine without a network."""
    url = reverse("procurement:bids-trustee", args=[number])
    page = Fact(_("不联网时"), _("任务文件和开启程序"), url=url)
    return FactGroup(_("在本单位的机器上运行"), (Fact(_("命令"), command, "command"), page))


def _clock(at: datetime) -> str:
    return at.astimezone(clock.LEGAL_ZONE).strftime("%H:%M:%S")


def _parties(policy: OpeningPolicy) -> list[str]:
    return list(policy.parties.values_list("uscc", flat=True))


class BidPresenter(Presenter):
    """A bid's page: for its bidder always, for the others once it is open."""

    machine = BID
    fields: FieldWords = {
        "lot_number": Words(gettext_lazy("标段编号"), group=_LOT),
        "upload": Words(
            gettext_lazy("上传编号"), help=gettext_lazy("请在“我的投标”页上传投标文件"), group=_LOT
        ),
        "manifest_sha256": Words(gettext_lazy("投标文件摘要"), help=_TOOL, group=_LOT),
        "ground": Words(gettext_lazy("认定的情形"), options=_grounds),
        "document_number": Words(gettext_lazy("决定书文号")),
        "file_sha256": Words(gettext_lazy("决定书扫描件"), help=_SCAN),
        "reason": Words(gettext_lazy("理由")),
        "statement": Words(gettext_lazy("撤回声明"), help=_TOOL, group=_SIGNED),
        "p7s": Words(gettext_lazy("签名（Base64）"), help=_TOOL, group=_SIGNED),
    }

    def title(self, case: Any) -> str:
        """Lot and bidder."""
        return f"{case.lot_number} {case.bidder_name}".strip()

    def search(self, text: str) -> Q:
        """By the lot's number."""
        return _by_lot(text)

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """Lot, version, time."""
        return (
            Fact(_("标段编号"), case.lot_number, "code"),
            Fact(_("投标人"), case.bidder_name, "name"),
            Fact(_("版本"), case.bid_version, "number"),
            Fact(_("收到时间"), case.received_at, "moment"),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """What is known of it: little before the opening."""
        sealed = (
            Fact(_("投标文件摘要"), case.manifest_sha256, "code"),
            Fact(_("开启方案摘要"), case.policy_sha256, "code"),
            Fact(_("证书序列号"), case.certificate_serial, "code"),
        )
        groups = [FactGroup(_("投标文件"), sealed)]
        if case.price_fen:
            said = (
                Fact(_("投标报价"), case.price_fen, "money"),
                Fact(_("工期（日历天）"), case.period_days, "number"),
                Fact(_("质量目标"), case.quality),
                Fact(_("项目经理"), case.project_manager, "name"),
                Fact(_("投标保证编号"), case.bid_security, "code"),
            )
            groups.append(FactGroup(_("唱标内容"), said))
        if case.failure:
            groups.append(FactGroup(_("未能开启"), (Fact(_("原因"), case.failure, "code"),)))
        if case.decision:
            groups.append(FactGroup(_("认定投标无效的决定"), tuple(_decided(case, at))))
        if case.reason:
            groups.append(FactGroup(_("否决或无效的理由"), (Fact(_("理由"), case.reason),)))
        return tuple(groups)

    def linked(self, case: Any, actor: Actor, at: datetime) -> tuple[FactGroup, ...]:
        """The bidder's way to its receipts."""
        if actor.uscc != case.bidder_uscc:
            return ()
        url = reverse("procurement:bids-lot", args=[case.lot_number])
        return (FactGroup(_("回执"), (Fact(_("我的投标"), case.lot_number, "name", url=url),)),)


def _decided(case: Any, at: datetime) -> Iterator[Fact]:
    """By which decision a bid is void, and its scan, for those who may read the bid."""
    told, scan = case.decision, case.decision["file_sha256"]
    url = reverse("web:case-file", args=[case.machine.code, case.pk, scan])
    yield Fact(_("认定的情形"), dict(_GROUNDS)[told["ground"]])
    yield Fact(_("决定书文号"), told["document_number"], "code")
    yield Fact(_("决定书扫描件"), f"{scan[:12]}…", "code", url=url)
    yield Fact(_("认定机关"), told["by"], "name")
    yield Fact(_("认定日期"), date.fromisoformat(told["on"]), "date")


class OpeningPresenter(Presenter):
    """An opening's page."""

    machine = OPENING
    fields: FieldWords = {
        "p7s": Words(gettext_lazy("签名（Base64）"), help=_TOOL, group=_SIGNED),
        "nonce": Words(gettext_lazy("随机数"), help=_TOOL, group=_SIGNED),
        "marks": Words(gettext_lazy("核对结果"), help=_TOOL, group=_SIGNED),
        "release": Words(gettext_lazy("密钥份额"), help=_TOOL, group=_SIGNED),
        "answer": Words(gettext_lazy("演练答复"), help=_TOOL, group=_SIGNED),
        "cure": Words(gettext_lazy("补发的份额"), help=_TOOL, group=_SIGNED),
        "cured_marks": Words(gettext_lazy("补发份额的核对结果"), help=_TOOL, group=_SIGNED),
        "protest": Words(gettext_lazy("异议"), help=_TOOL, group=_SIGNED),
        "result": Words(gettext_lazy("阶段评审结果"), help=_TOOL, group=_SIGNED),
    }

    def title(self, case: Any) -> str:
        """The lot's name."""
        return str(case.title or case.lot_number)

    def search(self, text: str) -> Q:
        """By the lot's number."""
        return _by_lot(text)

    def head(self, case: Any, at: datetime) -> tuple[Fact, ...]:
        """Lot, how many bids, until when."""
        return (
            Fact(_("标段编号"), case.lot_number, "code"),
            Fact(_("投标文件份数"), len(read_list(case.list_text.encode()).bids), "number"),
            Fact(_("截标时间"), case.closed_at, "moment"),
            Fact(_("解密截止"), case.window_ends_at, "moment"),
        )

    def facts(self, case: Any, at: datetime) -> tuple[FactGroup, ...]:
        """What each party has said."""
        names = dict(case.policy.parties.values_list("uscc", "name"))
        said = tuple(
            Fact(names.get(row.uscc, row.uscc), f"{row.get_kind_display()} {_clock(row.at)}")
            for row in case.statements.all()
        )
        listed = (
            Fact(_("截标名单摘要"), case.list_sha256, "code"),
            *(
                Fact(name_of(bid.bidder), bid.manifest_sha256, "code")
                for bid in read_list(case.list_text.encode()).bids
            ),
        )
        return (
            FactGroup(_("标段"), _lot_facts(case)),
            FactGroup(_("截标名单"), listed),
            FactGroup(_("开启人"), said),
        )

    def linked(self, case: Any, actor: Actor, at: datetime) -> tuple[FactGroup, ...]:
        """The dossier once it is there; else what this party has to run now."""
        if case.state == OPENED:
            return (FactGroup(_("开标卷宗"), tuple(_dossiers(case, actor))),)
        party = case.policy.parties.filter(uscc=actor.uscc or "-").first()
        if party is None or actor.role not in ("trustee", "owner_clerk"):
            return ()
        able = [
            act.transition.code for act in judge.what_next(OPENING, case, actor, at) if act.allowed
        ]
        if "conclude" in able and actor.uscc == case.owner_uscc:
            said = commands.result(server(), case.lot_number)
            return (FactGroup(_("在本单位的机器上运行"), (Fact(_("命令"), said, "command"),)),)
        names = {
            "rehearse": "rehearse", "countersign": "check", "reveal": "reveal", "mark": "mark",
            "release": "release",
        }  # fmt: skip
        if "mark_cured" in able and case.statements.filter(kind="cure", of_list="").exists():
            names["mark_cured"] = "mark-cures"
        steps = " ".join(names[code] for code in able if code in names)
        if not steps:
            return ()
        text = commands.trustee(
            server(), case.lot_number, _parties(case.policy), steps, share=party.place is not None
        )
        return (_to_run(case.lot_number, text),)

    def is_public(self, case: Any) -> bool:
        """Once the bids are open."""
        return bool(case.record_text)

    def public_url(self, case: Any) -> str:
        """Its page for everybody."""
        if not self.is_public(case):
            return ""
        return reverse("procurement:bids-opening", args=[case.lot_number])


def _dossiers(case: Any, actor: Actor) -> Iterator[Fact]:
    name = case.lot_number
    public = reverse("procurement:bids-dossier", args=[name])
    yield Fact(_("公开卷宗"), name, "name", url=public)
    if dossier.may_have_all(case, actor):
        whole = reverse("procurement:bids-dossier-all", args=[name])
        yield Fact(_("含全部信封密钥的卷宗"), name, "name", url=whole)


def _begin(actor: Actor) -> Iterator[Link]:
    if actor.role in ("owner_clerk", "agency_clerk"):
        yield Link(_("拟订开启方案"), reverse("web:act-open", args=[POLICY.code]))
    if actor.role == "contractor_clerk":
        yield Link(_("我的投标"), reverse("procurement:bids-mine"))


for _presenter in (PolicyPresenter(), BidPresenter(), OpeningPresenter()):
    presenters.register(_presenter)
other_entries.name(receipts.RECEIPT, gettext_lazy("出具回执"))
other_entries.name(receipts.WITHDRAWAL, gettext_lazy("出具撤回回执"))
other_entries.name(stamps.STAMP, gettext_lazy("补全回执"))
other_entries.name(blame.KIND, gettext_lazy("释放的密钥份额与核对不符"))
other_entries.name(correcting.GIVEN, gettext_lazy("再次出具回执"))
other_entries.name(opening.RESULT, gettext_lazy("开标结果"))
desk_parts.add(actions=_begin)
