"""Production asks more of a new opening policy than a sandbox, and says what its machine lacks."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from kernel.errors import Refusal, Refused, Unavailable
from kernel.web import readiness
from procurement.bids import named_programs, policy_bounds

pytestmark = pytest.mark.django_db
WHOLE = SimpleNamespace(padding_minimum=2**20)


@pytest.fixture
def production(settings, monkeypatch):
    """A deployment in earnest; names: whom its file of authorities has."""
    settings.SANDBOX = False
    names = ["one", "two"]
    monkeypatch.setattr(policy_bounds.authorities, "names", lambda: tuple(names))
    monkeypatch.setattr(named_programs, "of_now", lambda: ("seal.html",))
    return names


def codes(payload=WHOLE):
    return [fault.code.rpartition(".")[2] for fault in policy_bounds.faults(payload)]


def test_production_asks_for_two_authorities(production):
    assert codes() == []
    assert policy_bounds.authorities_state() == "ok"
    production[1:] = ["one"]  # the same one twice
    assert codes() == ["authorities"]
    assert policy_bounds.authorities_state() == "1 of 2"


def test_a_file_of_authorities_that_cannot_be_read_names_none(production, monkeypatch):
    def broken():
        raise Unavailable.because("evidence.timestamp.configuration", detail="x")

    monkeypatch.setattr(policy_bounds.authorities, "names", broken)
    assert codes() == ["authorities"]
    assert policy_bounds.authorities_state() == "0 of 2"


def test_production_asks_for_padding_and_programs(production, monkeypatch):
    assert codes(SimpleNamespace(padding_minimum=2**20 - 1)) == ["padding"]
    monkeypatch.setattr(named_programs, "of_now", lambda: ())
    production.clear()
    assert codes(SimpleNamespace(padding_minimum=1024)) == ["authorities", "padding", "programs"]


def test_a_sandbox_plays_with_one_authority_and_one_disk(settings):
    assert settings.SANDBOX
    assert codes(SimpleNamespace(padding_minimum=1024)) == []
    found = readiness.checks()
    assert (found["timestamp_authorities"], found["second_keeper"]) == ("ok", "ok")


def test_what_production_asks_for_stands_in_the_way_of_drawing_up(world, monkeypatch):
    lacks = Refusal("procurement.policy.authorities", {"found": 1, "wanted": 2})
    monkeypatch.setattr(policy_bounds, "faults", lambda _payload: iter([lacks]))
    with pytest.raises(Refused) as refused:
        world.draw_up()
    assert [reason.code for reason in refused.value.refusals] == ["procurement.policy.authorities"]


def test_a_second_keeper_on_the_same_device_is_told(production, monkeypatch):
    assert policy_bounds.keeper_state() == "same device"
    assert "second_keeper" in readiness.warnings(readiness.checks())
    devices = iter([1, 2])
    monkeypatch.setattr(policy_bounds, "_device", lambda _path: next(devices))
    assert policy_bounds.keeper_state() == "ok"


def test_a_second_keeper_elsewhere_is_no_matter_of_disks(production, monkeypatch):
    monkeypatch.setattr(policy_bounds.keeper, "storage", object)
    assert policy_bounds.keeper_state() == "ok"
