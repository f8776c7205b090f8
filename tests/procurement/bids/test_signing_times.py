"""A signer's word about when it signed binds nobody but itself: refused where it cannot be.

And where an earlier platform took it, nobody else's dossier fails by it once the signer's
certificate is revoked.
"""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest

from kernel import clock
from kernel.documents import demo_pki
from kernel.documents import trust as documents
from kernel.errors import Refused
from kernel.sealing.bids import bundles
from procurement.bids import believed
from tests.procurement.bids.steps import close, finish, ready
from tests.procurement.bids.support import told
from tests.procurement.bids.test_dossier_honest import (
    LATE,
    NAMES,
    at_another_time,
    lot,
    trusting,
    verdict,
)

__all__ = ["lot", "trusting", "verdict"]
pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def closed(lot):
    lot.policy()
    for name in NAMES:
        lot.bid(name)
    close(lot)
    return lot


@pytest.fixture
def revoke(lot, monkeypatch):
    """A certificate is revoked, after everything so far and before everything else."""

    def do(name):
        lot.at(clock.now() + MINUTE)
        at, bare = clock.now(), documents._source
        found, authority = bare(), demo_pki.authority(at)
        authority.revoke(lot.signer(name).certificate.serial_number, at, "key_compromise")

        def lists():
            return documents.Trust(found.anchors, found.issuers, tuple(authority.crls(clock.now())))

        monkeypatch.setattr(documents, "_source", lists)
        believed.forget()
        lot.at(clock.now() + MINUTE)

    return do


def once_at_another_time(lot, name, at, act):
    real = lot.p7s
    at_another_time(lot, name, at)
    act(name)
    lot.p7s = real


def refusal(lot, at, act):
    at_another_time(lot, "trustee3", at)
    with pytest.raises(Refused) as refused:
        act("trustee3")
    return told(refused)


def test_a_signature_from_the_future_is_refused_but_for_a_minute(closed):
    real = closed.p7s
    assert refusal(closed, clock.now() + 2 * MINUTE, closed.countersign) == [
        "procurement.signature.ahead"
    ]
    closed.p7s = real
    once_at_another_time(closed, "trustee3", clock.now() + MINUTE / 2, closed.countersign)


def test_a_signature_without_its_time_is_refused(closed):
    assert refusal(closed, None, closed.countersign) == ["procurement.signature.no_time"]


def test_a_signature_from_before_its_list_was_there_is_refused(closed):
    early = closed.lot.deadline - timedelta(days=1)
    assert refusal(closed, early, closed.countersign) == ["procurement.signature.before"]


def test_an_announcement_from_the_future_is_refused(lot):
    lot.draw_up()
    assert refusal(lot, LATE, lot.announce) == ["procurement.signature.ahead"]


def opens(lot):
    ready(lot, "trustee1", "trustee2")
    lot.mark("trustee1", "trustee2")
    lot.release("trustee1", "trustee2")
    assert finish(lot).state == "opened"


def test_a_lists_third_signer_revoked_later_spoils_no_dossier(closed, trusting, revoke, verdict):
    once_at_another_time(closed, "trustee3", LATE, closed.countersign)
    revoke("trustee3")
    opens(closed)
    code, said = verdict()
    assert code == 0, said


def test_a_third_marker_revoked_later_spoils_no_dossier(closed, trusting, revoke, verdict):
    ready(closed, "trustee1", "trustee2")
    once_at_another_time(closed, "trustee3", LATE, closed.mark)
    revoke("trustee3")
    closed.mark("trustee1", "trustee2")
    closed.release("trustee1", "trustee2")
    assert finish(closed).state == "opened"
    code, said = verdict()
    assert code == 0, said


def test_an_announcers_revocation_spoils_no_dossier(lot, trusting, revoke, verdict):
    real = lot.p7s

    def ahead(who, text):
        if who != "trustee3" or "nonce_commitment" not in text or "trustees" in text:
            return real(who, text)
        made = bundles.sign(text.encode(), lot.signer(who), LATE)
        return base64.b64encode(made).decode()

    lot.p7s = ahead
    lot.policy()
    lot.p7s = real
    for name in NAMES:
        lot.bid(name)
    revoke("trustee3")
    close(lot)
    lot.countersign("trustee1", "trustee2")
    lot.reveal("owner", "trustee1", "trustee2", "trustee3")
    lot.mark("trustee1", "trustee2")
    lot.release("trustee1", "trustee2")
    assert finish(lot).state == "opened"
    code, said = verdict()
    assert code == 0, said
