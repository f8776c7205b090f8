"""Bills of quantities of 5,000 items: read from XLSX and XML, checked, named, stored.

The bar is the whole way of a bidder's file: read, every check but the opening's, and stored.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

Figure = tuple[str, float, str, str]
ITEMS = 5_000
AT = datetime(2026, 3, 1, tzinfo=UTC)


def run() -> list[Figure]:
    """Best of five of each, on a bill whose checks all pass."""
    from procurement.cost import canonical, demonstration, markup, selectors, template
    from procurement.cost.services import read_bill, store_bill

    rates = selectors.rates(AT, "230000")
    tender = demonstration.tender_bill(seed=1, items=ITEMS)
    ceiling = demonstration.ceiling_bill(tender, rates)
    bid = demonstration.priced_bill(tender, rates, bidder="甲", factor=Decimal("0.94"))
    files = {"XLSX": template.write(bid), "XML": markup.write(bid)}
    if bid.item_count < ITEMS:
        raise RuntimeError(f"only {bid.item_count} items")

    def whole(file: bytes) -> None:
        outcome = selectors.check(read_bill(file), rates, tender=tender, ceiling=ceiling)
        if outcome.errors or len(outcome.ran) != len(selectors.CHECKS):
            raise RuntimeError(f"the checks found {outcome.errors[:3]}")

    found: list[Figure] = []
    # A bill is stored once: each turn needs another one of the same size.
    others = [
        demonstration.priced_bill(tender, rates, bidder=name, factor=Decimal("0.93"))
        for name in "乙丙丁戊己"
    ]
    store = _seconds("store", lambda: store_bill(content=others.pop(), kind="bid", at=AT), "")
    for name, file in files.items():
        checked = _seconds(f"read and check, {name}", lambda file=file: whole(file), "<= 1")
        sum_ = checked[1] + store[1]
        found.append(
            (f"bills: read, check and store, {name}, {ITEMS:,} items", sum_, "CPU-s", "<= 1")
        )
        found.append(checked)
        found.append(_seconds(f"read, {name}", lambda file=file: read_bill(file), ""))
    found.append(_seconds("identity", lambda: canonical.sha256(bid), ""))
    found.append(store)
    return found


def _seconds(name: str, work: Callable[[], Any], bar: str) -> Figure:
    """Best of five, in CPU time of this process: wall time would measure the neighbours."""
    times = []
    for _ in range(5):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return f"bills: {name}, {ITEMS:,} items", min(times), "CPU-s", bar
