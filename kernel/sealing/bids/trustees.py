"""What a trustee says before the bids: its opening key for one lot, and that it can open."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from kernel.errors import Refused
from kernel.sealing import canonical, hpke
from kernel.sealing.bids.fields import (
    b64,
    digest,
    digest_or_none,
    octets,
    read,
    text,
    uscc,
    write,
)

KEY_FORMAT = "zhuxin-opening-key/1"
CHALLENGE_FORMAT = "zhuxin-rehearsal/1"
ANSWER_FORMAT = "zhuxin-rehearsal-answer/1"
NONCE_SIZE = 32

_COMMITMENT = "zhuxin-draw-nonce/1"
# Used for nothing else: what opens under it can be no share of a bid.
_PURPOSE = "zhuxin-rehearsal/1"


@dataclass(frozen=True)
class Announcement:
    """A party's key (65 bytes; none for a procuring entity that holds no share) and commitment."""

    lot: str
    uscc: str
    name: str
    key: bytes
    nonce_commitment: str

    def encode(self) -> bytes:
        """The canonical bytes."""
        return write(
            KEY_FORMAT,
            lot=self.lot,
            uscc=self.uscc,
            name=self.name,
            key=b64(self.key),
            key_sha256=key_name(self.key),
            nonce_commitment=self.nonce_commitment,
        )


def read_announcement(data: bytes) -> Announcement:
    """The announcement in canonical bytes; a bad key is refused with ``sealing.hpke.bad_key``."""
    values = read(data, KEY_FORMAT, _ANNOUNCEMENT)
    named = values.pop("key_sha256")
    if values["key"]:
        hpke.load_public(values["key"])
    if key_name(values["key"]) != named:
        raise Refused.because("sealing.policy.key", trustee=values["uscc"])
    return Announcement(**values)


def key_name(key: bytes) -> str:
    """SHA-256 of a key's 65 bytes, hex; empty for no key."""
    return hashlib.sha256(key).hexdigest() if key else ""


def new_nonce() -> bytes:
    """A fresh nonce for the draw."""
    return secrets.token_bytes(NONCE_SIZE)


def commitment(lot: str, party: str, nonce: bytes) -> str:
    """The commitment to a draw nonce: SHA-256 of canonical JSON [tag, lot, USCC, nonce], hex."""
    return canonical.digest([_COMMITMENT, lot, party, nonce.hex()]).hex()


def new_challenge(lot: str, party: str, key: bytes) -> tuple[bytes, bytes]:
    """A rehearsal's challenge (canonical bytes) and the secret that only the key can tell."""
    secret = secrets.token_bytes(NONCE_SIZE)
    name = key_name(key)
    sealed = hpke.seal(secret, hpke.load_public(key), _info(lot, party, name))
    challenge = write(CHALLENGE_FORMAT, lot=lot, uscc=party, key_sha256=name, sealed=b64(sealed))
    return challenge, secret


def answer_challenge(challenge: bytes, lot: str, party: str, key: hpke.PrivateKey) -> bytes:
    """The answer (canonical bytes) of whoever holds the key.

    It tells a hash of the secret only, so that a rehearsal opens nothing for anybody. Refused:
    ``sealing.rehearsal.other`` (another lot, party or key), ``sealing.hpke.cannot_open``.
    """
    values = read(challenge, CHALLENGE_FORMAT, _CHALLENGE)
    name = hpke.key_digest(key.public_key()).hex()
    if (values["lot"], values["uscc"], values["key_sha256"]) != (lot, party, name):
        raise Refused.because("sealing.rehearsal.other")
    secret = hpke.open_sealed(values["sealed"], key, _info(lot, party, name))
    return write(
        ANSWER_FORMAT,
        lot=lot,
        uscc=party,
        key_sha256=name,
        challenge_sha256=hashlib.sha256(challenge).hexdigest(),
        answer=_answer(challenge, secret),
    )


def check_answer(answer: bytes, challenge: bytes, secret: bytes) -> None:
    """Refuse an answer to another challenge or a wrong one: ``sealing.rehearsal.other|wrong``."""
    values = read(answer, ANSWER_FORMAT, _ANSWER)
    asked = read(challenge, CHALLENGE_FORMAT, _CHALLENGE)
    same = all(values[name] == asked[name] for name in ("lot", "uscc", "key_sha256"))
    if not same or values["challenge_sha256"] != hashlib.sha256(challenge).hexdigest():
        raise Refused.because("sealing.rehearsal.other")
    if not secrets.compare_digest(values["answer"], _answer(challenge, secret)):
        raise Refused.because("sealing.rehearsal.wrong")


def challenged_key(challenge: bytes) -> str:
    """The name (SHA-256, hex) of the key that a challenge is sealed to."""
    return str(read(challenge, CHALLENGE_FORMAT, _CHALLENGE)["key_sha256"])


def _info(lot: str, party: str, name: str) -> list[str]:
    return [_PURPOSE, lot, party, name]


def _answer(challenge: bytes, secret: bytes) -> str:
    return canonical.digest(
        [ANSWER_FORMAT, hashlib.sha256(challenge).hexdigest(), secret.hex()]
    ).hex()


_ANNOUNCEMENT = {
    "lot": text(80),
    "uscc": uscc,
    "name": text(),
    "key": octets(0, 65),
    "key_sha256": digest_or_none,
    "nonce_commitment": digest,
}
_CHALLENGE = {
    "lot": text(80),
    "uscc": uscc,
    "key_sha256": digest,
    "sealed": octets(hpke.OVERHEAD + NONCE_SIZE, hpke.OVERHEAD + NONCE_SIZE),
}
_ANSWER = {
    "lot": text(80),
    "uscc": uscc,
    "key_sha256": digest,
    "challenge_sha256": digest,
    "answer": digest,
}
