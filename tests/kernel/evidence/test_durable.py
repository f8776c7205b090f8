"""What was committed survives a power cut: each setting that this rests on is asked and judged."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.utils import ConnectionHandler

from config import preflight
from config.database import database
from kernel.evidence import durable

SOUND = {
    "postgresql": {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"},
    "sqlite": {"synchronous": "FULL", "journal_mode": "wal"},
}


@pytest.mark.django_db
def test_this_connection_waits_for_the_disk_at_each_commit() -> None:
    assert durable.settings(connection) == SOUND[connection.vendor]
    assert durable.faults(connection) == []


@pytest.mark.django_db
def test_a_new_connection_does_so_whatever_the_role_s_own_default_is() -> None:
    if connection.vendor == "sqlite":
        wanted = "PRAGMA synchronous=FULL"
        assert wanted in connection.settings_dict["OPTIONS"]["init_command"]
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT source FROM pg_settings WHERE name = 'synchronous_commit'")
        assert cursor.fetchone() == ("client",)


@pytest.mark.django_db
def test_a_connection_that_was_weakened_says_so(tmp_path: Path) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")
        (fault,) = durable.faults(connection)
        assert fault.code == "evidence.database.not_durable"
        assert fault.facts == {"name": "synchronous_commit", "value": "off"}
        return
    # Within a transaction SQLite changes nothing, so on a connection of its own.
    own = ConnectionHandler({"default": database("", tmp_path)})["default"]
    assert durable.faults(own) == []
    with own.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=NORMAL")
    (fault,) = durable.faults(own)
    assert fault.code == "evidence.database.not_durable"
    assert fault.facts == {"name": "synchronous", "value": "NORMAL"}
    own.close()


@pytest.mark.parametrize(
    ("vendor", "name", "value", "weak"),
    [
        ("postgresql", "fsync", "off", True),
        ("postgresql", "full_page_writes", "off", True),
        ("postgresql", "synchronous_commit", "off", True),
        ("postgresql", "synchronous_commit", "remote_apply", False),
        ("sqlite", "synchronous", "OFF", True),
        ("sqlite", "synchronous", "NORMAL", True),
        ("sqlite", "synchronous", "EXTRA", False),
        ("sqlite", "journal_mode", "off", True),
        ("sqlite", "journal_mode", "memory", True),
        ("sqlite", "journal_mode", "delete", False),
    ],
)
def test_each_setting_is_judged(
    monkeypatch: pytest.MonkeyPatch, vendor: str, name: str, value: str, weak: bool
) -> None:
    monkeypatch.setattr(durable, "settings", lambda _connection: {**SOUND[vendor], name: value})
    where: Any = SimpleNamespace(vendor=vendor)
    found = durable.faults(where)
    assert [fault.facts for fault in found] == ([{"name": name, "value": value}] if weak else [])


def test_the_address_may_strengthen_a_commit_and_keeps_its_other_options(tmp_path: Path) -> None:
    address = "postgresql://u@h/d?options=-c%20synchronous_commit%3Dremote_apply&sslmode=require"
    options = database(address, tmp_path)["OPTIONS"]
    # Of two, the server takes the last.
    assert options["options"] == "-c synchronous_commit=on -c synchronous_commit=remote_apply"
    assert options["sslmode"] == "require"
    plain = database("postgresql://u@h/d", tmp_path)["OPTIONS"]
    assert plain["options"] == "-c synchronous_commit=on"


@pytest.mark.django_db
def test_nothing_starts_on_a_database_that_a_power_cut_can_rob(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    weak = {**SOUND[connection.vendor]}
    weak |= {"fsync": "off"} if connection.vendor == "postgresql" else {"synchronous": "OFF"}
    monkeypatch.setattr(durable, "settings", lambda _connection: weak)
    monkeypatch.setattr(preflight.django, "setup", lambda: None)  # it is, and logs are captured
    monkeypatch.setattr(preflight, "migrate", lambda: pytest.fail("it went on"))
    assert preflight.main() == 1
    assert "断电" in capsys.readouterr().err
