"""A lot with its parties, keys and policy, and bids sealed for it; nothing of a server."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property

import pytest

from kernel.errors import Refused
from kernel.sealing import hpke
from kernel.sealing.authority import DemoAuthority
from kernel.sealing.bids import bundles, inner, making, opening, policy, trustees
from kernel.sealing.bids.messages import WORDINGS
from kernel.sealing.certificates import fingerprint
from kernel.sealing.messages import WORDINGS as GROUND
from kernel.sealing.revocation import load_crl

NOW = datetime(2026, 3, 2, 1, 30, 0, 250_000, tzinfo=UTC)
DEADLINE = NOW + timedelta(hours=2)
LOT = "ZX-2026-0001-01"
ENTITY, NOTARY, CHAMBER = "11230000PDY000011A", "12230000PDY000022B", "51230000PDY000033C"
OPERATOR, SUPERVISOR = "91230000PDY000099X", "11230000PDY000088Y"
BIDDERS = [f"91230100PDY0001{i}0M" for i in range(1, 6)]
MINIMUM = 4096


def codes(call, *arguments, **keywords) -> list[str]:
    """The codes that a call is refused with; each has words that fit its facts."""
    with pytest.raises(Refused) as refused:
        call(*arguments, **keywords)
    for reason in refused.value.refusals:
        words = {**WORDINGS, **GROUND}[reason.code]
        assert str(words.message) % dict(reason.facts)
    return [reason.code for reason in refused.value.refusals]


class Stage:
    """The parties of one lot. Trustee keys and nonces are of this lot; the authority is shared."""

    def __init__(self, authority=None):
        self.authority = authority or DemoAuthority.create(NOW)
        names = {ENTITY: "示例建设单位", NOTARY: "示例公证处", CHAMBER: "示例行业协会",
                 OPERATOR: "示例平台公司", SUPERVISOR: "示例监督部门"}  # fmt: skip
        names |= {code: f"示例建筑{i}公司" for i, code in enumerate(BIDDERS)}
        self.names = names
        self.signers = {
            code: self.authority.issue_signer("", name, code, NOW, 365)
            for code, name in names.items()
        }
        self.trustees = (ENTITY, NOTARY, CHAMBER)
        self.keys = {code: hpke.new_key() for code in self.trustees}
        self.nonces = {code: trustees.new_nonce() for code in self.trustees}

    @cached_property
    def trust(self):
        crls = tuple(load_crl(data) for data in self.authority.crls(NOW))
        return bundles.Trust(self.authority.anchors, crls)

    def party(self, code):
        nonce = self.nonces.get(code)
        made = trustees.commitment(LOT, code, nonce) if nonce else ""
        return policy.Party(code, self.names[code], code, made)

    @cached_property
    def policy(self):
        return policy.Policy(
            version=1,
            supersedes="",
            lot=LOT,
            title="示例\u3000工程施工",
            procuring_entity=self.party(ENTITY),
            operator=self.party(OPERATOR),
            supervisor=self.party(SUPERVISOR),
            trustees=tuple(
                policy.Trustee(**vars(self.party(c)), key=hpke.public_bytes(key.public_key()))
                for c, key in self.keys.items()
            ),
            threshold=2,
            deadline=DEADLINE,
            envelopes=policy.ENVELOPES,
            stages=(policy.Stage("opening", policy.ENVELOPES),),
            decrypt_window_minutes=60,
            draws=(policy.DrawFactor("discount", ("0.25", "0.5", "0.75", "1.0", "1.25", "1.5")),),
            padding_minimum=MINIMUM,
            maximum_size=8 * 1024 * 1024,
            authorities=(fingerprint(self.authority.root.certificate),),
            timestamp_authorities=(),
            programs=(policy.Program("bidder-cli", "0" * 64),),
        )

    def signatures(self, data, *who, at=NOW):
        return tuple(
            bundles.Signature(code, bundles.sign(data, self.signers[code], at)) for code in who
        )

    def bundle(self, of=None):
        data = (of or self.policy).encode()
        return bundles.Bundle(data, self.signatures(data, *self.trustees))

    def extended(self, **changes):
        older = self.policy
        changes = {"deadline": older.deadline + timedelta(days=3), **changes}
        return replace(older, version=2, supersedes=older.sha256, **changes)

    def folders(self, tmp_path, bidder, price=123_456_789_00):
        """One folder for each envelope with small files in it."""
        root = tmp_path / f"files-{bidder}-{price}"
        for name in policy.ENVELOPES:
            (root / name / "附件").mkdir(parents=True)
            (root / name / "附件" / "说明.txt").write_text(f"{name} {bidder} {price}", "utf-8")
        sheet = opening.OpeningSheet(
            lot=LOT, bidder=bidder, bidder_name=self.names[bidder], price_fen=price,
            period_days=300, quality="合格", project_manager="王五", bid_security="BH-1",
            bill_sha256="",
        )  # fmt: skip
        (root / "opening_sheet" / opening.SHEET_FILE).write_bytes(sheet.encode())
        return {name: root / name for name in policy.ENVELOPES}

    def contents(self, tmp_path, bidder, price=123_456_789_00):
        """The files of those folders."""
        folders = self.folders(tmp_path, bidder, price)
        return {name: inner.gather(folder) for name, folder in folders.items()}

    def seal(self, tmp_path, bidder=BIDDERS[0], *, of=None, before=None, price=123_456_789_00):
        """A sealed bid: its path and what making it returned."""
        path = tmp_path / f"{bidder}-{before.version + 1 if before else 1}.zxb"
        with path.open("wb") as file:
            made = making.seal_bid(
                file, of or self.policy, self.contents(tmp_path, bidder, price),
                self.signers[bidder], NOW, bidder=bidder, replaces=before, scratch=tmp_path,
            )  # fmt: skip
        return path, made


def altered(data: bytes, **changes) -> bytes:
    """A signed file with other values, canonical again."""
    value = json.loads(data)
    value.update(changes)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
