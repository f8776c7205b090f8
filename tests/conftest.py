"""What all tests share: an untimed hypothesis, people who act, and commits that are commits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from kernel import clock
from kernel.access.actors import Actor, from_membership
from kernel.evidence import append_only
from kernel.evidence import triggers as log_triggers
from kernel.identifiers import uscc
from kernel.parties.models import Membership, Organisation, Person, User
from kernel.regulation import triggers as law_triggers
from kernel.workflow import sandbox
from tests.selection import uses_database

# How long an example takes says nothing on a shared machine.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _plain_statics(settings: Any) -> None:
    """Pages without a collected manifest; passwords without a slow hash."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _nothing_counted_before() -> None:
    """What another test was refused counts against nobody here: rows of tests share their ids."""
    cache.clear()


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """No test speaks the language that another one asked for."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _real_time_without_a_database(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sandbox's offset is a row; a test that has no database tells the real time."""
    if not uses_database(request.node):
        monkeypatch.setattr(clock, "_offset", timedelta)


@pytest.fixture(autouse=True)
def _no_wake_ups(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """No message leaves a test, unless it is about messages (marker ``services`` or ``worker``)."""
    if request.node.get_closest_marker("worker"):
        return
    from kernel.events import services

    monkeypatch.setattr(services, "wake", lambda _delivery_id: None)


def member(
    name: str,
    role: str,
    *,
    region: str = "230102",
    serial: int = 1,
    authority: str = "",
    username: str = "",
) -> Actor:
    """A person with an account, acting for an organisation that is made if it is not there."""
    organisation, _ = Organisation.objects.get_or_create(
        uscc=uscc.demonstration(region, serial),
        defaults={"name": f"示例单位{serial}", "region": region, "authority": authority},
    )
    person = Person.objects.create(name=name)
    User.objects.create_user(username=username or name, password=PASSWORD, person=person)
    membership = Membership.objects.create(
        person=person, organisation=organisation, role=role, valid_from=date(2020, 1, 1)
    )
    return from_membership(membership)


def province() -> dict[str, Actor]:
    """Two clerks of one owner, one of another, officers of two cities, an auditor, an operator."""
    return {
        "clerk": member("clerk", "owner_clerk", serial=1),
        "colleague": member("colleague", "owner_clerk", serial=1),
        "stranger": member("stranger", "owner_clerk", serial=2),
        "officer": member(
            "officer", "registration_officer", region="230100", serial=3, authority="city"
        ),
        "elsewhere": member(
            "elsewhere", "registration_officer", region="230600", serial=4, authority="city"
        ),
        "auditor": member("auditor", "auditor", region="230000", serial=5, authority="province"),
        "operator": member("operator", "operator", serial=6),
    }


@pytest.fixture
def people(db: None) -> dict[str, Actor]:
    """The small province, in a transaction that is rolled back."""
    return province()


@pytest.fixture
def september(db: None) -> None:
    """Legal time begins on 1 September 2025, 09:00: all working days to come are known."""
    sandbox.begin_at(datetime(2025, 9, 1, 9, 0, tzinfo=clock.LEGAL_ZONE))


@pytest.fixture
def _no_flush(monkeypatch: pytest.MonkeyPatch) -> None:
    # Requested before transactional_db, so it is undone after that one's teardown.
    monkeypatch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: None)


@pytest.fixture
def committed(_no_flush: None, transactional_db: None) -> Iterator[None]:
    """Commits are commits, for threads and processes; every table is emptied at the end.

    Django's flush is refused by the log's triggers, as it should be. Only the tables' owner can
    take them away, as this does, in a database whose name says that it is a test's.
    """
    empty_tables()
    yield
    empty_tables()


@pytest.fixture
def committed_people(committed: None) -> dict[str, Actor]:
    """The small province, committed."""
    return province()


def empty_tables() -> None:
    """Every table is empty, as at the beginning of a test."""
    assert "test" in str(connection.settings_dict["NAME"])
    log_triggers.uninstall(connection)
    append_only.uninstall_all(connection)
    law_triggers.uninstall(connection)
    tables = [m._meta.db_table for m in apps.get_models(include_auto_created=True)]
    tables = [t for t in tables if not t.startswith(("django_content_type", "auth_permission"))]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        else:
            cursor.execute("PRAGMA foreign_keys=OFF")
            for table in tables:
                cursor.execute(f"DELETE FROM {table}")
            cursor.execute("PRAGMA foreign_keys=ON")
    log_triggers.install(connection)
    append_only.install_all(connection)
    law_triggers.install(connection)


@pytest.fixture
def signed_in(client: Any, people: dict[str, Actor]) -> Callable[[str], Any]:
    """A client logged in as one of the people."""

    def sign_in(name: str) -> Any:
        client.force_login(
            User.objects.get(username=name), "allauth.account.auth_backends.AuthenticationBackend"
        )
        return client

    return sign_in
