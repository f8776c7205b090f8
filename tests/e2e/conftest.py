"""A live platform with a committed database, for whoever visits it with a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kernel import clock
from kernel.access.actors import Actor
from kernel.documents import demo_pki, trust
from kernel.evidence import keys
from kernel.parties.models import Organisation, Person
from kernel.workflow import sandbox
from procurement.bids import believed
from procurement.demonstration import people
from procurement.demonstration.play import Play
from procurement.demonstration.stages import bids, tendering
from tests.conftest import PASSWORD
from tests.e2e import tendered
from tests.e2e.browsing import chromium, served

pytest.register_assert_rewrite("tests.e2e.visitor")

from tests.e2e.visitor import Arrive, visitors  # noqa: E402


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with served() as base:
        yield base


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture
def own_var(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Keys, certificates and files of this test alone; whom another test believed is forgotten."""
    believed.forget()
    settings.VAR_DIR = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"]
        | {"OPTIONS": {"location": str(tmp_path / "files"), "base_url": None}}
    }
    monkeypatch.setattr(trust, "_source", demo_pki.current)
    yield tmp_path
    believed.forget()


@pytest.fixture
def arrive(
    browser: Any, site: str, own_var: Path, committed_people: dict[str, Actor]
) -> Iterator[Arrive]:
    """Let somebody arrive at the platform, where the small province lives."""
    with visitors(browser, site) as open_one:
        yield open_one


@pytest.fixture
def play(own_var: Path, committed: None) -> Play:
    """The demonstration's people in a committed database, on 1 September 2025, 09:00."""
    sandbox.begin_at(datetime(2025, 9, 1, 9, 0, tzinfo=clock.LEGAL_ZONE))
    actors = people.create(PASSWORD)
    keys.signer()
    return Play(actors=actors, pin="2468", store={"folder": own_var / "desks"})


@pytest.fixture
def certified(play: Play) -> Callable[..., None]:
    """Give keys to those of the play who are to sign."""

    def certify(*names: str) -> None:
        for name in names:
            demo_pki.certify(
                Person.objects.select_related("user").get(pk=play.actors[name].person_id),
                Organisation.objects.get(pk=play.actors[name].organisation_id),
                play.pin, clock.now(), rounds=2000,
            )  # fmt: skip

    return certify


@pytest.fixture
def visit(browser: Any, site: str, play: Play) -> Iterator[Arrive]:
    """Let somebody of the play arrive at the platform."""
    with visitors(browser, site) as open_one:
        yield open_one


@pytest.fixture
def lot(
    play: Play, certified: Callable[..., None], site: str, monkeypatch: pytest.MonkeyPatch
) -> str:
    """The number of a lot whose notice is out; tools ask the live server."""
    tendered.project(play, certified, monkeypatch)
    tendering.prepare(play)
    number = str(play.store["lot_number"])
    bids.policy(play, number)
    play.act(tendered.LOT, play.store["lot"], "publish", "agency1")
    play.sign(tendered.LOT, play.store["lot"], "owner1")
    play.base_url = site
    return number
