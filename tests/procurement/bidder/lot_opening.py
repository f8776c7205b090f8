"""How the operator of a lot closes and opens it: list, draw, marks, shares, record."""

import base64
from datetime import timedelta

from kernel.errors import Conflict, NotFound
from kernel.sealing import hpke
from kernel.sealing.bids import (
    bundles,
    closing,
    container,
    cures,
    draw,
    moments,
    opening,
    releasing,
    unsealing,
)
from kernel.sealing.bids.fields import b64
from tests.kernel.sealing.bids.support import LOT


class Opening:
    """A lot after its deadline."""

    def close(self):
        policy = self.in_force[-1][0]
        self.now = max(self.now, policy.deadline) + timedelta(seconds=1)
        kept = [self.files[name] for name in self.bids.values()]
        live = sorted(
            (closing.LiveBid(r.bidder, r.version, r.manifest_sha256, r.received_at, r.log.index)
             for _, _, r, _ in kept),
            key=lambda bid: bid.log_index,
        )  # fmt: skip
        self.listed = closing.ClosingList(
            lot=LOT, policy_sha256=policy.sha256, policy_version=policy.version, stage="opening",
            closed_at=policy.deadline, tree_size=len(self.log.leaves),
            tree_root=self.log.root().hex(),
            session_key=hpke.public_bytes(self.session.public_key()), bids=tuple(live),
        )  # fmt: skip

    def closing_answer(self, who):
        if self.listed is None:
            raise NotFound.because("sealing.closing.stage", stage="opening")
        policy = self.in_force[-1][0]
        data = self.listed.encode()
        if set(self.nonces) == set(policy.parties()) and self.drawn is None:
            self.draw()
        drawn = self.drawn
        told = {
            "state": "opened" if self.record else "listed",
            "over": self.record is not None,
            "cures": self.cures,
            "cured_marks": self.cured,
            "protests": self.protests,
            "replaced": self.replaced,
            "earlier": self.earlier,
            "list": data.decode(),
            "p7s": self.spoken("list", data)["p7s"],
            "signatures": [s.as_json() for s in self.list_signatures.values()],
            "bids": [self._bid_row(bid) for bid in self.listed.bids],
            "sealed_shares": self._shares(who, policy),
            "nonces": [{"uscc": c, "nonce": n.hex()} for c, n in self.nonces.items()],
            "draw": drawn,
            "moments": self.moments,
            "timestamp": self.list_token and {"authority": "-", "token": b64(self.list_token)},
            "marks": [
                {"uscc": c, "marks": text.decode(), "p7s": b64(p7s)}
                for c, (text, p7s) in self.marks.items()
            ],
        }
        return {**told, **self.surroundings()}

    def _bid_row(self, bid):
        received, answer, receipt, _ = self.files[bid.manifest_sha256]
        proof = self.log.path(receipt.log.index, self.listed.tree_size)
        return {
            "bidder": bid.bidder,
            "manifest": received.manifest_bytes.decode(),
            "p7s": b64(received.signature),
            "receipt": answer["receipt"],
            "receipt_p7s": answer["p7s"],
            "proof": [step.hex() for step in proof],
        }

    def _shares(self, who, policy):
        if who not in {t.uscc for t in policy.trustees}:
            return {}
        index = policy.index_of(who)
        return {
            bid.manifest_sha256: {
                name: b64(shares[index])
                for name, shares in self.files[bid.manifest_sha256][0].shares.items()
            }
            for bid in self.listed.bids
        }

    def sign_list(self, who, body):
        p7s = base64.b64decode(body["p7s"])
        self.stage.trust.verify(p7s, self.listed.encode(), who, self.now)
        self.list_signatures[who] = bundles.Signature(who, p7s)
        self.moment("countersigned", [s.p7s for s in self.list_signatures.values()])
        return {}

    def moment(self, name, said):
        """Note and sign when enough had been said, once under each list."""
        policy, sha256 = self.in_force[-1][0], self.listed.sha256
        known = [moments.read_moment(row["moment"].encode()) for row in self.moments]
        needed = 1 if name == "drawn" else policy.threshold
        if len(said) < needed or moments.when(known, name, sha256):
            return
        made = moments.Moment(LOT, sha256, name, self.now, moments.named(said))
        self.moments.append(self.spoken("moment", made.encode()))

    def draw(self):
        """Draw with the nonces that are there."""
        made = draw.draw(self.in_force[-1][0], self.listed.draw_sha256, self.nonces).encode()
        self.drawn = made.decode()
        self.moment("drawn", [made])

    def nonce(self, who, body):
        nonce = bytes.fromhex(body["nonce"])
        draw.check_nonce(self.in_force[-1][0], who, nonce)
        self.nonces[who] = nonce
        return {}

    def mark(self, who, body):
        data, p7s = body["marks"].encode(), base64.b64decode(body["p7s"])
        self.stage.trust.verify(p7s, data, who, self.now)
        assert releasing.read_marks(data).trustee == who
        self.marks[who] = (data, p7s)
        self.moment("marked", [text for text, _p7s in self.marks.values()])
        return {}

    def said(self, rows, name):
        def keep(who, body):
            data = body[name].encode()
            self.stage.trust.verify(base64.b64decode(body["p7s"]), data, who, self.now)
            rows.append({"uscc": who, name: body[name], "p7s": body["p7s"]})
            return {"state": "checked"}

        return keep

    def protest(self, who, body):
        if self.refuse_protests:
            raise Conflict.because("procurement.opening.released_already")
        return self.said(self.protests, "protest")(who, body)

    def told(self):
        return cures.Told(
            tuple(releasing.read_marks(text) for text, _ in self.marks.values()),
            {
                (c.manifest_sha256, c.envelope): c
                for c in (cures.read_cure(row["cure"].encode()) for row in self.cures)
            },
            tuple(cures.read_cured_marks(row["cured_marks"].encode()) for row in self.cured),
        )

    def release(self, who, body):
        data = body["release"].encode()
        self.stage.trust.verify(base64.b64decode(body["p7s"]), data, who, self.now)
        self.releases[who] = releasing.read_release(data)
        return {}

    def open(self):
        policy, bids = self.in_force[-1][0], []
        for bid in self.listed.bids:
            received, _, _, path = self.files[bid.manifest_sha256]
            made, shares = received.manifest, {}
            for who, release in self.releases.items():
                index = policy.index_of(who)
                for row in release.shares:
                    if row.manifest_sha256 == bid.manifest_sha256:
                        again = self.told().again((made.sha256, row.envelope), policy.threshold)
                        share = releasing.open_released(
                            self.listed, made, who, index, row, self.session, again
                        )
                        shares.setdefault(row.envelope, {})[index] = share
            opened = []
            for name in policy.envelopes:
                with path.open("rb") as file:
                    window = container.Window(file, *container.locate(received, name))
                    unsealing.open_with_shares(
                        made, policy, name, shares[name], window,
                        self.folder / "opened" / bid.bidder / name,
                        self.told().again((made.sha256, name), policy.threshold),
                    )  # fmt: skip
                opened.append(opening.OpenedEnvelope(name, "opened"))
            sheet = opening.sheet_of(made, self.folder / "opened" / bid.bidder / "opening_sheet")
            bids.append(opening.OpenedBid(
                bid.bidder, bid.version, bid.manifest_sha256, tuple(opened), sheet))  # fmt: skip
        drawn = (self.drawn or "").encode()
        self.record = opening.OpeningRecord(
            LOT, "opening", self.listed.sha256, opening.draw_hash(drawn), self.now, tuple(bids)
        )
        return self.record
