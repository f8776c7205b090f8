"""The draw of random factors out of nonces that were committed to before anybody knew the bids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kernel.errors import Refused
from kernel.sealing import canonical
from kernel.sealing.bids.fields import (
    digest,
    digest_or_none,
    integer,
    listing,
    read,
    record,
    text,
    uscc,
    write,
)
from kernel.sealing.bids.policy import DrawFactor, Policy
from kernel.sealing.bids.trustees import NONCE_SIZE, commitment

FORMAT = "zhuxin-draw/1"

_SEED, _FALLBACK = "zhuxin-draw/1", "zhuxin-draw-fallback/1"


@dataclass(frozen=True)
class Drawn:
    """One factor's choice and its place among the choices."""

    name: str
    index: int
    choice: str


@dataclass(frozen=True)
class Draw:
    """A draw: each party's nonce (hex; empty where it was withheld) and what came out."""

    lot: str
    list_sha256: str
    nonces: tuple[tuple[str, str], ...]
    factors: tuple[Drawn, ...]

    @property
    def withheld(self) -> tuple[str, ...]:
        """Who did not reveal: named, and replaced by the fixed fallback."""
        return tuple(party for party, nonce in self.nonces if not nonce)

    def encode(self) -> bytes:
        """The canonical bytes."""
        return write(
            FORMAT,
            lot=self.lot,
            list_sha256=self.list_sha256,
            nonces=[{"uscc": party, "nonce": nonce} for party, nonce in self.nonces],
            factors=[dict(vars(factor)) for factor in self.factors],
        )


def check_nonce(policy: Policy, party: str, nonce: bytes) -> None:
    """Refuse a nonce other than the party committed to: ``sealing.draw.nonce``."""
    committed = policy.parties().get(party)
    fits = len(nonce) == NONCE_SIZE and commitment(policy.lot, party, nonce) == committed
    if not fits:
        raise Refused.because("sealing.draw.nonce", party=party)


def draw(policy: Policy, list_sha256: str, nonces: Mapping[str, bytes]) -> Draw:
    """Draw every factor of the policy.

    nonces: as revealed, by party; whoever withholds its own is replaced by a fixed value, so a
    party can at most choose between two outcomes, and is named for it. The same input gives the
    same draw. Refused as by :func:`check_nonce`.
    """
    for party, nonce in nonces.items():
        check_nonce(policy, party, nonce)
    told = [(party, nonces[party].hex() if party in nonces else "") for party in policy.parties()]
    used = [[party, nonce or _fallback(list_sha256, party)] for party, nonce in told]
    return Draw(
        policy.lot,
        list_sha256,
        tuple(told),
        tuple(_choose(factor, list_sha256, used) for factor in policy.draws),
    )


def read_draw(data: bytes, policy: Policy, list_sha256: str) -> Draw:
    """The draw in canonical bytes, drawn again from its nonces; else ``sealing.draw.other``."""
    values = read(data, FORMAT, _SHAPES)
    nonces = {row["uscc"]: bytes.fromhex(row["nonce"]) for row in values["nonces"] if row["nonce"]}
    again = draw(policy, list_sha256, nonces)
    if again.encode() != data:
        raise Refused.because("sealing.draw.other")
    return again


def _choose(factor: DrawFactor, list_sha256: str, used: list[list[str]]) -> Drawn:
    seed = canonical.digest([_SEED, list_sha256, factor.name, list(factor.choices), used])
    # 256 bits over at most a thousand choices: the bias of the remainder is below 2^-246.
    index = int.from_bytes(seed, "big") % len(factor.choices)
    return Drawn(factor.name, index, factor.choices[index])


def _fallback(list_sha256: str, party: str) -> str:
    return canonical.digest([_FALLBACK, list_sha256, party]).hex()


_SHAPES = {
    "lot": text(80),
    "list_sha256": digest,
    "nonces": listing(record(uscc=uscc, nonce=digest_or_none), 1, 32),
    "factors": listing(record(name=text(80), index=integer(0, 999), choice=text(80)), 0, 16),
}
