"""Several certificate authorities side by side: the policy says which count for a lot."""

import io
import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from kernel.sealing import authority as authorities
from kernel.sealing.authority import DemoAuthority
from kernel.sealing.bids import bundles, making, receiving
from kernel.sealing.certificates import fingerprint
from kernel.sealing.revocation import load_crl
from kernel.sealing.trust import Anchors
from tests.kernel.sealing.bids.support import BIDDERS, NOW, codes

_prices = itertools.count(100_000_00)


def production(monkeypatch, name):
    """An authority that says nothing of a demonstration, as a real one."""
    from cryptography import x509

    with monkeypatch.context() as patch:
        patch.setattr(authorities, "OPERATOR", name)
        patch.setattr(authorities, "DEMONSTRATION", name)
        patch.setattr(authorities, "DEMONSTRATION_POLICY", x509.ObjectIdentifier("1.2.3.4"))
        made = DemoAuthority.create(NOW - timedelta(days=1))
        signers = {
            code: made.issue_signer("", f"示例{code[-4]}公司", code, NOW, 365) for code in BIDDERS
        }
    return made, signers


@pytest.fixture(scope="module")
def three():
    with pytest.MonkeyPatch.context() as patch:
        return [production(patch, f"示例证书机构{letter}") for letter in "ABC"]


def trusting(*several):
    roots = tuple(one.root.certificate for one, _signers in several)
    crls = tuple(load_crl(data) for one, _signers in several for data in one.crls(NOW))
    return bundles.Trust(Anchors(roots), crls)


def sealed(stage, tmp_path, policy, bidder, signer):
    target = io.BytesIO()
    making.seal_bid(
        target, policy, stage.contents(tmp_path, bidder, next(_prices)), signer, NOW,
        bidder=bidder, replaces=None, scratch=tmp_path,
    )  # fmt: skip
    target.seek(0)
    return target


def test_bidders_of_different_authorities_bid_in_one_lot(stage, three, tmp_path):
    (a, of_a), (b, of_b), (c, of_c) = three
    trust = trusting(*three)  # a platform that trusts all three
    pinned = tuple(fingerprint(one.root.certificate) for one in (a, b))
    policy = replace(stage.policy, authorities=pinned)
    for bidder, signers in ((BIDDERS[0], of_a), (BIDDERS[1], of_b)):
        file = sealed(stage, tmp_path, policy, bidder, signers[bidder])
        accepted = receiving.receive(file, policy, bidder, trust, NOW)
        assert accepted.certificate == signers[bidder].certificate
    # Nothing binds a bidder to one of them.
    file = sealed(stage, tmp_path, policy, BIDDERS[0], of_b[BIDDERS[0]])
    assert receiving.receive(file, policy, BIDDERS[0], trust, NOW)
    # The third is trusted elsewhere on the platform, and not named by this policy.
    file = sealed(stage, tmp_path, policy, BIDDERS[2], of_c[BIDDERS[2]])
    found = codes(receiving.receive, file, policy, BIDDERS[2], trust, NOW)
    assert found == ["sealing.bid.authority"]
    assert c.root.certificate in trust.anchors.certificates


def test_an_unnamed_root_is_no_cure_for_a_missing_list(stage, three, tmp_path):
    bare = bundles.Trust(trusting(*three).anchors)
    _c, of_c = three[2]
    pinned = tuple(fingerprint(one.root.certificate) for one, _signers in three[:2])
    policy = replace(stage.policy, authorities=pinned)
    file = sealed(stage, tmp_path, policy, BIDDERS[2], of_c[BIDDERS[2]])
    found = codes(receiving.receive, file, policy, BIDDERS[2], bare, NOW)
    assert found == ["sealing.bid.authority"]


def test_a_demonstration_certificate_never_counts_beside_production_roots(stage, three, tmp_path):
    demo = stage.authority.root.certificate
    pinned = (fingerprint(demo), fingerprint(three[0][0].root.certificate))
    policy = replace(stage.policy, authorities=pinned)
    file = sealed(stage, tmp_path, policy, BIDDERS[0], stage.signers[BIDDERS[0]])
    trust = trusting(three[0])
    mixed = bundles.Trust(Anchors((*trust.anchors.certificates, demo)), trust.crls)
    for believed, code in ((trust, "untrusted"), (mixed, "demonstration")):
        file.seek(0)
        found = codes(receiving.receive, file, policy, BIDDERS[0], believed, NOW)
        assert found == [f"sealing.certificate.{code}"]
