"""``cure``, ``protest``, ``give-again``: what a bidder does when its bid is about to be lost.

With ``--closing FILE`` and ``--policy FILE``, as the lot's page gives them, nothing is sent: what
is signed stands in a file that is handed in on that page.
"""

from __future__ import annotations

import argparse
import base64
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kernel.errors import Refused
from kernel.evidence import formats
from kernel.sealing.bids import closing, container, cures, protests, recovery
from kernel.sealing.bids.bundles import Trust
from kernel.sealing.bids.policy import Policy
from procurement.bidder import resting, signing
from procurement.bidder.answers import kept, moment, raw, secret, text, trust
from procurement.bidder.http import Client, ServerRefused
from procurement.bidder.seal import policy_answer
from procurement.bidder.submit import (
    beside,
    client,
    keep_beside,
    newest,
    policy_by_hash,
    read_file,
)


@dataclass(frozen=True)
class Case:
    """A bidder before the closing of its lot, with the list under the operator's signature."""

    received: container.Received
    server: Client | None  # where a closing file was given, nobody is told
    policy: Policy
    trust: Trust
    hearing: resting.Hearing
    # The version that the list names; the bid may have been sealed under an earlier one.
    current: Policy

    @property
    def list(self) -> closing.ClosingList:
        """The closing list."""
        return self.hearing.list

    @property
    def now(self) -> datetime:
        """The time that counts."""
        return self.hearing.now


def cure(options: argparse.Namespace) -> dict[str, Any]:
    """Deal the key of each envelope anew that has too few good shares, from the recovery file."""
    here, hand = _case(options), _hand(options)
    manifest = here.received.manifest
    name, identities = recovery.open_recovery(
        options.recovery.read_bytes(), secret(options.passphrase_file)
    )
    if name != manifest.sha256:
        raise Refused.because("bidder.recover.other")
    stage = next(s for s in here.policy.stages if s.name == here.list.stage)
    said = resting.told(here.hearing)
    places = [(manifest.sha256, each) for each in stage.envelopes]
    wanted = said.uncured(places, here.policy.threshold) - set(said.cures)
    if not wanted:
        raise Refused.because("bidder.cure.needless")
    done, rows = [], []
    for _digest, envelope in sorted(wanted):
        statement = signing.beside(options.bid, f"share-cure-{envelope}")
        made = _dealt(hand.waiting(statement), here.list.sha256) or cures.make_cure(
            here.policy, manifest, envelope, identities[envelope], here.list.sha256
        )
        row = {"cure": made.encode().decode(),
               "p7s": _signed(made.encode(), hand, here.now, statement)}  # fmt: skip
        if here.server:
            here.server.post("/closing/cures", **row)
        rows.append(row)
        done.append({"envelope": envelope, "cure_sha256": made.sha256})
    told = {"lot": here.policy.lot, "manifest_sha256": manifest.sha256, "cured": done}
    if here.server:
        return told
    return {**told, "file": str(keep_beside(options.bid, "cure", {"cures": rows}))}


def protest(options: argparse.Namespace) -> dict[str, Any]:
    """Protest by the receipt that the bid is missing, or by its withdrawal's that it is listed.

    The protest is kept beside the bid before it is sent: who withdrew hands it to the trustees
    itself where the operator would show it to nobody.
    """
    here, hand = _case(options), _hand(options)
    receipt = _kept(options.receipt or newest(options.bid))
    path = options.withdrawn or beside(options.bid, "withdrawal")
    gone = _kept(path) if options.withdrawn or path.exists() else (b"", b"")
    made = protests.Protest(
        here.policy.lot, here.list.sha256, here.received.manifest.bidder,
        *receipt, options.reason, *gone,
    )  # fmt: skip
    # What would not hold before anybody is not sent.
    try:
        protests.check_protest(made, here.current, here.list, here.trust, formats.log_holds)
    except Refused as refused:
        if [reason.code for reason in refused.refusals] != [protests.TREE]:
            raise
    statement = signing.beside(options.bid, "protest")
    p7s = _signed(made.encode(), hand, here.now, statement)
    said = {"protest": made.encode().decode(), "p7s": p7s}
    file = keep_beside(options.bid, "protest", said)
    try:
        told = here.server.post("/closing/protest", **said) if here.server else {}
    except (Refused, ServerRefused) as refused:
        if not made.withdrawn:
            raise
        # Neither a server that is silent nor one that refuses takes the file back.
        raise Refused.because("bidder.protest.kept", file=str(file), told=str(refused)) from refused
    return {"lot": here.policy.lot, "list_sha256": here.list.sha256,
            "protest_sha256": made.sha256, "file": str(file), **told}  # fmt: skip


def _kept(path: Path) -> tuple[bytes, bytes]:
    """What the operator gave, and its signature, out of a file that was kept."""
    found = kept(path, "receipt")
    return text(found, "receipt"), raw(found, "p7s")


def give_again(options: argparse.Namespace) -> dict[str, Any]:
    """Give the file of a receipted bid again, where the platform's copies are lost."""
    received = read_file(options.bid)
    name = received.manifest_sha256
    _status, told = client(options).put_file(f"/closing/bids/{name}", options.bid, name)
    return {"manifest_sha256": name, **told}


def _case(options: argparse.Namespace) -> Case:
    received = read_file(options.bid)
    answer = policy_answer(options)
    policy = policy_by_hash(received.manifest.policy_sha256, answer)
    if options.closing:
        # The policy may have been saved weeks ago: the lists that came with the closing are newer.
        server, told = None, kept(options.closing, "list")
        believed = trust(options, told)
    else:
        server = client(options)
        told, believed = server.get("/closing"), trust(options, answer)
    data, now = text(told, "list"), moment(options, told)
    believed.verify(raw(told, "p7s"), data, policy.operator.uscc, now)
    listed = closing.read_list(data)
    hearing = resting.Hearing(told, policy, believed, now, listed)
    current = policy_by_hash(listed.policy_sha256, answer)
    return Case(received, server, policy, believed, hearing, current)


def _hand(options: argparse.Namespace) -> signing.Hand:
    hand = signing.hand(options)
    wanted = read_file(options.bid).manifest.bidder
    if (own := hand.me.uscc) != wanted:
        raise Refused.because("bidder.bid.not_mine", found=wanted, wanted=own)
    return hand


def _dealt(waiting: bytes | None, list_sha256: str) -> cures.Cure | None:
    """The cure that waits for its signature: its shares are random, and dealt only once."""
    made = cures.read_cure(waiting) if waiting else None
    return made if made and made.list_sha256 == list_sha256 else None


def _signed(data: bytes, hand: signing.Hand, at: datetime, statement: Path) -> str:
    return base64.b64encode(hand.signed(data, at, statement)).decode()
