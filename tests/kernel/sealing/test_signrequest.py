"""Requests to sign: they agree with themselves and with the document, or nothing is signed."""

import asyncio
import base64
import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from asn1crypto import cms as asn1_cms
from asn1crypto import core
from asn1crypto import x509 as asn1_x509
from pyhanko.sign.signers import ExternalSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from kernel.sealing import canonical, cms
from kernel.sealing.certificates import der, fingerprint
from kernel.sealing.signrequest import (
    Request,
    check_certificate,
    check_document,
    make_response,
    read_request,
    read_response,
)
from tests.kernel.sealing.conftest import NOW
from tests.kernel.sealing.support import refusal

# A document with the place of its signature left out, as in a PDF.
BEFORE, GAP, AFTER = b"%PDF-1.7 /Contents ", b"<" + b"00" * 20 + b">", b" trailer %%EOF"
DOCUMENT = BEFORE + GAP + AFTER
RANGE = (0, len(BEFORE), len(BEFORE) + len(GAP), len(AFTER))


@pytest.fixture
def request_(signer):
    digest = hashlib.sha256(BEFORE + AFTER).digest()
    return Request(
        title="中标通知书",
        number="ZX-2026-0001",
        organisation="示例招标代理有限公司",
        document_sha256=digest.hex(),
        signed_attributes=cms.signed_attributes(digest, signer.certificate, None),
        certificate_sha256=fingerprint(signer.certificate),
        signing_time=NOW.replace(microsecond=0),
        byte_range=RANGE,
    )


def changed(request, **fields):
    value = canonical.decode(request.encode())
    for name, new in fields.items():
        if new is None:
            del value[name]
        else:
            value[name] = new
    return canonical.encode(value)


def test_a_request_comes_back(request_):
    assert read_request(request_.encode()) == request_
    plain = replace(request_, byte_range=None)
    assert read_request(plain.encode()) == plain
    check_document(request_, DOCUMENT)


def test_the_signature_becomes_a_cms_over_the_document(request_, signer):
    data = request_.encode()
    response = make_response(data, signer.sign(request_.signed_attributes))
    signature = read_response(response, data, signer.certificate)
    made = cms.assemble(request_.signed_attributes, signature, signer.certificate, signer.chain)
    assert cms.check(made, BEFORE + AFTER).certificate == signer.certificate


@pytest.mark.parametrize(
    "fields",
    [
        {"format": "zhuxin-sign-request/2"},
        {"format": None},
        {"title": None},
        {"title": 5},
        {"extra": "x"},
        {"document_sha256": "AB" * 32},
        {"certificate_sha256": "ab"},
        {"signing_time": "2026-03-02"},
        {"signed_attributes": "@@"},
        {"signed_attributes": "QQ"},
    ],
)
def test_a_request_of_another_form_is_refused(request_, fields):
    assert refusal(read_request, changed(request_, **fields)) == "sealing.sign.request"


def test_what_is_no_request_is_refused(request_):
    assert refusal(read_request, b"[]") == "sealing.sign.request"
    assert refusal(read_request, request_.encode() + b"\n") == "sealing.canonical.not_canonical"
    not_attributes = changed(request_, signed_attributes=base64.b64encode(b"x").decode())
    assert refusal(read_request, not_attributes) == "sealing.cms.malformed"


def test_attributes_for_another_document_are_refused(request_):
    data = changed(request_, document_sha256="ab" * 32)
    assert refusal(read_request, data) == "sealing.sign.digest_mismatch"


def test_attributes_that_say_more_are_refused(request_):
    parsed = list(asn1_cms.CMSAttributes.load(request_.signed_attributes))
    more = asn1_cms.CMSAttributes(
        [*parsed, asn1_cms.CMSAttribute({"type": "1.2.3.4", "values": [core.Any(core.Null())]})]
    ).dump()
    data = replace(request_, signed_attributes=more).encode()
    assert refusal(read_request, data) == "sealing.sign.attributes"


def test_attributes_of_another_time_are_refused(request_, signer):
    digest = bytes.fromhex(request_.document_sha256)
    for shift, good in ((timedelta(0), True), (timedelta(seconds=1), False)):
        attributes = cms.signed_attributes(digest, signer.certificate, NOW + shift)
        data = replace(request_, signed_attributes=attributes).encode()
        if good:
            assert read_request(data).signed_attributes == attributes
        else:
            assert refusal(read_request, data) == "sealing.sign.attributes"


def test_another_document_is_refused(request_):
    for document in (
        DOCUMENT.replace(b"1.7", b"1.8"),
        DOCUMENT.replace(b"EOF", b"EOG"),
        BEFORE + b"<" + b"ff" * 20 + b">" + b" trailer %%EOG",
    ):
        assert refusal(check_document, request_, document) == "sealing.sign.digest_mismatch"
    # What a later signature writes into the gap is not part of what was signed.
    check_document(request_, BEFORE + b"<" + b"fE" * 20 + b">" + AFTER)
    plain = replace(request_, byte_range=None)
    assert refusal(check_document, plain, DOCUMENT) == "sealing.sign.digest_mismatch"
    check_document(plain, BEFORE + AFTER)


def test_nothing_but_a_signature_may_be_left_out(request_):
    for document in (
        DOCUMENT + b"more",
        DOCUMENT[:-1],
        BEFORE + b"<" + b"zz" * 20 + b">" + AFTER,
        BEFORE + b" " + b"00" * 20 + b">" + AFTER,
        BEFORE + b"<" + b"00" * 19 + b">>" + b">" + AFTER,
    ):
        assert refusal(check_document, request_, document) == "sealing.sign.byte_range"


@pytest.mark.parametrize(
    "value", [[], [1, 2, 3, 4], [0, 5, 4, 9], [0, 0, 4, 9], [0, 5, 9, 0], [0, 5, 9], "x",
              [0, 5, 9, True], [0, -1, 9, 4]]
)  # fmt: skip
def test_a_range_that_covers_nothing_or_runs_backwards_is_refused(request_, value):
    assert refusal(read_request, changed(request_, byte_range=value)) == "sealing.sign.byte_range"


def test_another_certificate_does_not_sign(request_, signer, rsa_signer):
    check_certificate(request_, signer.certificate)
    code = refusal(check_certificate, request_, rsa_signer.certificate)
    assert code == "sealing.sign.other_certificate"
    swapped = replace(request_, certificate_sha256=fingerprint(rsa_signer.certificate))
    assert refusal(check_certificate, swapped, rsa_signer.certificate) == "sealing.cms.certificate"


def test_a_response_answers_one_request(request_, signer):
    data = request_.encode()
    signature = signer.sign(request_.signed_attributes)
    other = replace(request_, title="另一份").encode()
    response = make_response(data, signature)
    code = refusal(read_response, response, other, signer.certificate)
    assert code == "sealing.sign.other_request"
    false = make_response(data, signer.sign(b"else"))
    assert refusal(read_response, false, data, signer.certificate) == "sealing.cms.signature"
    for value in ([], {"format": "x"}, {**canonical.decode(response), "format": "x"},
                  {**canonical.decode(response), "signature": "@"}):  # fmt: skip
        code = refusal(read_response, canonical.encode(value), data, signer.certificate)
        assert code == "sealing.sign.response"


def test_attributes_that_pyhanko_prepares_for_a_pdf_are_signed_and_assembled(request_, signer):
    """So that the PDF engine may prepare, a person sign elsewhere, and either side assemble."""
    external = ExternalSigner(
        asn1_x509.Certificate.load(der(signer.certificate)), SimpleCertificateStore(), 512
    )
    digest = bytes.fromhex(request_.document_sha256)
    prepared = asyncio.run(external.signed_attrs(digest, "sha256", use_pades=True)).dump()
    data = replace(request_, signed_attributes=prepared).encode()
    assert read_request(data).signed_attributes == prepared
    response = make_response(data, signer.sign(prepared))
    signature = read_response(response, data, signer.certificate)
    made = cms.assemble(prepared, signature, signer.certificate, signer.chain)
    assert cms.check(made, BEFORE + AFTER).certificate == signer.certificate
