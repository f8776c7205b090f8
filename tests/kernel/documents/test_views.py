"""The check page needs no log-in; the file shows itself to readers only; signing by hand works."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kernel import clock
from kernel.access.table import PUBLIC, SIGNED_IN, TABLE
from kernel.documents import forms, services, storage, uploads, urls
from kernel.documents.models import Document, DocumentState, PendingSignature
from kernel.parties.models import User
from kernel.regulation.citing import told
from kernel.sealing import canonical
from kernel.sealing.signrequest import make_response, read_request
from tests.kernel.documents import pki, sample
from tests.kernel.documents.conftest import Office
from tests.kernel.documents.test_ceremony import sign, waiting

pytestmark = pytest.mark.django_db
AT = pki.NOW + timedelta(minutes=10)


@pytest.fixture(autouse=True)
def _legal_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)


@pytest.fixture
def issued(office: Office) -> Document:
    document = waiting(office)
    sign(office, document, "经办甲")
    return sign(office, document, "签发乙")


def log_in(client: Client, office: Office, name: str) -> None:
    client.force_login(User.objects.create(username=name, person=office.people[name]))


def text_of(response: Any) -> str:
    return str(response.content.decode())


def main_of(response: Any) -> str:
    return text_of(response).partition("<main")[2].partition("</main>")[0]


def copy(content: bytes) -> dict[str, Any]:
    return {"copy": SimpleUploadedFile("copy.pdf", content, "application/pdf")}


def bytes_of(document: Document) -> bytes:
    assert document.signed_file is not None
    return storage.read(document.signed_file)


def test_every_address_stands_in_the_access_table() -> None:
    names = {f"documents:{pattern.name}" for pattern in urls.urlpatterns}
    assert names == {name for name in TABLE.pages if name.startswith("documents:")}
    assert TABLE.page("documents:check-code") == PUBLIC
    assert TABLE.page("documents:sign") == SIGNED_IN


def test_the_check_page_opens_without_log_in(client: Client) -> None:
    response = client.get("/check/")
    assert response.status_code == 200
    assert 'name="number"' in text_of(response)


@pytest.mark.parametrize("spelling", ["grouped", "plain", "lower", "number"])
def test_a_code_or_a_number_leads_to_the_document(
    client: Client, issued: Document, spelling: str
) -> None:
    grouped = issued.check_code_grouped
    typed = {
        "grouped": grouped,
        "plain": issued.check_code,
        "lower": grouped.lower(),
        "number": issued.number,
    }[spelling]
    response = client.get("/check/", {"number": typed})
    assert (response.status_code, response["Location"]) == (302, f"/check/{grouped}/")


def test_an_address_with_another_spelling_leads_to_the_printed_one(
    client: Client, issued: Document
) -> None:
    response = client.get(f"/check/{issued.check_code.lower()}/")
    assert response["Location"] == f"/check/{issued.check_code_grouped}/"


def test_what_is_not_found_is_said_and_is_404(client: Client, db: None) -> None:
    for address in ("/check/?number=无此文号", "/check/ABCD-ABCD-ABCD/", "/check/x/"):
        response = client.get(address)
        assert response.status_code == 404
        assert "documents.check.not_found" in text_of(response)


def test_the_page_of_an_issued_document_says_who_signed(client: Client, issued: Document) -> None:
    page = text_of(client.get(f"/check/{issued.check_code_grouped}/"))
    for said in ("现行有效", "经办甲", "签发乙", "示建〔2026〕17号", "示例市住房和城乡建设局"):
        assert said in page
    assert page.count("有效，签名后未改动") == 2
    assert f"/documents/{issued.pk}/file" in page
    assert "/log/" in page
    assert "平台默认值，非法定" in page


def test_a_document_that_waits_or_was_revoked_says_so(
    client: Client, office: Office, issued: Document
) -> None:
    services.revoke(issued.pk, because="数据有误", at=AT)
    page = text_of(client.get(f"/check/{issued.check_code_grouped}/"))
    assert "不再有效。原因：数据有误" in page
    waits = waiting(office, number="示建〔2026〕18号")
    page = text_of(client.get(f"/check/{waits.check_code_grouped}/"))
    assert "尚未签发，不发生效力" in page
    assert page.count("待签名") >= 2


def test_a_copy_is_compared_byte_by_byte(client: Client, issued: Document) -> None:
    address = f"/check/{issued.check_code_grouped}/"
    whole = bytes_of(issued)
    assert issued.draft_file is not None
    for content, said in (
        (whole, "逐字节一致"),
        (storage.read(issued.draft_file), "签发之前的稿本"),
        (whole[:-1] + b"x", "与本文件不一致"),
    ):
        response = client.post(address, copy(content))
        assert response.status_code == 200
        assert said in text_of(response)


def closed(office: Office, form: Any, number: str) -> Document:
    return sign(office, waiting(office, form, number=number, case_pk="77"), "经办甲")


def test_of_a_number_that_is_not_public_only_its_being_on_record_is_told(
    client: Client, office: Office
) -> None:
    document = closed(office, sample.PRIVATE, "示合〔2026〕3号")
    response = client.get("/check/", {"number": document.number})
    page = main_of(response)
    assert response.status_code == 200
    assert "登记在案，不公开" in page
    assert "/accounts/login/?next=/check/" in page
    assert "摘要 (SHA-256)" in page
    for secret in (
        document.title, document.check_code_grouped, office.organisation.name, "经办甲",
        hashlib.sha256(bytes_of(document)).hexdigest(),
        f"/documents/{document.pk}/",
    ):  # fmt: skip
        assert secret not in page
    # A revoked one reads the same; one that waits for its signatures is not there.
    services.revoke(document.pk, because="数据有误", at=AT)
    assert main_of(client.get("/check/", {"number": document.number})) == page
    waits = waiting(office, sample.PRIVATE, number="示合〔2026〕4号")
    assert client.get("/check/", {"number": waits.number}).status_code == 404


def test_a_number_in_the_address_gets_the_same_answer_as_one_that_is_asked_for(
    client: Client, office: Office
) -> None:
    document = closed(office, sample.PRIVATE, "WS-2026-000001")
    asked = client.get("/check/", {"number": document.number})
    typed = client.get(f"/check/{document.number}/")
    assert typed.status_code == asked.status_code == 200
    for answer in (asked, typed):
        assert "登记在案，不公开" in main_of(answer)
    assert client.get("/check/WS-2026-999999/").status_code == 404


def test_whoever_may_read_a_document_is_led_to_it_by_its_number(
    client: Client, office: Office
) -> None:
    made = [closed(office, form, f"示合{form.code}") for form in (sample.PRIVATE, sample.HIDDEN)]
    log_in(client, office, "经办甲")
    for document in made:
        response = client.get("/check/", {"number": document.number})
        assert response["Location"] == f"/check/{document.check_code_grouped}/"


def test_of_a_number_whose_being_there_is_secret_the_answer_is_that_of_an_unknown_one(
    client: Client, office: Office
) -> None:
    hidden = closed(office, sample.HIDDEN, "示密〔2026〕3号")
    known = client.get("/check/", {"number": hidden.number})
    unknown = client.get("/check/", {"number": "示密〔2026〕9号"})
    assert known.status_code == unknown.status_code == 404
    assert main_of(known) == main_of(unknown).replace("示密〔2026〕9号", hidden.number)


def test_a_copy_alone_finds_its_document(client: Client, issued: Document) -> None:
    assert "逐字节一致" in text_of(client.post("/check/", copy(bytes_of(issued))))
    assert "不是本平台签发的文件" in text_of(client.post("/check/", copy(b"%PDF-1.7 forged")))


def test_a_copy_too_large_or_missing_is_refused(
    client: Client, issued: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LIMIT", 1000)
    for address in ("/check/", f"/check/{issued.check_code_grouped}/"):
        assert "documents.file.too_large" in text_of(client.post(address, copy(b"x" * 200_000)))
        assert "documents.check.no_file" in text_of(client.post(address))


def test_an_issued_public_file_is_everybodys_and_whole(client: Client, issued: Document) -> None:
    response: Any = client.get(f"/documents/{issued.pk}/file")
    assert b"".join(response.streaming_content) == bytes_of(issued)
    assert response["Content-Type"] == "application/pdf"


def test_another_file_is_only_its_readers(client: Client, office: Office) -> None:
    hidden = waiting(office, sample.PRIVATE, case_pk="77")
    address = f"/documents/{hidden.pk}/file"
    assert client.get(address).status_code == 302
    office.employ("路人丙")
    log_in(client, office, "路人丙")
    assert client.get(address).status_code == 404
    log_in(client, office, "经办甲")
    assert client.get(address).status_code == 200
    assert client.get("/documents/999/file").status_code == 404


@pytest.mark.parametrize("role", ["worker", "expert"])
def test_who_only_works_for_a_firm_reads_none_of_its_papers(
    client: Client, office: Office, role: str
) -> None:
    hidden = waiting(office, sample.PRIVATE, case_pk="77")
    office.employ("工人丁", role)
    log_in(client, office, "工人丁")
    assert client.get(f"/documents/{hidden.pk}/file").status_code == 404
    assert client.get(f"/documents/{hidden.pk}/sign").status_code == 404


def test_a_person_signs_by_files_carried_to_the_key(client: Client, office: Office) -> None:
    document = waiting(office, sample.PRIVATE)
    log_in(client, office, "经办甲")
    page = text_of(client.get(f"/documents/{document.pk}/sign"))
    assert "发起签名" in page
    assert office.certificates["经办甲"].subject in page
    assert office.certificates["签发乙"].subject not in page
    response = client.post(
        f"/documents/{document.pk}/sign/begin", {"certificate": office.certificates["经办甲"].pk}
    )
    page = text_of(client.get(response["Location"]))
    pending = PendingSignature.objects.get()
    assert 'data-request="sign-request"' in page
    assert f"/documents/signing/{pending.pk}/prepared.pdf" in page
    request = json.loads(client.get(f"/documents/signing/{pending.pk}/request.json").content)
    assert request == pending.request
    assert client.get(f"/documents/signing/{pending.pk}/prepared.pdf").content.startswith(b"%PDF")
    value = office.holders["经办甲"].sign(base64.b64decode(request["signed_attributes"]))
    # What the command line reads and writes is what the platform gives and takes.
    asked = canonical.encode(request)
    assert read_request(asked).title == document.title
    file = SimpleUploadedFile("response.json", make_response(asked, value))
    response = client.post(f"/documents/signing/{pending.pk}", {"response": file})
    assert response["Location"] == f"/check/{document.check_code_grouped}/"
    document.refresh_from_db()
    assert document.state == DocumentState.ISSUED


def test_the_pages_script_signs_by_json(client: Client, office: Office) -> None:
    document = waiting(office, sample.PRIVATE)
    log_in(client, office, "经办甲")
    accept = {"Accept": "application/json"}
    begun = client.post(
        f"/documents/{document.pk}/sign/begin",
        {"certificate": office.certificates["经办甲"].pk},
        headers=accept,
    ).json()
    value = office.holders["经办甲"].sign(base64.b64decode(begun["signed_attributes"]))
    refused = client.post(begun["finish"], {"signature": "AAAA"}, headers=accept)
    assert refused.status_code == 422
    assert refused.json()["refusals"][0]["code"] == "documents.signature.mismatch"
    done = client.post(
        begun["finish"], {"signature": base64.b64encode(value).decode()}, headers=accept
    ).json()
    assert done == {"state": "issued", "url": f"/check/{document.check_code_grouped}/"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"not json", "response_unreadable"),
        (b"[]", "response_unreadable"),
        (b"[" * 15_000, "response_unreadable"),
        (b"x" * 20_000, "response_unreadable"),
        (b'{"format":"zhuxin-sign-response/1","request_sha256":"other"}', "response_other"),
        (b'{"format":"zhuxin-sign-response/1","request_sha256":"ASKED"}', "response_unreadable"),
    ],
)
def test_a_response_file_that_is_none_is_refused_in_words(
    client: Client, office: Office, content: bytes, code: str
) -> None:
    document = waiting(office, sample.PRIVATE)
    log_in(client, office, "经办甲")
    client.post(
        f"/documents/{document.pk}/sign/begin", {"certificate": office.certificates["经办甲"].pk}
    )
    pending = PendingSignature.objects.get()
    asked = canonical.digest(pending.request).hex().encode()
    file = SimpleUploadedFile("r.json", content.replace(b"ASKED", asked))
    response = client.post(f"/documents/signing/{pending.pk}", {"response": file})
    assert response.status_code == 422
    assert f"documents.signing.{code}" in text_of(response)


def test_the_signing_page_says_why_somebody_cannot_sign(client: Client, office: Office) -> None:
    office.employ("路人丙", "porter")
    document = waiting(office, sample.ORDERED)
    for name, code in (("路人丙", "not_a_signer"), ("签发乙", "not_your_turn")):
        log_in(client, office, name)
        page = text_of(client.get(f"/documents/{document.pk}/sign"))
        assert f"documents.signing.{code}" in page
        assert "sign/begin" not in page
    office.certificates["经办甲"].delete()
    log_in(client, office, "经办甲")
    page = text_of(client.get(f"/documents/{document.pk}/sign"))
    assert "documents.signing.no_certificate" in page


def test_nobody_sees_or_finishes_another_persons_signature(client: Client, office: Office) -> None:
    document = waiting(office, sample.CERTIFICATE)
    log_in(client, office, "经办甲")
    client.post(
        f"/documents/{document.pk}/sign/begin", {"certificate": office.certificates["经办甲"].pk}
    )
    pending = PendingSignature.objects.get()
    log_in(client, office, "签发乙")
    for rest in ("", "/request.json", "/prepared.pdf"):
        address = f"/documents/signing/{pending.pk}{rest}"
        answer = client.get(address) if rest else client.post(address, {"signature": "AAAA"})
        assert answer.status_code == 404
    page = text_of(client.get(f"/documents/{document.pk}/sign?pending={pending.pk}"))
    assert "data-signer" not in page


def test_a_foreign_certificate_begins_nothing(client: Client, office: Office) -> None:
    document = waiting(office, sample.CERTIFICATE)
    log_in(client, office, "经办甲")
    for wrong in (str(office.certificates["签发乙"].pk), "999", "", "x"):
        response = client.post(f"/documents/{document.pk}/sign/begin", {"certificate": wrong})
        assert response.status_code == 403
        assert "documents.signing.certificate_not_yours" in text_of(response)
    assert not PendingSignature.objects.exists()


def test_every_article_that_a_form_rests_on_is_told_in_english_and_so_is_its_mark() -> None:
    for form in forms.all().values():
        for article in (form.article, *(source.article for source in form.sources)):
            if not form.code.startswith("tests."):
                assert not re.search("[\u4e00-\u9fff]", told(article, "en")), form.code


def test_an_english_check_page_cites_in_english(client: Client, issued: Document) -> None:
    article = "《招标投标法》第四十六条（凭业务知识录入，待核实）"
    issued.marks = [{"rule": "报建登记", "article": article, "mark": "remembered"}]
    issued.save()
    client.cookies["django_language"] = "en"
    page = text_of(client.get(f"/check/{issued.check_code_grouped}/"))
    assert "Tendering and Bidding Law, art. 46" in page
    assert "招标投标法" not in page
