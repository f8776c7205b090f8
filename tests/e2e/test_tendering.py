"""Notices for everybody, a lot's case for its parties, act pages: on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kernel.access.actors import Actor
from procurement.tendering.models import Lot
from tests.e2e.browsing import CHROMIUM, DESK, PHONE
from tests.e2e.visitor import Arrive
from tests.procurement.tendering import samples
from tests.procurement.tendering.test_objections import raise_

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api")


@pytest.fixture
def people(committed_people: dict[str, Actor], monkeypatch: Any) -> Iterator[dict[str, Actor]]:
    samples.answered(monkeypatch)
    yield samples.parties() | {"officer": committed_people["officer"]}


def test_a_notice_its_case_and_its_acts(arrive: Arrive, people: dict[str, Actor]) -> None:
    lot = samples.published(people)
    said = {"text": "外墙保温材料的燃烧性能等级以图纸说明为准。"}
    samples.act(lot, "clarify", people["owner"], said)
    draft = samples.opened(people)
    objection = raise_(people["bidder"], lot)

    public = arrive("public", viewport=DESK)
    public.page.goto("/notices/")
    public.look("notices")
    public.page.goto(f"/notices/{lot.number}/")
    public.look("notice")
    assert "bidder" not in public.page.content()
    english = arrive("public-en", "en", viewport=PHONE)
    english.page.goto("/notices/")
    english.look("notices")
    english.page.goto(f"/notices/{lot.number}/")
    english.look("notice")

    owner = arrive("owner", viewport=DESK)
    owner.log_in("owner")
    owner.look("desk")
    owner.page.goto(f"/cases/procurement.tender/{lot.pk}/")
    owner.look("case")
    owner.page.goto(f"/cases/procurement.tender/{draft.pk}/acts/amend/")
    owner.look("amend")
    owner.page.goto(f"/cases/procurement.objection/{objection.pk}/acts/answer/")
    owner.look("answer")
    phone = arrive("owner-phone", "en", viewport=PHONE)
    phone.log_in("owner")
    phone.page.goto(f"/cases/procurement.tender/{draft.pk}/acts/amend/")
    phone.look("amend")
    phone.page.goto(f"/cases/procurement.tender/{lot.pk}/")
    phone.look("case")

    bank = arrive("bank", viewport=DESK)
    bank.log_in("guarantor")
    bank.page.goto("/cases/procurement.security/new/")
    bank.look("issue")
    assert Lot.objects.get(pk=lot.pk).state == "paused"
