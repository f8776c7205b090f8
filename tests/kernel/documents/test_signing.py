"""PDF signatures: made elsewhere, appended without touching what was there, judged from bytes."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import cms
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from kernel.documents import signing
from kernel.documents.validation import SignatureReport, validate
from kernel.errors import Conflict, Refused
from kernel.sealing import canonical
from kernel.sealing.authority import DemoAuthority
from kernel.sealing.certificates import pem
from tests.kernel.documents import pki
from tests.kernel.documents.pki import NOW, Authority, Holder

AUTHORITY = Authority()


def begin(
    pdf: bytes, holder: Holder, name: str = "Signature1", at: datetime = NOW
) -> signing.Pending:
    return signing.begin(
        pdf,
        certificate=holder.certificate,
        chain=holder.chain,
        reason="同意签发",
        location="福州市",
        signing_time=at,
        field_name=name,
    )


def sign(pdf: bytes, holder: Holder, name: str = "Signature1", at: datetime = NOW) -> bytes:
    pending = begin(pdf, holder, name, at)
    return signing.finish(pending.state, holder.sign(pending.to_be_signed))


def judge(
    pdf: bytes, *, at: datetime = NOW, crls: tuple[bytes, ...] = (), anchor: bytes = AUTHORITY.pem
) -> list[SignatureReport]:
    return validate(pdf, anchors=[anchor], at=at, crls=crls)


@pytest.fixture(scope="module")
def signer() -> Holder:
    return AUTHORITY.issue()


@pytest.fixture(scope="module")
def signed(signer: Holder) -> bytes:
    return sign(pki.draft(), signer)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {refusal.code for refusal in refused.value.refusals}


@pytest.mark.parametrize("key", [None, "rsa"])
def test_signature_of_either_kind_of_key_holds(key: str | None) -> None:
    holder = AUTHORITY.issue("李四", key=pki.rsa_key() if key else None)

    (report,) = judge(sign(pki.draft(), holder))

    assert report.holds and report.intact and report.trusted
    assert report.covers_whole_document and not report.modified_after
    assert (report.signer, report.organisation) == ("李四", "示例建设集团有限公司")
    assert report.uscc == pki.USCC
    assert report.signing_time == NOW


def test_what_is_signed_binds_document_and_certificate_as_pades_asks(signer: Holder) -> None:
    pending = begin(pki.draft(), signer)

    attributes = cms.CMSAttributes.load(pending.to_be_signed, strict=True)
    found = {a["type"].native: a["values"][0] for a in attributes}
    start, length, second, rest = pending.byte_range
    covered = pending.prepared[start : start + length] + pending.prepared[second : second + rest]

    # EN 319 142-1, 6.3: a signing-time attribute must not be there; the time is in the PDF.
    assert set(found) == {
        "content_type",
        "message_digest",
        "signing_certificate_v2",
    }
    assert found["content_type"].native == "data"
    assert found["message_digest"].native == hashlib.sha256(covered).digest()
    assert pending.document_sha256 == hashlib.sha256(covered).hexdigest()
    (bound,) = found["signing_certificate_v2"]["certs"]
    assert bound["cert_hash"].native.hex() == pending.certificate_sha256
    assert second + rest == len(pending.prepared)


def test_the_signed_attributes_are_in_der_order(signer: Holder) -> None:
    encoded = [a.dump() for a in cms.CMSAttributes.load(begin(pki.draft(), signer).to_be_signed)]
    assert encoded == sorted(encoded)


def test_signing_appends_and_changes_nothing_before(signed: bytes) -> None:
    assert signed.startswith(pki.draft())


def test_finish_fills_the_reserved_place_only(signer: Holder) -> None:
    pending = begin(pki.draft(), signer)
    done = signing.finish(pending.state, signer.sign(pending.to_be_signed))
    _, length, second, _ = pending.byte_range
    assert done[:length] == pending.prepared[:length]
    assert done[second:] == pending.prepared[second:]
    assert signing.prepared(pending.state) == pending.prepared


def test_pdf_a_claims_tags_and_attachment_survive(signed: bytes) -> None:
    before, after = (PdfFileReader(BytesIO(pdf)).root for pdf in (pki.draft(), signed))
    xmp = etree.fromstring(after["/Metadata"].data)
    values = {str(k): str(v) for node in xmp.iter() for k, v in node.attrib.items()}
    pdfaid = "{http://www.aiim.org/pdfa/ns/id/}"

    assert (values[f"{pdfaid}part"], values[f"{pdfaid}conformance"]) == ("3", "A")
    assert after["/Metadata"].data == before["/Metadata"].data
    assert after["/MarkInfo"]["/Marked"]
    assert after["/StructTreeRoot"] == before["/StructTreeRoot"]
    assert after["/AF"][0]["/AFRelationship"] == "/Data"
    # PDF/A-3 is PDF 1.7: the signature must not raise the version.
    assert "/Version" not in after
    assert "/NeedAppearances" not in after["/AcroForm"]


def test_the_widget_is_printable_and_without_size_as_pdf_a_demands(signed: bytes) -> None:
    field = PdfFileReader(BytesIO(signed)).root["/AcroForm"]["/Fields"][0]
    # ISO 19005-3, 6.3.2: Print set; Hidden, Invisible, ToggleNoView and NoView not set.
    assert field["/F"] & 0b100 and not field["/F"] & 0b100100011
    assert list(field["/Rect"]) == [0, 0, 0, 0]


def test_a_second_signature_keeps_the_first(signed: bytes) -> None:
    second = AUTHORITY.issue("王五", organisation="示例监理有限公司", key=pki.rsa_key())
    both = sign(signed, second, "Signature2", NOW + timedelta(hours=1))

    first, last = judge(both, at=NOW + timedelta(hours=2))

    assert both.startswith(signed)
    assert (first.signer, last.signer) == ("张三", "王五")
    assert first.holds and last.holds
    assert not first.covers_whole_document and not first.modified_after
    assert last.covers_whole_document


def test_three_signers_in_a_row_all_hold(signed: bytes) -> None:
    pdf = signed
    for number in (2, 3):
        pdf = sign(pdf, AUTHORITY.issue(f"签名人{number}"), f"Signature{number}")
    assert [report.holds for report in judge(pdf)] == [True, True, True]


def test_a_field_signs_once(signed: bytes, signer: Holder) -> None:
    with pytest.raises(Conflict) as refused:
        begin(signed, signer)
    assert codes(refused) == {"documents.signature.field_taken"}


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_one_flipped_bit_anywhere_in_the_covered_bytes_is_seen(data: st.DataObject) -> None:
    pdf = _shared()
    start = pdf.rindex(b"/Contents <") + len(b"/Contents ")
    end = pdf.index(b">", start) + 1
    inside = st.one_of(st.integers(0, start - 1), st.integers(end, len(pdf) - 1))
    at, bit = data.draw(inside), data.draw(st.integers(0, 7))
    altered = pdf[:at] + bytes([pdf[at] ^ 1 << bit]) + pdf[at + 1 :]
    try:
        reports = judge(altered)
    except Refused as refused:
        assert {r.code for r in refused.refusals} <= {
            "documents.pdf.unreadable",
            "documents.pdf.encrypted",
        }
    else:
        assert not any(report.intact or report.trusted for report in reports)


@cache
def _shared() -> bytes:
    return sign(pki.draft(), AUTHORITY.issue())


def test_a_flipped_bit_of_the_signature_value_is_seen(signer: Holder) -> None:
    pending = begin(pki.draft(), signer)
    value = signer.sign(pending.to_be_signed)
    done = signing.finish(pending.state, value)
    wrong = value[:-1] + bytes([value[-1] ^ 1])
    altered = done.replace(value.hex().upper().encode(), wrong.hex().upper().encode())
    (report,) = judge(altered)
    assert altered != done
    assert report.errors == ("documents.signature.altered",)


def test_a_signature_by_another_key_is_refused(signer: Holder) -> None:
    pending = begin(pki.draft(), signer)
    with pytest.raises(Refused) as refused:
        signing.finish(pending.state, AUTHORITY.issue().sign(pending.to_be_signed))
    assert codes(refused) == {"documents.signature.mismatch"}


def test_a_signature_over_the_document_instead_of_the_attributes_is_refused(
    signer: Holder,
) -> None:
    pending = begin(pki.draft(), signer)
    with pytest.raises(Refused) as refused:
        signing.finish(pending.state, signer.sign(pending.prepared))
    assert codes(refused) == {"documents.signature.mismatch"}


@pytest.mark.parametrize("noise", [b"", b"\x30\x00", b"\x00" * 72])
def test_noise_in_place_of_a_signature_is_refused(signer: Holder, noise: bytes) -> None:
    pending = begin(pki.draft(), signer)
    with pytest.raises(Refused) as refused:
        signing.finish(pending.state, noise)
    assert codes(refused) == {"documents.signature.mismatch"}


@pytest.mark.parametrize(
    ("holder", "code"),
    [
        (
            lambda: AUTHORITY.issue(lasts=timedelta(days=1)),
            "documents.signing.certificate_not_valid",
        ),
        (
            lambda: AUTHORITY.issue(since=NOW + timedelta(seconds=1)),
            "documents.signing.certificate_not_valid",
        ),
        (
            lambda: AUTHORITY.issue(key=pki.rsa_key(1024)),
            "sealing.certificate.key_unsupported",
        ),
        (
            lambda: AUTHORITY.issue(usage=_encipher_only()),
            "sealing.certificate.wrong_profile",
        ),
    ],
)
def test_a_certificate_that_may_not_sign_is_refused_before_anything(
    holder: Callable[[], Holder], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        begin(pki.draft(), holder())
    assert codes(refused) == {code}


def _encipher_only() -> x509.KeyUsage:
    return x509.KeyUsage(False, False, True, False, False, False, False, False, False)


@pytest.mark.parametrize("pdf", [b"", b"hello", b"%PDF-1.7\n%%EOF", pki.draft()[:5000]])
def test_what_is_no_pdf_is_refused(pdf: bytes, signer: Holder) -> None:
    with pytest.raises(Refused) as refused:
        begin(pdf, signer)
    assert codes(refused) == {"documents.pdf.unreadable"}
    with pytest.raises(Refused) as refused:
        judge(pdf)
    assert codes(refused) == {"documents.pdf.unreadable"}


def test_an_encrypted_pdf_is_refused(signer: Holder) -> None:
    copy = BytesIO()
    plain = copy_into_new_writer(PdfFileReader(BytesIO(pki.draft())))
    plain.encrypt("owner", "user")
    plain.write(copy)
    with pytest.raises(Refused) as refused:
        begin(copy.getvalue(), signer)
    assert codes(refused) == {"documents.pdf.encrypted"}
    with pytest.raises(Refused) as refused:
        judge(copy.getvalue())
    assert codes(refused) == {"documents.pdf.encrypted"}


def test_what_is_no_certificate_is_refused() -> None:
    for noise in (b"", b"hello", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"):
        with pytest.raises(Refused) as refused:
            signing.begin(
                pki.draft(),
                certificate=noise,
                reason="",
                location="",
                signing_time=NOW,
                field_name="S",
            )
        assert codes(refused) == {"sealing.certificate.malformed"}


def test_a_naive_time_and_an_odd_field_name_are_programming_faults(signer: Holder) -> None:
    with pytest.raises(ValueError, match="aware"):
        begin(pki.draft(), signer, at=NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="field name"):
        begin(pki.draft(), signer, name="a.b")


def test_an_unsigned_pdf_has_no_reports() -> None:
    assert judge(pki.draft()) == []


def test_expiry_after_signing_is_judged_at_the_moment_asked_for(signed: bytes) -> None:
    (then,) = judge(signed, at=NOW + timedelta(days=1))
    (later,) = judge(signed, at=NOW + timedelta(days=400))
    assert then.holds
    assert later.intact and not later.trusted
    assert later.errors == ("documents.signature.certificate_expired",)


def test_an_unknown_root_is_not_trusted(signed: bytes) -> None:
    (report,) = judge(signed, anchor=Authority("别的根").pem)
    assert report.intact and not report.trusted
    assert report.errors == ("documents.signature.unknown_issuer",)


def test_a_revoked_certificate_is_not_trusted(signed: bytes, signer: Holder) -> None:
    (report,) = judge(signed, crls=(AUTHORITY.crl(signer),))
    assert report.intact and not report.trusted
    assert report.errors == ("documents.signature.revoked",)


def test_a_list_without_the_certificate_keeps_it_trusted(signed: bytes) -> None:
    (report,) = judge(signed, crls=(AUTHORITY.crl(AUTHORITY.issue()),))
    assert report.holds


def test_a_list_of_another_authority_leaves_revocation_unknown(signed: bytes) -> None:
    (report,) = judge(signed, crls=(Authority("别的根").crl(),))
    assert not report.trusted
    assert report.errors == ("documents.signature.revocation_unknown",)


def test_revocation_after_the_moment_asked_for_does_not_reach_back(
    signed: bytes, signer: Holder
) -> None:
    crl = AUTHORITY.crl(signer, at=NOW + timedelta(hours=1))
    (before,) = judge(signed, at=NOW + timedelta(minutes=1), crls=(crl,))
    (after,) = judge(signed, at=NOW + timedelta(hours=2), crls=(crl,))
    assert before.holds
    assert after.errors == ("documents.signature.revoked",)


def test_a_signing_time_in_the_future_is_named(signer: Holder) -> None:
    pdf = sign(pki.draft(), signer, at=NOW + timedelta(hours=3))
    (report,) = judge(pdf)
    assert report.errors == ("documents.signature.time_in_future",)


def test_a_change_appended_after_signing_is_seen(signed: bytes) -> None:
    writer = IncrementalPdfFileWriter(BytesIO(signed))
    page = writer.find_page_for_modification(0)[0].get_object()
    page["/Rotate"] = type(page["/StructParents"])(90)
    writer.update_container(page)
    changed = BytesIO()
    writer.write(changed)

    (report,) = judge(changed.getvalue())

    assert report.intact and report.modified_after and not report.covers_whole_document
    assert report.errors == ("documents.signature.modified_after",)


def test_a_chain_of_the_demonstration_authority_holds_and_is_revoked_with_its_lists() -> None:
    authority = DemoAuthority.create(NOW - timedelta(days=1))
    key = authority.issue_signer("赵六", "示例设计院", pki.USCC, NOW - timedelta(hours=1), 30)
    holder = Holder(key.key, key.certificate, [pem([one]) for one in key.chain])
    root = pem([authority.root.certificate])
    pdf = sign(pki.draft(), holder)

    (good,) = judge(pdf, crls=authority.crls(NOW), anchor=root)
    authority.revoke(key.certificate.serial_number, NOW)
    (bad,) = judge(
        pdf, at=NOW + timedelta(days=1), crls=authority.crls(NOW + timedelta(hours=1)), anchor=root
    )

    assert good.holds and (good.signer, good.uscc) == ("赵六", pki.USCC)
    assert bad.errors == ("documents.signature.revoked",)


def test_a_time_stamp_is_kept_and_proves_the_moment() -> None:
    holder = AUTHORITY.issue()
    pending = signing.begin(
        pki.draft(),
        certificate=holder.certificate,
        reason="同意签发",
        location="福州市",
        signing_time=NOW,
        field_name="Signature1",
        timestamp_room=8192,
    )
    value = holder.sign(pending.to_be_signed)
    token = pki.timestamp(AUTHORITY, hashlib.sha256(value).digest(), NOW + timedelta(seconds=9))

    (report,) = judge(signing.finish(pending.state, value, timestamp_token=token))

    assert report.holds
    assert report.timestamp == NOW + timedelta(seconds=9)


def test_the_platform_seals_what_it_says_itself() -> None:
    platform = AUTHORITY.issue("筑信平台", organisation="筑信平台运行单位")
    pdf = signing.seal(
        pki.draft(), platform, reason="平台签发", location="福州市", signing_time=NOW
    )
    (report,) = judge(pdf)
    assert report.holds and report.field_name == "PlatformSeal"


def test_the_time_in_the_pdf_is_legal_time(signed: bytes) -> None:
    (found,) = PdfFileReader(BytesIO(signed)).embedded_regular_signatures
    assert found.sig_object["/M"] == "D:20260302143015+08'00'"


def test_the_state_is_canonical_and_needs_nothing_else(signer: Holder) -> None:
    state = begin(pki.draft(), signer).state
    assert canonical.encode(canonical.decode(state)) == state
    with pytest.raises(ValueError, match="state"):
        signing.finish(canonical.encode({"format": "other/1"}), b"")


pdfsig = pytest.mark.skipif(not shutil.which("pdfsig"), reason="poppler's pdfsig is not installed")


@pdfsig
def test_poppler_agrees(tmp_path: Path, signed: bytes) -> None:
    file = tmp_path / "both.pdf"
    both = sign(signed, AUTHORITY.issue("王五", key=pki.rsa_key()), "Signature2")
    file.write_bytes(both)
    told = _pdfsig(file)
    assert told.count("Signature is Valid.") == 2
    assert told.count("ETSI.CAdES.detached") == 2
    assert "Total document signed" in told

    at = both.index(b"%PDF") + 20
    file.write_bytes(both[:at] + bytes([both[at] ^ 1]) + both[at + 1 :])
    assert "Signature is Valid." not in _pdfsig(file)


def _pdfsig(file: Path) -> str:
    ran = subprocess.run(
        ["pdfsig", "-nocert", str(file)], capture_output=True, check=False, text=True
    )
    return ran.stdout


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")
def test_openssl_agrees(tmp_path: Path, signed: bytes) -> None:
    (reader,) = PdfFileReader(BytesIO(signed)).embedded_regular_signatures
    first, length, second, rest = reader.byte_range
    (tmp_path / "covered").write_bytes(
        signed[first : first + length] + signed[second : second + rest]
    )
    (tmp_path / "cms").write_bytes(cms.ContentInfo.load(reader.pkcs7_content).dump())
    (tmp_path / "root").write_bytes(AUTHORITY.pem)
    ran = subprocess.run(
        (
            *("openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "cms"),
            *("-content", "covered", "-CAfile", "root", "-purpose", "any", "-out", "out"),
            *("-attime", str(int(NOW.timestamp()))),
        ),
        cwd=tmp_path,
        capture_output=True,
        check=False,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
