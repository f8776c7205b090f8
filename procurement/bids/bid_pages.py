"""How a bid is shown: little before the opening."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.access.actors import Actor
from kernel.web.presenters import Presenter
from kernel.web.schema_forms import FieldWords, Words
from kernel.web.viewmodels import Fact, FactGroup
from procurement.bids import judged
from procurement.bids.bid_machine import BID
from procurement.bids.page_parts import LOT, SIGNED, TOOL, by_lot

_SCAN = gettext_lazy("PDF、JPEG、PNG、XLSX 或 XML，不超过 20 MB")


def _grounds(_case: Any, _actor: Actor, _at: datetime) -> list[tuple[str, Any]]:
    """What makes a bid void by an authority's decision (招标投标法 art. 53, 54)."""
    return list(_GROUNDS)


_GROUNDS = (
    ("collusion", gettext_lazy("串通投标")),
    ("bribery", gettext_lazy("以行贿手段谋取中标")),
    ("false_information", gettext_lazy("以他人名义投标或者弄虚作假")),
)


class BidPresenter(Presenter):
    """A bid's page: for its bidder always, for the others once it is open."""

    machine = BID
    fields: FieldWords = {
        "lot_number": Words(gettext_lazy("标段编号"), group=LOT),
        "upload": Words(
            gettext_lazy("上传编号"), help=gettext_lazy("请在“我的投标”页上传投标文件"), group=LOT
        ),
        "manifest_sha256": Words(gettext_lazy("投标文件摘要"), help=TOOL, group=LOT),
        "ground": Words(gettext_lazy("认定的情形"), options=_grounds),
        "document_number": Words(gettext_lazy("决定书文号")),
        "file_sha256": Words(gettext_lazy("决定书扫描件"), help=_SCAN),
        "reason": Words(gettext_lazy("理由")),
        "statement": Words(gettext_lazy("撤回声明"), help=TOOL, group=SIGNED),
        "p7s": Words(gettext_lazy("签名（Base64）"), help=TOOL, group=SIGNED),
    }

    def title(self, case: Any) -> str:
        """Lot and bidder."""
        return f"{case.lot_number} {case.bidder_name}".strip()

    def search(self, text: str) -> Q:
        """By the lot's number."""
        return by_lot(text)

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
            why = Fact(_("理由"), judged.reason(case), "name")
            groups.append(FactGroup(_("否决或无效的理由"), (why,)))
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
