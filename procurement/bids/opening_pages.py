"""How an opening is shown; what each party has to run, on its own machine."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import clock
from kernel.access.actors import Actor
from kernel.sealing.bids.closing import read_list
from kernel.web.presenters import ActForm, Presenter
from kernel.web.schema_forms import FieldWords, Words
from kernel.web.viewmodels import Fact, FactGroup
from kernel.workflow import judge
from kernel.workflow.machines import Transition
from kernel.workflow.models import Deadline
from procurement.bids import (
    commands,
    dossier,
    proposed_stops,
    steps_now,
)
from procurement.bids.machines import LISTED, OPENED, OPENING
from procurement.bids.page_parts import SIGNED, TOOL, by_lot, lot_facts, party_codes, server, to_run
from procurement.tendering.documents import name_of


def _clock(at: datetime) -> str:
    return at.astimezone(clock.LEGAL_ZONE).strftime("%H:%M:%S")


class OpeningPresenter(Presenter):
    """An opening's page."""

    machine = OPENING
    related = ("policy",)
    fields: FieldWords = {
        "p7s": Words(gettext_lazy("签名（Base64）"), help=TOOL, group=SIGNED),
        "nonce": Words(gettext_lazy("随机数"), help=TOOL, group=SIGNED),
        "marks": Words(gettext_lazy("核对结果"), help=TOOL, group=SIGNED),
        "release": Words(gettext_lazy("密钥份额"), help=TOOL, group=SIGNED),
        "answer": Words(gettext_lazy("演练答复"), help=TOOL, group=SIGNED),
        "cure": Words(gettext_lazy("补发的份额"), help=TOOL, group=SIGNED),
        "cured_marks": Words(gettext_lazy("补发份额的核对结果"), help=TOOL, group=SIGNED),
        "protest": Words(gettext_lazy("异议"), help=TOOL, group=SIGNED),
        "result": Words(gettext_lazy("阶段评审结果"), help=TOOL, group=SIGNED),
    }

    def title(self, case: Any) -> str:
        """The lot's name."""
        return str(case.title or case.lot_number)

    def undated(self, case: Any, at: datetime, acts: Collection[str]) -> str:
        """The time to reveal, for whom no clock is kept; else that time begins with k trustees.

        Who decides on a proposed stop is no trustee: there it is since when the proposal waits.
        """
        return proposed_stops.since(case) if set(acts) == {"stop"} else steps_now.undated(case)

    def clock(self, case: Any) -> Deadline | None:
        """The trustees' time to reveal: an entity that holds no share reveals in it too."""
        if case.state != LISTED or case.reveal_until_at is None:
            return None
        running = Deadline.objects.filter(machine=OPENING.code, case_pk=case.pk)
        return running.filter(period_key="opening.reveal", ended_at__isnull=True).first()

    def act_page(self, case: Any, transition: str) -> str:
        """The page of task and answer: what the programs make is not typed into a form."""
        if transition not in steps_now.OF_PROGRAMS:
            return ""
        return reverse("procurement:bids-trustee", args=[case.lot_number])

    def act_form(self, transition: Transition, case: Any, *args: Any, **named: Any) -> ActForm:
        """As the schema says; who decides on a stop reads why it was proposed."""
        made = super().act_form(transition, case, *args, **named)
        if case is not None and transition.code == "stop" and case.reason:
            told = _("提议停止的理由：%(reason)s") % {"reason": case.reason}
            made.form.fields["reason"].help_text = told
            for view in (view for group in made.groups for view in group.fields):
                view.bound.help_text = told
        return made

    def search(self, text: str) -> Q:
        """By the lot's number."""
        return by_lot(text)

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
            for row in case.statements.exclude(kind="moment")
        )
        listed = (
            Fact(_("截标名单摘要"), case.list_sha256, "code"),
            *(
                Fact(name_of(bid.bidder), bid.manifest_sha256, "code")
                for bid in read_list(case.list_text.encode()).bids
            ),
        )
        return (
            FactGroup(_("标段"), lot_facts(case)),
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
        steps = steps_now.of_opening(case, actor, at)
        if not steps:
            return ()
        text = commands.trustee(
            server(),
            case.lot_number,
            party_codes(case.policy),
            steps,
            share=party.place is not None,
        )
        return (to_run(case.lot_number, text),)

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
