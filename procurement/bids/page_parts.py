"""What the pages of policies, bids and openings share: words, a lot's facts, what a party runs."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.errors import Refusal, catalogue
from kernel.web.viewmodels import Fact, FactGroup
from procurement.bids.models import OpeningPolicy
from procurement.tendering.documents import name_of

TOOL = gettext_lazy("由工具生成；一般不在网页填写")
SIGNED = gettext_lazy("签名文件")
LOT = gettext_lazy("标段")


def server() -> str:
    """The address that people's tools ask."""
    return str(getattr(settings, "PUBLIC_URL", "") or "http://127.0.0.1:8000").rstrip("/")


def lot_facts(case: Any) -> tuple[Fact, ...]:
    """Which lot a case hangs on, and who runs it."""
    return (
        Fact(_("标段编号"), case.lot_number, "code"),
        Fact(_("招标人"), name_of(case.owner_uscc), "name"),
        Fact(_("招标代理"), name_of(case.agency_uscc) if case.agency_uscc else "", "name"),
    )


def failure(code: str) -> str:
    """Why an authority outside gave no time-stamp, of whose answer only the code was kept."""
    said = catalogue.message(Refusal(code))
    return said if said != code and "%(" not in said else _("没有给出可用的时间戳")


def by_lot(text: str) -> Q:
    """Cases whose lot's number begins so."""
    return Q(lot_number__startswith=text)


def to_run(number: str, command: str) -> FactGroup:
    """A party's two ways: the command, or a task file for a machine without a network."""
    url = reverse("procurement:bids-trustee", args=[number])
    page = Fact(_("不联网时"), _("任务文件和开启程序"), url=url)
    return FactGroup(_("在本单位的机器上运行"), (Fact(_("命令"), command, "command"), page))


def party_codes(policy: OpeningPolicy) -> list[str]:
    """The parties of a policy (USCC), in their order."""
    return list(policy.parties.values_list("uscc", flat=True))


def json_file(said: Any, name: str) -> HttpResponse:
    """What is said, as a JSON file to be kept under a name."""
    response = HttpResponse(json.dumps(said, ensure_ascii=False), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
