"""How an opening policy is shown; what each party has to run, on its own machine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.access.actors import Actor
from kernel.web.presenters import ActForm, Presenter
from kernel.web.schema_forms import FieldWords, Words
from kernel.web.viewmodels import Fact, FactGroup
from kernel.web.words import listed
from kernel.workflow.machines import Transition
from procurement.bids import (
    commands,
    lots,
    policy_stamps,
    readings,
    steps_now,
    unstamped,
)
from procurement.bids.machines import POLICY
from procurement.bids.models import PolicyVersion
from procurement.bids.page_parts import (
    LOT,
    SIGNED,
    TOOL,
    by_lot,
    lot_facts,
    party_codes,
    server,
    to_run,
)
from procurement.bids.presets import PRESETS
from procurement.projects.drawings.pages import with_role
from procurement.tendering import selectors as tendering


def _approved(_case: Any, actor: Actor, _at: datetime) -> list[tuple[str, str]]:
    return tendering.options(actor.uscc, "approved")


def _drawable(_case: Any, _actor: Actor, _at: datetime) -> list[tuple[str, Any]]:
    """What evaluation methods have drawn at the opening, by the name that the policy signs."""
    return [("factor", _("下浮系数"))]


class PolicyPresenter(Presenter):
    """An opening policy's page."""

    machine = POLICY
    fields: FieldWords = {
        "lot_number": Words(gettext_lazy("标段编号"), group=LOT, options=_approved),
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
            group=LOT,
            options=with_role("tender_supervisor"),
        ),
        "threshold": Words(gettext_lazy("开启所需份额"), unit=gettext_lazy("份"), group=LOT),
        "stages": Words(
            gettext_lazy("开标阶段"),
            group=LOT,
            options=lambda _case, _actor, _at: [(p.code, p.label) for p in PRESETS.values()],
        ),
        "decrypt_window_minutes": Words(
            gettext_lazy("解密时限"), unit=gettext_lazy("分钟"), group=LOT
        ),
        "draws": Words(gettext_lazy("抽取项"), lines=1),
        "draws.name": Words(gettext_lazy("名称"), options=_drawable),
        "draws.choices": Words(gettext_lazy("可抽取的值"), help=gettext_lazy("用逗号隔开")),
        "padding_minimum": Words(
            gettext_lazy("信封最小字节数"), help=gettext_lazy("使文件大小不泄露内容"), group=LOT
        ),
        "maximum_size": Words(gettext_lazy("投标文件最大字节数"), group=LOT),
        "announcement": Words(gettext_lazy("密钥公布书"), help=TOOL, group=SIGNED),
        "answer": Words(gettext_lazy("演练答复"), help=TOOL, group=SIGNED),
        "p7s": Words(gettext_lazy("签名（Base64）"), help=TOOL, group=SIGNED),
    }

    def title(self, case: Any) -> str:
        """The lot's name."""
        return str(case.title or case.lot_number)

    def search(self, text: str) -> Q:
        """By the lot's number."""
        return by_lot(text)

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
        groups = [FactGroup(_("标段"), lot_facts(case)), FactGroup(_("各方"), tuple(rows))]
        if version:
            text = (
                Fact(_("版本"), version.number, "number"),
                Fact(_("摘要 (SHA-256)"), version.sha256, "code"),
                *_stamped(version),
            )
            groups.append(FactGroup(_("方案文本"), text))
        return tuple(groups)

    def summary(
        self, transition: Transition, case: Any, form: ActForm, at: datetime
    ) -> tuple[FactGroup, ...]:
        """Before an extension, from which deadline to which."""
        groups = super().summary(transition, case, form, at)
        lot = lots.find(case.lot_number) if transition.code == "extend" and case else None
        if lot is None:
            return groups
        moved = (
            Fact(_("方案现在的投标截止"), case.deadline_at, "moment"),
            Fact(_("延长至标段的投标截止"), lot.bid_deadline_at, "moment"),
        )
        return (FactGroup(str(transition.label), moved), *groups)

    def linked(self, case: Any, actor: Actor, at: datetime) -> tuple[FactGroup, ...]:
        """What this party has to run."""
        party = case.parties.filter(uscc=actor.uscc or "-").first()
        steps = steps_now.of_policy(case, party) if party is not None else ""
        if party is None or not steps or actor.role not in ("trustee", "owner_clerk"):
            return ()
        share = party.place is not None
        text = commands.trustee(server(), case.lot_number, party_codes(case), steps, share=share)
        return (to_run(case.lot_number, text),)

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
