"""A lot with its people; files in a folder of the test's own."""

from __future__ import annotations

import pytest

from kernel import clock
from kernel.documents import demo_pki
from kernel.documents import trust as documents
from procurement.bids import believed, closing, lots, needs
from tests.procurement.bids import support
from tests.procurement.bids.uploading import Uploader


def _own_folder(settings, tmp_path, monkeypatch):
    settings.VAR_DIR = tmp_path
    settings.STORAGES = settings.STORAGES | {
        name: {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / name)},
        }
        for name in ("default", "second-keeper")
    }
    believed.forget()
    documents.use(demo_pki.current)
    monkeypatch.setattr(closing, "ALONE", 0.2)
    monkeypatch.setattr(closing, "GRACE", 0.3)
    # What credit answers is credit's to test; the journey asks it.
    monkeypatch.setattr(needs, "_barred", lambda _uscc, _lot, _at: ())
    monkeypatch.setattr(needs, "_credit", lambda _uscc, _lot, _at: None)


@pytest.fixture
def world(september, settings, tmp_path, monkeypatch):
    """In a transaction that is rolled back."""
    _own_folder(settings, tmp_path, monkeypatch)
    made = support.make_world()
    lots.use(made.lot.find)
    monkeypatch.setattr(lots, "least_bids", lambda _at, _region: 3)
    yield made
    lots.use(None)
    believed.forget()


@pytest.fixture
def lot(world):
    """Its policy is in force: bids may come."""
    world.policy()
    return world


@pytest.fixture
def one(lot):
    """A bidder that uploads."""
    return Uploader(lot, "bidder1")


@pytest.fixture
def data(lot):
    """The sealed bid of that bidder."""
    return lot.seal("bidder1")[0]


@pytest.fixture
def no_lists(world, monkeypatch):
    """No revocation list is at hand until the test brings one."""
    bare = demo_pki.current
    monkeypatch.setattr(documents, "_source", lambda: _without(bare()))
    believed.forget()

    def arrive(*revoked):
        authority = demo_pki.authority(clock.now())
        for name, at in revoked:
            serial = world.signer(name).certificate.serial_number
            authority.revoke(serial, at, "key_compromise")
        lists = tuple(authority.crls(clock.now()))
        found = bare()
        monkeypatch.setattr(
            documents, "_source", lambda: documents.Trust(found.anchors, found.issuers, lists)
        )
        believed.forget()

    return arrive


def _without(found):
    return documents.Trust(found.anchors, found.issuers, ())
