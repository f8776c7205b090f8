"""``trustee STEP…``: key, rehearse, sign-policy, check, reveal, mark, release, destroy.

And ``mark-cures`` where a bidder dealt a key anew.
"""

from __future__ import annotations

import argparse
import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from kernel.errors import Refused
from kernel.sealing import hpke
from kernel.sealing.bids import trustees
from kernel.sealing.bids.policy import Policy, read_policy
from kernel.sealing.bids.policy_succession import check_successor
from kernel.sealing.certificates import Identity
from procurement.bidder import running, signing
from procurement.bidder.answers import Answer, moment, secret, text
from procurement.bidder.keep import Keep
from procurement.bidder.offline import Offline
from procurement.bidder.seal import write_private
from procurement.bidder.submit import client
from procurement.bidder.waiting import Halt, Waits, is_waiting


class Server(Protocol):
    """Whom a trustee asks and tells: the platform, or a task file in its place."""

    def get(self, path: str) -> dict[str, Any]:
        """The answer to a read."""

    def post(self, path: str, **body: str) -> dict[str, Any]:
        """The answer to a statement."""


@dataclass(frozen=True)
class Desk:
    """A trustee at work on one lot."""

    options: argparse.Namespace
    lot: str
    hand: signing.Hand
    server: Server
    keep: Keep

    @property
    def me(self) -> Identity:
        """Whom the signing certificate names."""
        return self.hand.me

    def key(self) -> hpke.PrivateKey:
        """The opening key of this lot."""
        return self.keep.key(secret(self.options.passphrase_file))

    def signed(self, data: bytes, answer: Answer) -> str:
        """The signature over a text, as it travels."""
        statement = self.statement(signing.kind_of(data))
        p7s = self.hand.signed(data, moment(self.options, answer), statement)
        return base64.b64encode(p7s).decode()

    def statement(self, kind: str) -> Path:
        """Where a statement waits that is signed elsewhere."""
        return self.keep.folder / f"{kind}.to-sign.json"


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Run the steps in their order for every lot; the result of each.

    Raises Waits where a step has to wait for other parties: what was done before it stands.
    """
    from procurement.bidder import opening

    steps: Mapping[str, Callable[[Desk], dict[str, Any]]] = {
        "key": key,
        "rehearse": rehearse,
        "sign-policy": sign_policy,
        "check": opening.check,
        "reveal": opening.reveal,
        "mark": opening.mark,
        "mark-cures": opening.mark_cures,
        "release": opening.release,
        "destroy": destroy,
    }
    hand = signing.hand(options)
    if options.task:
        return _offline(options, hand, steps)
    done: dict[str, Any] = {}
    halts: list[Halt] = []
    for lot in options.lot or [""]:
        desk = Desk(options, lot, hand, client(options, lot), Keep(options.keep, lot))
        done[lot], halt = _done(desk, steps)
        halts += [halt] if halt else []
    if halts:
        raise Waits(done, tuple(halts))
    return done


def _done(
    desk: Desk, steps: Mapping[str, Callable[[Desk], dict[str, Any]]]
) -> tuple[dict[str, Any], Halt | None]:
    """The steps in their order, by a program that the trustee was told of before the first.

    And where they came to wait for others, if they did.
    """
    # Who signs a policy is told of the program that this one names.
    if "sign-policy" not in desk.options.steps and (signed := desk.keep.policies()):
        running.tell(signed[-1])
    done: dict[str, Any] = {}
    for step in desk.options.steps:
        try:
            done[step] = steps[step](desk)
        except Refused as refused:
            if not is_waiting(refused):
                raise
            return done, Halt(desk.lot, step, tuple(done), refused)
    return done, None


def _offline(
    options: argparse.Namespace,
    hand: signing.Hand,
    steps: Mapping[str, Callable[[Desk], dict[str, Any]]],
) -> dict[str, Any]:
    """The steps with a task file in the platform's place; what is said goes into the answer."""
    if not options.answer:
        raise Refused.because("bidder.usage.needs", option="--answer")
    server = Offline.of(options.task)
    lot = server.task.lot
    desk = Desk(options, lot, hand, server, Keep(options.keep, lot))
    if desk.me.uscc != server.task.party:
        raise Refused.because("bidder.task.other", found=server.task.party, wanted=desk.me.uscc)
    done, halt = _done(desk, steps)
    if done:
        write_private(options.answer, server.answer())
    if halt:
        raise Waits({lot: done}, (halt,))
    return {lot: done}


def key(desk: Desk) -> dict[str, Any]:
    """Make the opening key of this lot and announce it with the commitment to a nonce.

    Once announced it can be announced again, never made anew.
    """
    passphrase = secret(desk.options.passphrase_file)
    try:
        own = desk.keep.make_key(passphrase)
    except Refused:
        # An announcement that got lost on its way is sent again; one that arrived is not. Of one
        # in an answer file nobody here knows whether it arrived.
        sent = desk.keep.state().get("announced") and not isinstance(desk.server, Offline)
        if sent or desk.keep.policies():
            raise
        own = desk.keep.key(passphrase)
    public = b"" if desk.options.no_share else hpke.public_bytes(own.public_key())
    commitment = trustees.commitment(desk.lot, desk.me.uscc, desk.keep.nonce(own))
    said = trustees.Announcement(
        desk.lot, desk.me.uscc, desk.me.organisation, public, commitment
    ).encode()
    # No policy is there yet to tell the time; the rehearsal's answer is the first that does.
    answer = desk.server.get("/time") if desk.options.demonstration else {}
    desk.server.post("/trustee-key", announcement=said.decode(), p7s=desk.signed(said, answer))
    desk.keep.note(announced="yes")
    return {"key_sha256": trustees.key_name(public), "nonce_commitment": commitment}


def rehearse(desk: Desk) -> dict[str, Any]:
    """Answer the rehearsal's challenge: proof that this key can open, days before it must.

    Before a later stage once more: the answer says for which.
    """
    asked = desk.server.get("/rehearsal")
    answer = trustees.answer_challenge(text(asked, "challenge"), desk.lot, desk.me.uscc, desk.key())
    desk.server.post("/rehearsal", answer=answer.decode(), p7s=desk.signed(answer, asked))
    desk.keep.note(rehearsed="yes")
    if stage := asked.get("stage"):
        desk.keep.note(**{f"rehearsed-{stage}": "yes"})
    return {"passed": True}


def sign_policy(desk: Desk) -> dict[str, Any]:
    """Sign the draft of the opening policy, if it is what this trustee agreed to."""
    answer = desk.server.get("/policy/draft")
    policy = read_policy(text(answer, "policy"))
    _check_draft(desk, policy)
    program = running.tell(policy)
    told = desk.server.post("/policy/signature", p7s=desk.signed(policy.encode(), answer))
    desk.keep.add_policy(policy)
    return {
        "policy_sha256": policy.sha256,
        "version": policy.version,
        "other_programs": running.other_programs(policy),
        "program": program,
        **told,
    }


def destroy(desk: Desk) -> dict[str, Any]:
    """Destroy the opening key, after the lot's last stage or its failure; ``bidder.destroy.early``.

    ``--abandon``: without asking, where there is nobody any more who could say that it is over.
    """
    if not desk.options.abandon and not desk.server.get("/closing").get("over"):
        raise Refused.because("bidder.destroy.early")
    return {"destroyed": desk.keep.destroy_key()}


def _check_draft(desk: Desk, policy: Policy) -> None:
    """Refuse a draft with others' organisations, another key, or against what was signed before."""
    parties = policy.parties()
    if strange := sorted(set(parties) ^ set(desk.options.expect)):
        raise Refused.because("bidder.policy.expected", organisations=strange)
    own, me = desk.key(), desk.me.uscc
    share = [t.key for t in policy.trustees if t.uscc == me]
    mine = not share if desk.options.no_share else share == [hpke.public_bytes(own.public_key())]
    # An earlier commitment stays empty where nothing is drawn.
    committed = parties.get(me, "-") in (
        "",
        trustees.commitment(desk.lot, me, desk.keep.nonce(own)),
    )
    if policy.lot != desk.lot or not mine or not committed:
        raise Refused.because("bidder.policy.own")
    if share and not desk.keep.state().get("rehearsed"):
        raise Refused.because("bidder.policy.not_rehearsed")
    before = desk.keep.policies()
    if before and policy != before[-1]:
        if policy.version <= before[-1].version:
            raise Refused.because("bidder.policy.second", version=policy.version)
        check_successor(policy, before[-1])
