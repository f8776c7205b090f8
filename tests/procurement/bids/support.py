"""A lot with its people, their keys on their own disks, and bids sealed for it."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from kernel import clock
from kernel.access.actors import Actor
from kernel.documents import demo_pki
from kernel.evidence import keys
from kernel.parties.models import Organisation
from kernel.sealing import hpke
from kernel.sealing.bids import bundles, closing, making, releasing, trustees
from kernel.sealing.bids import opening as opening_formats
from kernel.sealing.bids.policy import ENVELOPES, Policy
from kernel.workflow.firing import fire
from procurement.bids import answers, lots, opening, policies, readings, receiving
from procurement.bids.machines import POLICY
from tests.conftest import member

LOT = "2301022509010101-01"
MINIMUM = 1024


@dataclass
class FakeLot:
    """A lot as its own room would have it."""

    state: str = "approved"
    deadline: datetime | None = None
    owner: str = ""
    agency: str = ""

    def find(self, number: str) -> lots.Lot | None:
        if number != LOT:
            return None
        return lots.Lot(
            pk=7, number=LOT, title="示例标段", state=self.state,
            project_number="2301022509010101", region="230102",
            owner_uscc=self.owner, agency_uscc=self.agency, bid_deadline_at=self.deadline,
        )  # fmt: skip


@dataclass
class World:
    """Everybody of one lot; what each keeps to itself stands in ``keys`` and ``nonces``."""

    people: dict[str, Actor]
    lot: FakeLot
    keys: dict[str, Any] = field(default_factory=dict)
    nonces: dict[str, bytes] = field(default_factory=dict)
    signers: dict[str, Any] = field(default_factory=dict)
    # What a bidder's recovery file holds, where a test wants it.
    identities: dict[str, bytes] = field(default_factory=dict)

    # Keys and policy

    def signer(self, name: str) -> Any:
        actor = self.people[name]
        if name not in self.signers:
            self.signers[name] = demo_pki.authority(clock.now()).issue_signer(
                "", actor.organisation_name, actor.uscc, clock.now() - timedelta(days=30), 400
            )
        return self.signers[name]

    def p7s(self, name: str, text: str) -> str:
        made = bundles.sign(text.encode(), self.signer(name), clock.now())
        return base64.b64encode(made).decode()

    def draw_up(self, **changes: Any) -> int:
        payload = {
            "lot_number": LOT,
            "trustees": [{"uscc": self.people[n].uscc} for n in TRUSTEES],
            "supervisor": self.people["supervisor"].uscc,
            "threshold": 2,
            "draws": [{"name": "discount", "choices": "0.5, 1.0, 1.5"}],
            "padding_minimum": MINIMUM,
            "maximum_size": 4 * 1024 * 1024,
            **changes,
        }
        return fire(
            POLICY.code, None, "draw_up", actor=self.people["agency"], payload=payload, key="draw"
        ).case_pk

    def announce(self, name: str, *, share: bool = True) -> None:
        key = self.keys.setdefault(name, hpke.new_key())
        nonce = self.nonces.setdefault(name, trustees.new_nonce())
        actor = self.people[name]
        text = trustees.Announcement(
            LOT, actor.uscc, actor.organisation_name,
            hpke.public_bytes(key.public_key()) if share else b"",
            trustees.commitment(LOT, actor.uscc, nonce),
        ).encode().decode()  # fmt: skip
        self.act("announce_key", name, announcement=text, p7s=self.p7s(name, text))

    def rehearse(self, name: str) -> None:
        actor = self.people[name]
        challenge = answers.rehearsal(LOT, actor)["challenge"].encode()
        answer = trustees.answer_challenge(challenge, LOT, actor.uscc, self.keys[name]).decode()
        self.act("rehearse", name, answer=answer, p7s=self.p7s(name, answer))

    def sign_policy(self, name: str) -> None:
        text = answers.draft(LOT, self.people[name])["policy"]
        self.act("sign", name, p7s=self.p7s(name, text))

    def act(self, act: str, name: str, **payload: Any) -> Any:
        return policies.act(
            LOT, act, actor=self.people[name], payload=payload, key=f"{act}-{name}-{len(payload)}"
            f"-{abs(hash(str(payload)))}", at=clock.now(),
        )  # fmt: skip

    def policy(self, **changes: Any) -> Policy:
        self.draw_up(**changes)
        self.announce("owner", share=False)
        for name in TRUSTEES:
            self.announce(name)
            self.rehearse(name)
        for name in ("owner", *TRUSTEES):
            self.sign_policy(name)
        self.lot.state = "published"
        return self.in_force

    @property
    def in_force(self) -> Policy:
        found = readings.in_force(LOT)
        assert found is not None
        return found.policy

    # Bids

    def seal(
        self,
        name: str,
        *,
        price: int = 100_000_00,
        before: Any = None,
        policy: Policy | None = None,
        signer: str = "",
        as_uscc: str = "",
    ) -> tuple[bytes, Any]:
        actor = self.people[name]
        sheet = opening_formats.OpeningSheet(
            lot=(policy or self.in_force).lot, bidder=as_uscc or actor.uscc,
            bidder_name=actor.organisation_name,
            price_fen=price, period_days=300, quality="合格", project_manager="王五",
            bid_security="BH-1", bill_sha256="",
        )  # fmt: skip
        contents: dict[str, dict[str, bytes]] = {
            envelope: {"说明.txt": f"{envelope} {price}".encode()} for envelope in ENVELOPES[1:]
        }
        contents["opening_sheet"] = {opening_formats.SHEET_FILE: sheet.encode()}
        target = io.BytesIO()
        made = making.seal_bid(
            target, policy or self.in_force, contents, self.signer(signer or name), clock.now(),
            bidder=as_uscc or actor.uscc, replaces=before,
        )  # fmt: skip
        return target.getvalue(), made.manifest

    def submit(self, name: str, data: bytes) -> tuple[Any, bool]:
        return receiving.upload(
            LOT, actor=self.people[name], read=io.BytesIO(data).read, length=len(data)
        )

    def bid(self, name: str, **more: Any) -> Any:
        data, manifest = self.seal(name, **more)
        version, new = self.submit(name, data)
        assert new
        return version, manifest, data

    # Opening

    def at(self, moment: datetime) -> None:
        clock_moves_to(moment, self.people["operator"])

    def say(self, act: str, name: str, **payload: Any) -> Any:
        return opening.act(
            LOT, act, actor=self.people[name], payload=payload, key=f"{act}-{name}", at=clock.now()
        )

    def countersign(self, *names: str) -> None:
        for name in names:
            text = opening.of_lot(LOT).list_text
            self.say("countersign", name, p7s=self.p7s(name, text))

    def reveal(self, *names: str) -> None:
        for name in names:
            self.say("reveal", name, nonce=self.nonces[name].hex())

    def opened_shares(self, name: str) -> tuple[Any, dict[str, Any], list[Any]]:
        told = answers.closed(LOT, self.people[name])
        listed = closing.read_list(told["list"].encode())
        from kernel.sealing.bids.manifest import read_manifest

        manifests = {
            m.sha256: m for m in (read_manifest(row["manifest"].encode()) for row in told["bids"])
        }
        index = self.in_force.index_of(self.people[name].uscc)
        found = []
        for digest, shares in told["sealed_shares"].items():
            for envelope, sealed in shares.items():
                mark, share = releasing.try_share(
                    manifests[digest], envelope, index, base64.b64decode(sealed), self.keys[name]
                )
                found.append((mark, share))
        return listed, manifests, found

    def mark(self, *names: str, bad: Any = lambda _mark: False) -> None:
        for name in names:
            listed, _manifests, found = self.opened_shares(name)
            marks = tuple(
                replace(mark, good=False, reason="sealing.share.opened") if bad(mark) else mark
                for mark, _share in found
            )
            text = (
                releasing.Marks(LOT, listed.sha256, self.people[name].uscc, marks).encode().decode()
            )
            self.say("mark", name, marks=text, p7s=self.p7s(name, text))

    def release(self, *names: str, lie: bool = False) -> None:
        for name in names:
            listed, manifests, found = self.opened_shares(name)
            uscc = self.people[name].uscc
            shares = tuple(
                releasing.reseal(
                    listed, manifests[mark.manifest_sha256], mark.envelope, uscc,
                    bytes(32) + share[-1:] if lie else share,
                )
                for mark, share in found
                if share is not None
            )  # fmt: skip
            text = releasing.Release(LOT, listed.sha256, uscc, shares).encode().decode()
            self.say("release", name, release=text, p7s=self.p7s(name, text))


TRUSTEES = ("trustee1", "trustee2", "trustee3")
BIDDERS = ("bidder1", "bidder2", "bidder3", "bidder4", "bidder5")


def clock_moves_to(moment: datetime, operator: Actor) -> None:
    from kernel.workflow import sandbox

    if moment > clock.now():
        sandbox.move_to(moment, actor=operator)


def make_world() -> World:
    """Everybody, and a lot whose deadline is a month off."""
    people = {
        "owner": member("owner", "owner_clerk", serial=1),
        "operator": member("operator", "operator", serial=6, region="230103"),
        "agency": member("agency", "agency_clerk", serial=7, region="230103"),
        "trustee1": member("trustee1", "trustee", serial=7, region="230103"),
        "trustee2": member("trustee2", "trustee", serial=8, region="230103"),
        "trustee3": member("trustee3", "trustee", serial=9, region="230103"),
        "supervisor": member(
            "supervisor", "tender_supervisor", serial=3, region="230100", authority="city"
        ),
        "supervisor2": member(
            "supervisor2", "tender_supervisor", serial=3, region="230100", authority="city"
        ),
        "auditor": member("auditor", "auditor", serial=5, region="230000", authority="province"),
    }
    for index, name in enumerate(BIDDERS):
        people[name] = member(name, "contractor_clerk", serial=31 + index)
        people[f"{name}b"] = member(f"{name}b", "contractor_clerk", serial=31 + index)
    lot = FakeLot(
        deadline=clock.now() + timedelta(days=30),
        owner=people["owner"].uscc,
        agency=people["agency"].uscc,
    )
    keys.signer()
    return World(people, lot)


def told(refused: Any) -> list[str]:
    """The codes of a refusal."""
    return [reason.code for reason in refused.value.refusals]


__all__ = ["BIDDERS", "LOT", "TRUSTEES", "FakeLot", "Organisation", "World", "json", "make_world"]
