"""Chains to given anchors at a given time, with revocation as it was known for that time."""

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Refused
from kernel.sealing import trust
from kernel.sealing.authority import (
    CRL_LIFETIME,
    DemoAuthority,
    _authority,
    _certificate,
    _crl,
    _name,
)
from kernel.sealing.certificates import Profile, pem
from kernel.sealing.keystore import KeySigner
from kernel.sealing.revocation import check_revocation, load_crl
from kernel.sealing.trust import Anchors, build_chain, verify
from tests.kernel.sealing.conftest import NOW
from tests.kernel.sealing.support import refusal

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OWN = DemoAuthority.create(NOW)  # revokes, so it is not the shared one
SIGNER = OWN.issue_signer("李四", "示例监理有限公司", "91350000MA2EXAMPL3", NOW, 30)
CHAIN = (SIGNER.certificate, *SIGNER.chain)


def lists(at, authority=OWN):
    return [load_crl(data) for data in authority.crls(at)]


def revoked_copy(at):
    copy = replace(OWN, revoked={})
    copy.revoke(SIGNER.certificate.serial_number, at, "key_compromise")
    return copy


def check(at, **changes):
    arguments = {"crls": lists(NOW), **changes}
    return verify(SIGNER.certificate, SIGNER.chain, OWN.anchors, at, **arguments)


def test_a_good_chain_is_returned_leaf_first_and_anchor_last():
    assert check(NOW) == CHAIN
    assert build_chain(SIGNER.certificate, SIGNER.chain[:1], OWN.anchors, NOW) == CHAIN


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (NOW - DAY, "not_yet"),
        (NOW.replace(microsecond=0) - timedelta(microseconds=1), "not_yet"),
        (NOW + 31 * DAY, "expired"),
    ],
)
def test_a_certificate_counts_only_in_its_time(at, code):
    assert refusal(check, at) == f"sealing.certificate.{code}"


def test_an_intermediate_is_checked_at_the_same_time():
    key = ec.generate_private_key(ec.SECP256R1())
    short = _certificate(
        OWN.issuing.certificate.subject, key, OWN.root.certificate.subject, OWN.root.key,
        NOW, NOW + DAY, _authority(0),
    )  # fmt: skip
    authority = DemoAuthority(OWN.root, KeySigner(key, short, (OWN.root.certificate,)))
    leaf = authority.issue_signer("p", "o", "91350000MA2EXAMPL3", NOW, 30)
    # The issuing date is cut to the issuer's own end.
    assert leaf.certificate.not_valid_after_utc == short.not_valid_after_utc
    assert build_chain(leaf.certificate, leaf.chain, OWN.anchors, NOW + HOUR)
    long = _certificate(_name(O="o"), key, short.subject, key, NOW, NOW + 30 * DAY, [])
    assert build_chain(long, [short], OWN.anchors, NOW + HOUR)
    code = refusal(build_chain, long, [short], OWN.anchors, NOW + 2 * DAY)
    assert code == "sealing.certificate.untrusted"


def test_a_chain_without_its_middle_or_to_another_root_is_untrusted():
    other = DemoAuthority.create(NOW)
    for middle, anchors in (
        ((), OWN.anchors),
        (SIGNER.chain, other.anchors),
        (other.issuing.chain, OWN.anchors),
        (SIGNER.chain, Anchors((), demonstration=True)),
    ):
        code = refusal(build_chain, SIGNER.certificate, middle, anchors, NOW)
        assert code == "sealing.certificate.untrusted"


def test_a_same_named_authority_is_not_the_authority():
    impostor = DemoAuthority.create(NOW)
    false = impostor.issue_signer("李四", "示例监理有限公司", "91350000MA2EXAMPL3", NOW, 30)
    code = refusal(build_chain, false.certificate, [*false.chain, *SIGNER.chain], OWN.anchors, NOW)
    assert code == "sealing.certificate.untrusted"


def test_a_signer_cannot_issue():
    key = ec.generate_private_key(ec.SECP256R1())
    forged = _certificate(
        _name(O="o", CN="p"), key, SIGNER.certificate.subject, SIGNER.key, NOW, NOW + DAY, [],
    )  # fmt: skip
    code = refusal(build_chain, forged, CHAIN, OWN.anchors, NOW)
    assert code == "sealing.certificate.untrusted"


def test_the_issuing_authority_cannot_make_another_authority():
    key = ec.generate_private_key(ec.SECP256R1())
    middle = _certificate(
        _name(O="x DEMONSTRATION", CN="CA"), key, OWN.issuing.certificate.subject,
        OWN.issuing.key, NOW, NOW + DAY, _authority(0),
    )  # fmt: skip
    leaf = DemoAuthority(OWN.root, KeySigner(key, middle)).issue_signer("p", "o", "x", NOW, 1)
    code = refusal(build_chain, leaf.certificate, [middle, *CHAIN], OWN.anchors, NOW)
    assert code == "sealing.certificate.untrusted"


def test_demonstration_and_production_never_accept_each_other():
    production = Anchors.load(pem([OWN.root.certificate]))
    code = refusal(build_chain, SIGNER.certificate, SIGNER.chain, production, NOW)
    assert code == "sealing.certificate.demonstration"
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Real CA")])
    builder = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name)
        .public_key(key.public_key()).serial_number(1)
        .not_valid_before(NOW - DAY).not_valid_after(NOW + DAY)
    )  # fmt: skip
    for extension, critical in _authority(1):
        builder = builder.add_extension(extension, critical)
    real = builder.sign(key, hashes.SHA256())
    leaf = (
        x509.CertificateBuilder().subject_name(x509.Name([])).issuer_name(name)
        .public_key(key.public_key()).serial_number(2)
        .not_valid_before(NOW - DAY).not_valid_after(NOW + DAY).sign(key, hashes.SHA256())
    )  # fmt: skip
    assert build_chain(leaf, [], Anchors((real,)), NOW) == (leaf, real)
    code = refusal(build_chain, leaf, [], Anchors((real,), demonstration=True), NOW)
    assert code == "sealing.certificate.demonstration"


def test_a_time_stamp_authority_signs_no_documents_and_the_other_way_round():
    tsa = OWN.issue_tsa(NOW, 30)
    arguments = (tsa.certificate, tsa.chain, OWN.anchors, NOW)
    assert verify(*arguments, crls=lists(NOW), profile=Profile.TIMESTAMP)[0] == tsa.certificate
    assert refusal(verify, *arguments, crls=lists(NOW)) == "sealing.certificate.wrong_profile"
    code = refusal(check, NOW, profile=Profile.TIMESTAMP)
    assert code == "sealing.certificate.wrong_profile"


# --- issuers whose own chain held before


@pytest.fixture(name="warm")
def _warm():
    """The issuer's chain has been verified; nothing else is remembered."""
    trust._issuers.clear()
    assert build_chain(SIGNER.certificate, SIGNER.chain, OWN.anchors, NOW) == CHAIN
    assert trust._issuers


def told(*arguments):
    """The chain, or the code of the refusal, as it comes out with and without the memory."""
    answers = []
    for cold in (False, True):
        if cold:
            trust._issuers.clear()
        try:
            answers.append(build_chain(*arguments))
        except Refused as refused:
            answers.append(refused.refusals)
    assert answers[0] == answers[1]
    return answers[0]


@pytest.mark.parametrize("at", [NOW, NOW - DAY, NOW + 29 * DAY, NOW + 31 * DAY, NOW + 9999 * DAY])
def test_a_known_issuer_changes_no_answer(warm, at):
    other = OWN.issue_signer("王五", "示例监理有限公司", "91350000MA2EXAMPL3", NOW, 30)
    told(other.certificate, other.chain, OWN.anchors, at)


def test_a_known_issuer_vouches_for_nobody_whom_it_did_not_sign(warm):
    impostor = DemoAuthority.create(NOW)
    false = impostor.issue_signer("李四", "示例监理有限公司", "91350000MA2EXAMPL3", NOW, 30)
    reasons = told(false.certificate, [*false.chain, *SIGNER.chain], OWN.anchors, NOW)
    assert [r.code for r in reasons] == ["sealing.certificate.untrusted"]


def test_a_known_issuer_is_known_under_its_own_anchors_only(warm):
    others = DemoAuthority.create(NOW).anchors
    reasons = told(SIGNER.certificate, SIGNER.chain, others, NOW)
    assert [r.code for r in reasons] == ["sealing.certificate.untrusted"]


def test_a_known_issuer_that_expired_is_no_issuer():
    trust._issuers.clear()
    key = ec.generate_private_key(ec.SECP256R1())
    short = _certificate(
        OWN.issuing.certificate.subject, key, OWN.root.certificate.subject, OWN.root.key,
        NOW, NOW + DAY, _authority(0),
    )  # fmt: skip
    leaf = _certificate(_name(O="o"), key, short.subject, key, NOW, NOW + 30 * DAY, [])
    assert build_chain(leaf, [short], OWN.anchors, NOW + HOUR)
    assert trust._issuers
    reasons = told(leaf, [short], OWN.anchors, NOW + 2 * DAY)
    assert [r.code for r in reasons] == ["sealing.certificate.untrusted"]


def test_an_issuer_that_may_not_name_everybody_is_asked_each_time():
    trust._issuers.clear()
    key = ec.generate_private_key(ec.SECP256R1())
    names = x509.NameConstraints([x509.DNSName("example.org")], None)
    narrow = _certificate(
        OWN.issuing.certificate.subject, key, OWN.root.certificate.subject, OWN.root.key,
        NOW, NOW + DAY, [*_authority(0), (names, True)],
    )  # fmt: skip
    leaf = _certificate(_name(O="o"), key, narrow.subject, key, NOW, NOW + DAY, [])
    assert build_chain(leaf, [narrow], OWN.anchors, NOW + HOUR)
    assert not trust._issuers


def test_a_revoked_issuer_is_refused_though_its_chain_is_known(warm):
    gone = {OWN.issuing.certificate.serial_number: (NOW, "key_compromise")}
    crls = [lists(NOW)[0], load_crl(_crl(OWN.root, gone, NOW))]
    assert refusal(check, NOW + HOUR, crls=crls) == "sealing.certificate.revoked"


# --- revocation


def test_every_certificate_below_the_anchor_needs_a_list():
    issuing, root = lists(NOW)
    assert refusal(check, NOW, crls=[]) == "sealing.certificate.crl_missing"
    assert refusal(check, NOW, crls=[issuing]) == "sealing.certificate.crl_missing"
    assert refusal(check, NOW, crls=[root]) == "sealing.certificate.crl_missing"


def test_a_list_counts_until_its_next_update():
    end = lists(NOW)[0].next_update_utc
    assert end == NOW.replace(microsecond=0) + CRL_LIFETIME
    assert check(end)
    assert refusal(check, end + timedelta(seconds=1)) == "sealing.certificate.crl_stale"
    assert check(end + timedelta(seconds=1), crls=[*lists(NOW), *lists(NOW + 7 * DAY)])


@given(st.integers(-20, 20), st.integers(0, 6))
def test_revoked_means_revoked_by_then(hours, list_days):
    """A revocation harms what is signed from that instant on, and nothing before it."""
    at = NOW + DAY
    authority = revoked_copy(at + hours * HOUR)
    crls = lists(at + DAY * list_days, authority)
    if hours <= 0:
        assert refusal(check, at, crls=crls) == "sealing.certificate.revoked"
    else:
        assert check(at, crls=crls) == CHAIN


def test_one_list_that_knows_outweighs_one_that_does_not():
    authority = revoked_copy(NOW)
    crls = [*lists(NOW), *lists(NOW + HOUR, authority)]
    assert refusal(check, NOW + HOUR, crls=crls) == "sealing.certificate.revoked"
    assert refusal(check, NOW + HOUR, crls=crls[::-1]) == "sealing.certificate.revoked"


def test_a_list_made_after_the_certificate_expired_may_have_forgotten_it():
    late = lists(NOW + 60 * DAY)
    assert refusal(check, NOW, crls=late) == "sealing.certificate.crl_stale"


def test_a_list_of_another_key_under_the_same_name_is_no_list():
    other = DemoAuthority.create(NOW)
    assert refusal(check, NOW, crls=lists(NOW, other)) == "sealing.certificate.crl_missing"


def made_list(*extensions):
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(OWN.issuing.certificate.subject)
        .last_update(NOW)
        .next_update(NOW + DAY)
    )
    for value, critical in extensions:
        builder = builder.add_extension(value, critical)
    crl = builder.sign(OWN.issuing.key, hashes.SHA256())
    return load_crl(crl.public_bytes(serialization.Encoding.PEM))


def point(**changes):
    plain = {
        "full_name": None,
        "relative_name": None,
        "only_contains_user_certs": False,
        "only_contains_ca_certs": False,
        "only_some_reasons": None,
        "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }
    return x509.IssuingDistributionPoint(**(plain | changes))


@pytest.mark.parametrize(
    ("extensions", "counts"),
    [
        ([], True),
        ([(point(only_contains_user_certs=True), True)], True),
        ([(point(only_contains_ca_certs=True), True)], False),
        ([(point(only_contains_attribute_certs=True), True)], False),
        ([(point(indirect_crl=True), True)], False),
        ([(point(only_some_reasons=frozenset([x509.ReasonFlags.superseded])), True)], False),
        ([(point(full_name=[x509.UniformResourceIdentifier("http://a/1.crl")]), True)], False),
        ([(x509.DeltaCRLIndicator(1), True)], False),
        ([(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3"), b"\x05\x00"), True)], False),
        ([(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3"), b"\x05\x00"), False)], True),
    ],
)
def test_a_list_that_speaks_of_others_is_no_list(extensions, counts):
    crls = [made_list(*extensions), lists(NOW)[1]]
    if counts:
        check_revocation(CHAIN, crls, NOW)
    else:
        assert refusal(check_revocation, CHAIN, crls, NOW) == "sealing.certificate.crl_missing"


def test_what_is_no_list_is_refused():
    for data in (b"", b"junk", b"-----BEGIN X509 CRL-----\n", pem([SIGNER.certificate])):
        assert refusal(load_crl, data) == "sealing.crl.malformed"
