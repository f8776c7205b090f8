"""The steps of the opening program against the platform itself, in Node: no page, the same code."""

from __future__ import annotations

import base64

import pytest

from kernel.sealing.bids.fields import b64
from kernel.sealing.certificates import identity_of
from procurement.bids import opening, staging, stamps, tasks_for_trustees
from procurement.bids.machines import RELEASED
from tests.procurement.bidder.web import bundled
from tests.procurement.bids.steps import close, conclude, finish, settle
from tests.procurement.bids.support import LOT, TRUSTEES
from tests.procurement.bids.test_tasks_for_trustees import (
    PARTIES,
    Machine,
    in_force,
    machines,
)

pytestmark = [pytest.mark.django_db, bundled.needed]
__all__ = ["machines"]
_FILES = ("open/tasks.js", "open/keep.js", "open/steps.js", "open/opening.js", "lib/bytes.js",
          "trust/answers.js", "trust/keystore.js")  # fmt: skip
# Where the program's code calls a step otherwise than the command line.
_NAMES = {"key": "announce", "sign-policy": "signPolicy", "check": "signList"}
_SCRIPT = """
const task = readTask(fromBase64(input.task));
const keep = input.keep ? Keep.read(fromBase64(input.keep), task.lot) : Keep.empty(task.lot);
const signer = await openP12(fromBase64(input.p12), "123456");
const all = { announce, rehearse, signPolicy, signList, reveal, mark, release };
const desk = { task, keep, signer, who: input.who, passphrase: "开启口令", stampRoots: [],
  trust: trustOf(task, utf8(input.roots), true), at: task.time };
const statements = [];
for (const step of input.steps) statements.push((await all[step](desk, input.parties)).statement);
await told(() => toBase64(writeAnswer(task.lot, task.party, statements)));
await told(() => toBase64(keep.encode()));
"""


class AtThePage(Machine):
    """A trustee who does every step with the program's own code."""

    keep = b""

    def answer(self, *steps):
        actor = self.actor
        asked = {
            "task": b64(tasks_for_trustees.task(LOT, actor).encode()), "keep": b64(self.keep),
            "p12": b64((self.folder / "key.p12").read_bytes()),
            "roots": (self.folder / "roots.pem").read_text(),
            "who": {"uscc": actor.uscc, "organisation": self.organisation()},
            "steps": [_NAMES.get(step, step) for step in steps],
            "parties": [self.world.people[name].uscc for name in PARTIES],
        }  # fmt: skip
        said, keep = bundled.asked(_FILES, _SCRIPT, asked)
        self.keep = base64.b64decode(keep)
        return base64.b64decode(said)

    def organisation(self):
        return identity_of(self.world.signer(self.name).certificate).organisation


@pytest.fixture
def paged(machines, tmp_path, capsys, world):
    """The first trustee is at the page, the others at the command line."""
    name = TRUSTEES[0]
    machines[name] = AtThePage(world, name, tmp_path / "page", capsys)
    return machines


@pytest.mark.parametrize("machines", [{"stages": "two_envelopes"}], indirect=True)
def test_a_lot_of_two_stages_opens_with_one_trustee_at_the_page(world, paged, monkeypatch):
    monkeypatch.setattr(staging, "machine", lambda _code: None)
    in_force(world, paged)
    for name in ("bidder1", "bidder2", "bidder3"):
        world.bid(name)
    close(world)
    stamps.stamp_lists()
    for name in TRUSTEES:
        paged[name].does("check")
    for name in PARTIES:
        paged[name].does("reveal")
    first = TRUSTEES[:2]
    for step in ("mark", "release"):
        for name in first:
            paged[name].does(step)
    assert opening.of_lot(LOT).state == RELEASED
    finish(world)
    conclude(world, {"bidder2": "技术标不合格"})
    settle()
    stamps.stamp_lists()
    for step in ("rehearse", "check", "mark", "release"):
        for name in first:
            paged[name].does(step)
    assert finish(world).state == "opened"
    assert b'"rehearsed-price":"yes"' in paged[TRUSTEES[0]].keep
