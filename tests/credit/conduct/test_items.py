"""The items that captured events need came as a version of their own, and change no other."""

from __future__ import annotations

import dataclasses
from datetime import datetime

from credit.scoring import selectors as scoring
from kernel import clock

BEFORE = datetime(2026, 11, 30, 12, 0, tzinfo=clock.LEGAL_ZONE)
AFTER = datetime(2026, 12, 1, 0, 0, tzinfo=clock.LEGAL_ZONE)
NEW = {"bid_security_forfeited", "late_contract", "late_award_report"}


def test_the_version_of_december_2026_adds_three_items_and_changes_none():
    old, new = scoring.scheme(BEFORE), scoring.scheme(AFTER)
    assert (old.version, new.version) == ("2025.1", "2026.1")
    assert set(new.items) - set(old.items) == NEW
    same = {code: item for code, item in new.items.items() if code not in NEW}
    assert same == old.items
    changed = {"version", "sha256", "items"}
    for field in dataclasses.fields(old):
        if field.name not in changed:
            assert getattr(old, field.name) == getattr(new, field.name), field.name
