"""Two kinds of things that exist in these tests only, and a short way to enter one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from kernel.clock import LEGAL_ZONE
from kernel.search import kinds, services
from kernel.search.kinds import Entry

START = datetime(2026, 11, 1, 9, tzinfo=LEGAL_ZONE)
Enter = Callable[..., Entry]


@pytest.fixture(autouse=True)
def own_kinds(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(kinds, "_kinds", {})
    kinds.register("notice", "公告", lambda: ())
    kinds.register("award_notice", "中标", lambda: ())
    yield


@pytest.fixture
def enter(db: None) -> Enter:
    """Enter a thing; each is a minute newer than the one before."""
    entered = 0

    def put(title: str, **changes: Any) -> Entry:
        nonlocal entered
        entered += 1
        fields: dict[str, Any] = {
            "kind": "notice",
            "key": f"k{entered}",
            "title": title,
            "url": f"/things/{entered}/",
            "published_at": START + timedelta(minutes=entered),
            **changes,
        }
        services.put(Entry(**fields))
        return Entry(**fields)

    return put
