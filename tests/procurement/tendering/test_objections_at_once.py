"""One firm that raises two objections at once has raised one: each makes the lot stand still."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import pytest

from kernel import clock
from kernel.workflow import sandbox
from kernel.workflow.firing import fire
from procurement.tendering.objections import selectors
from procurement.tendering.objections.machine import OBJECTION
from procurement.tendering.objections.models import Objection
from tests.meeting import met_behind
from tests.procurement.tendering import samples

pytestmark = pytest.mark.slow


def test_a_firm_has_one_open_objection_of_a_stage_however_many_it_sends_at_once(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.begin_at(datetime(2025, 9, 1, 9, 0, tzinfo=clock.LEGAL_ZONE))
    samples.answered(monkeypatch)
    market = samples.market()
    said = {
        "lot_number": samples.published(market).number, "stage": "documents", "text": "工期不合理",
    }  # fmt: skip
    send = partial(fire, OBJECTION.code, None, "raise", actor=market["bidder"], payload=said)
    twice = [partial(send, key=key) for key in ("one", "two")]
    found = met_behind(monkeypatch, (selectors, "_same_open"), *twice)
    assert {"procurement.objection.waits_already"} in found
    assert Objection.objects.count() == 1
