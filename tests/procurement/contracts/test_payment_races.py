"""Two payments of one contract at once: sums so far are counted on the one that came first."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from django.db import connection

from kernel import clock
from kernel.access.actors import Actor
from kernel.errors import Refused
from kernel.workflow import sandbox
from procurement.contracts.models import Contract
from procurement.contracts.payments import selectors
from procurement.contracts.payments.models import Payment
from tests.procurement.contracts import samples
from tests.procurement.contracts.paying import CODE, measured, opened
from tests.procurement.contracts.samples import act

pytestmark = pytest.mark.slow


@pytest.fixture
def people(committed: None) -> dict[str, Actor]:
    from datetime import datetime

    sandbox.begin_at(datetime(2025, 9, 1, 9, 0, tzinfo=clock.LEGAL_ZONE))
    return samples.market()


def race(monkeypatch: pytest.MonkeyPatch, *works) -> list[object]:
    """Run all at once, each waiting with its facts in hand for the others; what each gave."""
    met = threading.Barrier(len(works))
    looked, found = selectors._rivals, [None] * len(works)

    def rivals(number: str, but: int | None) -> tuple[str, ...]:
        seen = looked(number, but)
        with suppress(threading.BrokenBarrierError):
            met.wait(3)  # where one waits for the other's lock, the other goes on alone
        return seen

    monkeypatch.setattr(selectors, "_rivals", rivals)

    def run(place: int, work) -> None:
        try:
            found[place] = work()
        except Refused as refused:
            found[place] = {r.code for r in refused.refusals}
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    monkeypatch.setattr(selectors, "_rivals", looked)
    return found


def test_of_two_payments_submitted_at_once_one_waits_for_the_other(
    people: dict[str, Actor], contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each saw no other under review, and both were counted on the same sums so far."""
    one = measured(people, contract)
    two = measured(people, contract)
    found = race(
        monkeypatch,
        lambda: act(CODE, one, "submit", people["contractor"]).state,
        lambda: act(CODE, two, "submit", people["contractor"]).state,
    )
    refused = [each for each in found if isinstance(each, set)]
    assert len(refused) == 1 and "procurement.payment.other_under_review" in refused[0]
    assert Payment.objects.filter(state="submitted").count() == 1


def test_of_two_prepayments_asked_for_at_once_there_is_one(
    people: dict[str, Actor], contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = race(monkeypatch, *[lambda: opened(people, contract, "prepayment")] * 2)
    assert {"procurement.payment.kind_twice"} in found
    assert Payment.objects.filter(kind="prepayment").count() == 1
