"""A live platform with a committed database, for whoever visits it with a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kernel.access.actors import Actor
from kernel.documents import demo_pki, trust
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
def own_var(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keys, certificates and files of this test alone."""
    settings.VAR_DIR = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"]
        | {"OPTIONS": {"location": str(tmp_path / "files"), "base_url": None}}
    }
    monkeypatch.setattr(trust, "_source", demo_pki.current)
    return tmp_path


@pytest.fixture
def arrive(
    browser: Any, site: str, own_var: Path, committed_people: dict[str, Actor]
) -> Iterator[Arrive]:
    """Let somebody arrive at the platform, where the small province lives."""
    with visitors(browser, site) as open_one:
        yield open_one
