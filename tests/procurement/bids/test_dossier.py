"""A lot's dossier proves its opening without the platform, and no other one passes."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from pathlib import Path

import pytest

from kernel import clock
from kernel.documents import demo_pki
from kernel.errors import NotFound
from kernel.evidence import formats, keys, services, verify
from kernel.sealing import canonical
from kernel.sealing.bids import bundles, receipts
from kernel.sealing.certificates import der
from procurement.bids import answers, bidding, closing, decrypting, dossier, receiving
from procurement.bids.models import BidVersion, Opening
from tests.procurement.bids.support import LOT, TRUSTEES

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(world, monkeypatch):
    """Three bids that opened, one of them replaced before, and a fourth that was withdrawn."""
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    lot = world
    lot.policy()
    manifests = {}
    for index, name in enumerate(("bidder1", "bidder2", "bidder3", "bidder4"), start=1):
        _v, manifests[name], _d = lot.bid(name, price=index * 1_000_00)
    lot.bid("bidder2", before=manifests["bidder2"], price=2_222_00)
    withdraw(lot, "bidder4", manifests["bidder4"])
    lot.at(lot.lot.deadline + timedelta(seconds=1))
    lot.lot.state = "closing"
    closing.close(LOT)
    lot.countersign("trustee2", "trustee3")
    lot.reveal("owner", *TRUSTEES)
    lot.mark("trustee2", "trustee3")
    lot.release("trustee2", "trustee3")
    decrypting.open_lot(Opening.objects.get().pk, clock.now())
    sign_head()
    return lot


def sign_head():
    services.sign_head(clock.now(), keys.signer())


def withdraw(lot, name, manifest):
    uscc = lot.people[name].uscc
    text = receipts.Withdrawal(LOT, uscc, manifest.sha256, "").encode().decode()
    return bidding.withdraw(
        LOT, actor=lot.people[name], statement=text, p7s=lot.p7s(name, text), key="w"
    )


def write(folder: Path, scope: str = "public") -> Path:
    made = dossier.build(LOT, scope=scope)
    path = folder / made.name
    path.write_bytes(b"".join(made.chunks))
    return path


def anchors_of(lot, folder: Path, **changes) -> Path:
    authority = demo_pki.authority(clock.now())
    value = {
        "logs": [("log", keys.signer().spki)],
        "authorities": [("root", der(authority.root.certificate))],
        "organisations": [
            (lot.people[name].uscc, name) for name in ("owner", "operator", *TRUSTEES)
        ],
        "demonstration": True,
        **changes,
    }
    path = folder / "anchors.json"
    path.write_bytes(canonical.encode(formats.anchors(value.pop("logs"), **value)))
    return path


def status(path: Path, trust: Path | None = None, *words: str) -> int:
    more = ["--trust", str(trust)] if trust else []
    return verify.main([str(path), *more, *words])


@pytest.fixture
def made(opened, tmp_path):
    return write(tmp_path), anchors_of(opened, tmp_path)


def test_a_dossier_holds_under_anchors_from_outside(made, capsys):
    path, trust = made
    assert status(path, trust) == 0, capsys.readouterr().out
    assert status(path) == 2  # consistent, but nobody vouches
