"""Two who enter the same thing at the same time."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from kernel.search import selectors, services
from kernel.search.kinds import Entry
from kernel.search.models import SearchEntry
from tests.kernel.search.conftest import START


@pytest.mark.services
def test_two_who_enter_one_new_thing_at_once_enter_one(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_out, faster = services._take_out, []

    def meanwhile(kind: str, keys: list[str]) -> int:
        found = take_out(kind, keys)
        if not faster:
            faster.append(threading.Thread(target=_enter_apart))
            faster[0].start()
            faster[0].join()
        return found

    monkeypatch.setattr(services, "_take_out", meanwhile)
    services.put(Entry("notice", "k", "道路工程 二", "/k/", START))
    assert [hit.title for hit in selectors.find("道路").hits] == ["道路工程 二"]
    assert SearchEntry.objects.count() == 1


def _enter_apart() -> None:
    try:
        services.put(Entry("notice", "k", "道路工程 一", "/k/", START))
    finally:
        connection.close()
