"""What /readyz says: in words, and 503 only where service or proof is broken."""

from __future__ import annotations

import shutil
from collections import namedtuple
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from kernel import clock
from kernel.documents import fonts, trust
from kernel.errors import Refusal
from kernel.evidence import append_only, durable, triggers
from kernel.evidence import services as evidence
from kernel.evidence.models import TreeHead
from kernel.regulation import calendars, selectors
from kernel.regulation import services as law
from kernel.regulation import triggers as law_triggers
from tests.kernel.documents import pki

pytestmark = pytest.mark.django_db
Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def _sound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything at hand, so that each test breaks one thing."""
    law.publish(pki.NOW)
    root = pki.Authority()
    monkeypatch.setattr(trust, "_source", lambda: trust.Trust((root.pem,), (), (root.crl(),)))
    monkeypatch.setattr(clock, "now", lambda: pki.NOW)
    _free(monkeypatch, 9 * 1024**4)


@pytest.fixture
def ready(client: Any) -> Callable[[], Any]:
    return lambda: client.get("/readyz")


def _free(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(free, 0, free))


def _entry(at: datetime) -> None:
    with transaction.atomic():
        evidence.append(kind="test.entry", case="", at=at, body={})


def _head(size: int, at: datetime) -> None:
    TreeHead.objects.create(size=size, root=bytes(32), at=at, signature=b"x", key_id="k", spki=b"x")


def test_a_sound_platform_is_ready(ready: Any) -> None:
    answer = ready()
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert answer.json()["broken"] == []
    assert {answer.json()[name] for name in ("crl", "fonts", "tree_head", "disk")} == {"ok"}


@pytest.mark.parametrize(
    ("crls", "days", "expected"),
    [(True, 0, "ok"), (True, 60, "stale"), (False, 0, "missing")],
)
def test_revocation_lists_that_are_old_or_absent_are_told_and_break_nothing_else(
    ready: Any, monkeypatch: pytest.MonkeyPatch, crls: bool, days: int, expected: str
) -> None:
    root = pki.Authority()
    lists = (root.crl(),) if crls else ()
    monkeypatch.setattr(trust, "_source", lambda: trust.Trust((root.pem,), (), lists))
    monkeypatch.setattr(clock, "now", lambda: pki.NOW + timedelta(days=days))
    answer = ready()
    assert (answer.status_code, answer.json()["crl"]) == (200, expected)
    assert ("crl" in answer.json()["warnings"]) == (expected != "ok")


@pytest.mark.parametrize(
    ("free", "status", "word"),
    [(10 * 1024**3, 200, "ok"), (1024**3, 200, "low"), (1024**2, 503, "full")],
)
def test_a_full_disk_breaks_service_and_a_filling_one_is_told(
    ready: Any, monkeypatch: pytest.MonkeyPatch, free: int, status: int, word: str
) -> None:
    _free(monkeypatch, free)
    answer = ready()
    assert (answer.status_code, answer.json()["disk"]) == (status, word)


def test_an_entry_that_no_head_covers_after_two_hours_breaks_proof(ready: Any) -> None:
    _entry(pki.NOW - timedelta(hours=3))
    answer = ready()
    assert (answer.status_code, answer.json()["broken"]) == (503, ["tree_head"])
    _head(1, pki.NOW - timedelta(hours=3))
    # An old head over a log that did not grow is no fault, nor is an entry that is new.
    assert ready().status_code == 200
    _entry(pki.NOW - timedelta(minutes=5))
    assert ready().status_code == 200


def test_absent_fonts_and_dead_deliveries_are_named(
    ready: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = fonts.Face("Zhuxin Serif", Path("/nowhere/serif.otf"))
    monkeypatch.setattr(fonts, "faces", lambda: (gone,))
    answer = ready()
    assert (answer.status_code, answer.json()["fonts"]) == (200, "Zhuxin Serif")


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "2027 年"), ("en", "2027")])
def test_the_calendar_speaks_in_words(
    client: Any, monkeypatch: pytest.MonkeyPatch, language: str, word: str
) -> None:
    warning = Refusal("regulation.calendar.next_year_unconfirmed", {"year": 2027})
    monkeypatch.setattr(calendars, "calendar_warning", lambda _day: warning)
    answer = client.get("/readyz", headers={"Accept-Language": language}).json()
    assert word in answer["calendar"]
    assert "Refusal" not in answer["calendar"]
    assert "calendar" in answer["warnings"]


def test_without_a_database_it_is_down(ready: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_connection: Any) -> list[str]:
        raise DatabaseError("secret detail")

    monkeypatch.setattr(triggers, "missing", broken)
    answer = ready()
    assert (answer.status_code, answer.json()) == (
        503,
        {"status": "down", "database": "DatabaseError"},
    )


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "断电"), ("en", "power cut")])
def test_a_database_that_a_power_cut_can_rob_breaks_proof(
    client: Any, monkeypatch: pytest.MonkeyPatch, language: str, word: str
) -> None:
    found = durable.settings(connection)
    name = next(name for name in found if name.startswith("synchronous"))
    off = "off" if connection.vendor == "postgresql" else "OFF"
    assert client.get("/readyz").json()["durable"] == "ok"
    monkeypatch.setattr(durable, "settings", lambda _connection: found | {name: off})
    answer = client.get("/readyz", headers={"Accept-Language": language})
    assert (answer.status_code, answer.json()["broken"]) == (503, ["durable"])
    assert word in answer.json()["durable"]
    assert name in answer.json()["durable"]


def _dropped(table: str, name: str) -> None:
    where = "" if connection.vendor == "sqlite" else f" ON {table}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{where}")


@pytest.mark.parametrize(
    "table",
    [
        "kernel_headtoken",
        "credit_pointentry",
        "credit_scorecertificate",
        "credit_archivechange",
        "labour_accountentry",
    ],
)
def test_a_ledger_without_its_triggers_breaks_proof(ready: Any, table: str) -> None:
    assert table in append_only._tables
    name = f"{table}_no_{'update' if connection.vendor == 'sqlite' else 'change'}"
    _dropped(table, name)
    told = ready()
    assert (told.status_code, told.json()["broken"]) == (503, ["ledger_triggers_missing"])
    assert told.json()["ledger_triggers_missing"] == [name]


def test_published_law_without_its_triggers_breaks_proof(ready: Any) -> None:
    name = f"rule_set_no_{'update' if connection.vendor == 'sqlite' else 'change'}"
    _dropped(law_triggers.TABLE, name)
    assert ready().json()["ledger_triggers_missing"] == [name]


def test_a_trigger_of_the_right_name_that_does_nothing_counts_as_missing(ready: Any) -> None:
    table, sqlite = "credit_pointentry", connection.vendor == "sqlite"
    name = f"{table}_no_{'update' if sqlite else 'change'}"
    _dropped(table, name)
    with connection.cursor() as cursor:
        if sqlite:
            cursor.execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} BEGIN SELECT 1; END")
        else:
            cursor.execute(
                f"CREATE TRIGGER {name} AFTER UPDATE OR DELETE ON {table}"
                f" FOR EACH ROW EXECUTE FUNCTION {table}_frozen()"
            )
    assert ready().json()["ledger_triggers_missing"] == [name]


def test_unpublished_law_breaks_service(ready: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "unpublished", lambda: [("periods.works", "2015.1")])
    assert ready().status_code == 503
