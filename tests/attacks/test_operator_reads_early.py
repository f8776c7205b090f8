"""The operator, with all of database and disk, before the deadline: alone, and with k-1 trustees.

Stopped by: envelopes encrypted to identities that never left the bidder's machine, shares sealed
to keys that never left the trustees', and a threshold that k-1 shares say nothing about.
"""

from __future__ import annotations

import pytest
from django.conf import settings

from kernel.errors import Refused
from kernel.sealing import age, shamir
from kernel.sealing.bids import container
from kernel.sealing.bids.shares import open_share
from procurement.bids import vault
from procurement.bids.models import BidVersion, PolicyParty
from tests.attacks.sealed import plunder
from tests.procurement.bids.conftest import world  # noqa: F401

pytestmark = pytest.mark.django_db
PRICE = 98_765_432_10


@pytest.fixture
def lot(world):  # noqa: F811
    world.policy()
    world.bid("bidder1", price=PRICE)
    return world


def envelopes():
    """The stored bid as the operator reads it: manifest, sealed shares, ciphertexts."""
    version = BidVersion.objects.get()
    with vault.open_file(version.vault) as file:
        received = container.read_bid(file, 2**30)
        for row in received.manifest.envelopes:
            start, size = container.locate(received, row.name)
            file.seek(start)
            yield received, row.name, file.read(size)


def opened(ciphertext: bytes, identity: bytes) -> bool:
    try:
        age.decrypt(ciphertext, identity)
    except (Refused, ValueError):
        return False
    return True


def shares_by(received, name, keys):
    """The shares that some keys open, whoever's they are."""
    found = {}
    for index, sealed in enumerate(received.shares[name]):
        for key in keys:
            try:
                found[index] = open_share(received.manifest, name, index, sealed, key)
            except Refused:
                continue
    return found


def test_no_price_stands_anywhere(lot):
    loot = plunder(settings.VAR_DIR)
    assert len(loot.texts) > 1000
    for spelt in (b"9876543210", b"98765432.10", b"98,765,432.10"):
        assert not loot.holds(spelt)


def test_nothing_on_the_machine_opens_an_envelope(lot):
    loot = plunder(settings.VAR_DIR)
    assert loot.keys, "the attacker holds the platform's own keys"
    for received, name, ciphertext in envelopes():
        assert shares_by(received, name, loot.keys) == {}
        assert not any(opened(ciphertext, secret) for secret in loot.secrets)


def test_the_attack_works_once_the_keys_are_there(lot):
    """The same attacker with k trustees' keys: so the failures above are no accident."""
    loot = plunder(settings.VAR_DIR)
    keys = [*loot.keys, lot.keys["trustee1"], lot.keys["trustee3"]]
    for received, name, ciphertext in envelopes():
        found = shares_by(received, name, keys)
        assert len(found) == 2
        assert opened(ciphertext, shamir.combine(list(found.values())))


@pytest.mark.parametrize("traitor", ["trustee1", "trustee2", "trustee3"])
def test_with_one_trustee_less_than_k_it_is_no_better(lot, traitor):
    loot = plunder(settings.VAR_DIR)
    for received, name, ciphertext in envelopes():
        found = shares_by(received, name, [*loot.keys, lot.keys[traitor]])
        assert len(found) == 1
        [share] = found.values()
        assert not opened(ciphertext, share[:-1])
        others = [row.x for row in received.manifest.envelope(name).shares if row.x != share[-1]]
        # Every string on the machine tried as the missing share, in either trustee's place.
        for guess in loot.secrets:
            for x in others:
                assert not opened(ciphertext, shamir.combine([share, guess + bytes([x])]))


def test_the_rehearsals_secret_is_among_what_was_tried(lot):
    """What a rehearsal leaves with the operator was an attempt like the others."""
    loot = plunder(settings.VAR_DIR)
    left = [bytes(party.secret) for party in PolicyParty.objects.exclude(secret=b"")]
    assert len(left) == 3
    assert set(left) <= loot.secrets
