"""Threads that meet: all have looked before one goes on, and what fails in one fails the test."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from kernel.errors import Refused
from tests.meeting import met_behind


def test_all_have_looked_before_one_goes_on(monkeypatch):
    told = []
    room = SimpleNamespace(look=lambda: told.append("looked"))

    def work():
        room.look()
        told.append("done")

    met_behind(monkeypatch, (room, "look"), work, work)
    assert told == ["looked", "looked", "done", "done"]


def test_a_refusal_is_told_by_its_codes_and_whatever_else_is_raised(monkeypatch):
    room = SimpleNamespace(look=lambda: None)

    def refused():
        raise Refused.because("workflow.case.unknown")

    def fails():
        raise ZeroDivisionError

    assert met_behind(monkeypatch, (room, "look"), refused) == [{"workflow.case.unknown"}]
    with pytest.raises(ZeroDivisionError):
        met_behind(monkeypatch, (room, "look"), refused, fails)
