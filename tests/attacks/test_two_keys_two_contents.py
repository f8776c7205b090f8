"""Attacker: a bidder with one ciphertext that two keys open to two prices.

An age file is no commitment: whoever makes it by hand may put two recipients into it, and by a key
search a header that two identities accept. Stopped three times: the receipt takes one X25519
stanza, the manifest commits to one identity, and what is inside names its own files' hashes.
"""

import io

import pyrage

from kernel.sealing import age
from kernel.sealing.bids import container, receiving, unsealing
from kernel.sealing.bids.policy import MAX_BID
from tests.kernel.sealing.bids.support import BIDDERS, NOW, Stage, codes


def test_no_second_key_opens_what_the_first_was_committed_for(tmp_path):
    stage = Stage()
    path, made = stage.seal(tmp_path, BIDDERS[0])
    with path.open("rb") as file:
        received = container.read_bid(file, MAX_BID)
        start, size = container.locate(received, "price")
        file.seek(start)
        cipher = file.read(size)
    manifest = received.manifest
    other = age.new_identity()
    found = codes(
        unsealing.open_envelope, manifest, "price", other, io.BytesIO(cipher), tmp_path / "other"
    )
    assert found == ["sealing.share.commitment"]
    assert not (tmp_path / "other" / "files").exists()
    unsealing.open_envelope(
        manifest, "price", made.identities["price"], io.BytesIO(cipher), tmp_path / "right"
    )
    # A second ciphertext under the committed key is not the one that was receipted.
    second = age.encrypt(b"another price", age.recipient_of(made.identities["price"]))
    found = codes(
        unsealing.open_envelope, manifest, "price", made.identities["price"], io.BytesIO(second),
        tmp_path / "second",
    )  # fmt: skip
    assert found == ["sealing.container.hash"]


def test_an_age_file_for_two_keys_gets_no_receipt(tmp_path):
    stage = Stage()
    recipients = [
        pyrage.x25519.Recipient.from_str(age.recipient_of(age.new_identity())) for _ in range(2)
    ]
    two = bytes(pyrage.encrypt(b"0" * 100, recipients))
    assert codes(age.inspect, two) == ["sealing.age.stanzas"]
    path, _made = stage.seal(tmp_path, BIDDERS[0])
    with path.open("rb") as file:
        assert receiving.receive(file, stage.policy, BIDDERS[0], stage.trust, NOW)
