"""What the operator of a lot does before the bids: keys, rehearsals, policies."""

import base64
import hashlib
from dataclasses import replace

from kernel.errors import NotFound
from kernel.sealing.bids import (
    bundles,
    trustees,
)
from kernel.sealing.bids.fields import b64, instant_text
from kernel.sealing.bids.policy_proof import proof_of
from kernel.sealing.certificates import pem
from tests.kernel.sealing.bids.support import LOT, NOW


class BeforeBids:
    """A lot until its policy is in force."""

    asks = {"ceiling_fen": 0, "security_fen": 0, "bill": False}

    def trustee_key(self, who, body):
        data = body["announcement"].encode()
        said = trustees.read_announcement(data)
        self.stage.trust.verify(base64.b64decode(body["p7s"]), data, who, self.now)
        self.announced[who] = said
        return {"key_sha256": trustees.key_name(said.key)}

    def rehearsal(self, who):
        # The same until it is answered, as the platform keeps it.
        if who not in self.challenges:
            self.challenges[who] = trustees.new_challenge(LOT, who, self.announced[who].key)
        stage = self.listed.stage if self.listed and self.listed.follows else ""
        return {"challenge": self.challenges[who][0].decode(), "stage": stage,
                "time": instant_text(self.now)}  # fmt: skip

    def rehearse(self, who, body):
        data = body["answer"].encode()
        self.stage.trust.verify(base64.b64decode(body["p7s"]), data, who, self.now)
        trustees.check_answer(data, *self.challenges.pop(who))
        self.rehearsed.add(who)
        return {"passed": True}

    def make_draft(self, **changes):
        base = self.in_force[-1][0] if self.in_force else None
        if base:
            made = replace(base, version=base.version + 1, supersedes=base.sha256, **changes)
        else:
            rows = tuple(
                replace(t, key=self.announced[t.uscc].key,
                        nonce_commitment=self.announced[t.uscc].nonce_commitment)
                for t in self.stage.policy.trustees
            )  # fmt: skip
            entity = self.stage.policy.procuring_entity
            said = self.announced[entity.uscc].nonce_commitment
            made = replace(
                self.stage.policy, trustees=rows,
                procuring_entity=replace(entity, nonce_commitment=said), **changes,
            )  # fmt: skip
        self.draft, self.signatures = made, {}

    def sign_policy(self, who, body):
        p7s = base64.b64decode(body["p7s"])
        self.stage.trust.verify(p7s, self.draft.encode(), who, self.now)
        self.signatures[who] = bundles.Signature(who, p7s)
        if set(self.signatures) == set(self.draft.parties()):
            self.in_force.append((self.draft, tuple(self.signatures.values())))
            self.draft = None
        return {"signed": len(self.signatures), "needed": len(self.stage.policy.parties())}

    def policy_answer(self):
        if not self.in_force:
            raise NotFound.because("sealing.policy.no_trustee", trustee="-")
        *older, newest = [
            {"policy": p.encode().decode(), "signatures": [s.as_json() for s in signatures],
             "proof": self.proofs.get(p.sha256)}
            for p, signatures in self.in_force
        ]  # fmt: skip
        return {**newest, "previous": older, "asks": self.asks, **self.surroundings()}

    def stamp_policy(self, at=None, bundle=None):
        """The token over the newest policy, or over what the test says instead."""
        policy, signatures = self.in_force[-1]
        said = proof_of(bundle or bundles.Bundle(policy.encode(), signatures)).encode()
        token = self.stamp(hashlib.sha256(said).digest(), at or self.now)
        self.proofs[policy.sha256] = {"text": said.decode(), "token": b64(token)}

    def surroundings(self):
        return {
            "chain": pem([self.stage.authority.issuing.certificate]).decode(),
            "crls": [b64(crl) for crl in self.stage.authority.crls(NOW)],
            "anchors": pem([self.stage.authority.root.certificate]).decode(),
            "demonstration": True,
            "time": instant_text(self.now),
        }

    def draft_answer(self):
        given = [s.as_json() for s in self.signatures.values()]
        return {"policy": self.draft.encode().decode(), "signatures": given, **self.surroundings()}
