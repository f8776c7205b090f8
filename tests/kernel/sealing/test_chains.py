"""What is remembered of a chain never says more than judging it anew would."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.errors import Refused
from kernel.sealing import cms
from kernel.sealing.authority import DemoAuthority
from kernel.sealing.certificates import Profile
from kernel.sealing.chains import Chains
from kernel.sealing.revocation import load_crl
from kernel.sealing.trust import Anchors
from tests.kernel.sealing.conftest import NOW
from tests.kernel.sealing.support import refusal

OWN = DemoAuthority.create(NOW)
SIGNERS = [OWN.issue_signer("", f"第{i}公司", f"9123000000000000{i}X", NOW, 30) for i in range(3)]
SIGNED = [cms.check(cms.sign(b"x", signer, NOW), b"x") for signer in SIGNERS]
OWN.revoke(SIGNERS[1].certificate.serial_number, NOW + timedelta(days=2))
LISTS = [
    [load_crl(data) for data in OWN.crls(NOW + timedelta(days=day))] for day in (0, 3, 10)
]  # fmt: skip


def judged(call, *arguments, **keywords):
    try:
        return call(*arguments, **keywords).chain
    except Refused as refused:
        return [reason.code for reason in refused.refusals]


@settings(max_examples=60)
@given(
    st.sampled_from(LISTS),
    st.lists(st.tuples(st.integers(0, 2), st.integers(-48, 800)), min_size=1, max_size=8),
)
def test_whatever_the_order_of_questions_the_answers_are_those_of_judging_anew(lists, asked):
    chains = Chains(OWN.anchors, lists)
    for which, hours in asked:
        at = NOW + timedelta(hours=hours)
        wanted = judged(cms.trusted, SIGNED[which], OWN.anchors, at, crls=lists)
        assert judged(chains.trusted, SIGNED[which], at) == wanted


def test_a_chain_is_judged_once_and_a_refused_one_each_time(monkeypatch):
    calls = []
    real = cms.trusted

    def counted(*arguments, **keywords):
        calls.append(1)
        return real(*arguments, **keywords)

    monkeypatch.setattr("kernel.sealing.chains.trusted", counted)
    chains = Chains(OWN.anchors, LISTS[1])
    late = NOW + timedelta(days=4)
    for _ in range(3):
        assert chains.trusted(SIGNED[0], late).certificate == SIGNERS[0].certificate
    assert len(calls) == 1
    for _ in range(3):
        assert refusal(chains.trusted, SIGNED[1], late) == "sealing.certificate.revoked"
    assert len(calls) == 4
    assert refusal(chains.trusted, SIGNED[0], late, Profile.TIMESTAMP) == (
        "sealing.certificate.wrong_profile"
    )


def test_other_anchors_remember_nothing():
    chains = Chains(Anchors(OWN.anchors.certificates, demonstration=False), LISTS[0])
    assert refusal(chains.trusted, SIGNED[0], NOW) == "sealing.certificate.demonstration"


def test_no_more_than_so_many_are_kept(monkeypatch):
    monkeypatch.setattr("kernel.sealing.chains._MOST", 2)
    chains = Chains(OWN.anchors, LISTS[0])
    for signed in (*SIGNED, SIGNED[0]):
        assert chains.trusted(signed, NOW).at == NOW
    assert len(chains._known) == 2
