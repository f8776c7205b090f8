"""Drafting is idempotent, rendering moves on once, issuing tells handlers and the log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kernel.documents import engine, forms, seal, selectors, services, storage
from kernel.documents.models import Document, DocumentState
from kernel.errors import Conflict, NotFound, Refused, Unavailable
from kernel.evidence.models import LogEntry
from kernel.sealing import canonical
from tests.kernel.documents import pki, sample
from tests.kernel.documents.conftest import Office

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not engine.available()[0], reason=engine.available()[2]),
]


def draft(
    office: Office, form: forms.DocumentForm = sample.CERTIFICATE, **changes: Any
) -> Document:
    values: dict[str, Any] = {
        "form": form.code,
        "case_machine": "tests.project",
        "case_pk": "1",
        "number": "示建〔2026〕17号",
        "data": sample.data(3),
        "language": "zh-hans",
        "at": pki.NOW,
        "issuer": office.organisation.pk if form.signers else None,
    }
    return services.draft(**(values | changes))


def notice(office: Office) -> Document:
    return services.render(draft(office, sample.NOTICE).pk, at=pki.NOW)


def test_a_draft_freezes_data_title_sources_and_signers(office: Office) -> None:
    document = draft(office)
    assert document.state == DocumentState.DRAFT
    assert canonical.decode(document.data.encode()) == sample.data(3)
    assert document.title == "建设项目报建证"
    assert [mark["mark"] for mark in document.marks] == [
        "own_default",
        "remembered",
        "statute_text",
    ]
    assert [(s.order, s.role) for s in document.signatures.all()] == [(1, "clerk"), (2, "chief")]


def test_drafting_again_gives_the_same_document(office: Office) -> None:
    assert draft(office) == draft(office, at=pki.NOW + timedelta(days=1))
    assert Document.objects.count() == 1


def test_a_number_cannot_stand_for_other_data(office: Office) -> None:
    draft(office)
    with pytest.raises(Conflict) as refused:
        draft(office, data=sample.data(4))
    assert refused.value.refusals[0].code == "documents.draft.different"


def test_an_unseen_draft_follows_a_new_version_of_its_form(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = draft(office)
    monkeypatch.setitem(
        forms._forms, sample.CERTIFICATE.code, sample._form(sample.CERTIFICATE.code, version=2)
    )
    with pytest.raises(Conflict) as refused:
        services.render(document.pk)
    assert refused.value.refusals[0].code == "documents.render.form_changed"
    again = draft(office, data=sample.data(4))
    assert (again.pk, again.form_version) == (document.pk, 2)
    assert again.check_code == document.check_code
    assert again.signatures.count() == 2


def test_data_left_out_are_built_from_the_case(office: Office) -> None:
    assert canonical.decode(draft(office, data=None).data.encode())["case"] == "tests.project:1"


def test_a_float_in_the_data_is_refused(office: Office) -> None:
    with pytest.raises(Refused):
        draft(office, data={"amount": 1.5})


def test_an_unknown_form_and_an_empty_number_are_refused(office: Office) -> None:
    with pytest.raises(NotFound):
        draft(office, form=sample._form("tests.documents.nowhere"))
    with pytest.raises(Refused):
        draft(office, number="  ")


def test_signatories_cover_exactly_the_roles_of_the_form(office: Office) -> None:
    with pytest.raises(ValueError, match="signed by"):
        draft(office, signatories=[services.Signatory("clerk", office.organisation.pk)])
    with pytest.raises(ValueError, match="needs an issuer"):
        draft(office, issuer=None)


def test_rendering_moves_a_draft_to_its_signers_once(office: Office) -> None:
    document = services.render(draft(office).pk)
    assert document.state == DocumentState.AWAITING_SIGNATURE
    assert document.draft_file is not None
    assert storage.read(document.draft_file).startswith(b"%PDF-1.7")
    assert services.render(document.pk).draft_file == document.draft_file
    assert not LogEntry.objects.exists()


def test_data_changed_in_the_database_are_not_printed(office: Office) -> None:
    document = draft(office)
    Document.objects.filter(pk=document.pk).update(data='{"project":{}}')
    with pytest.raises(ValueError, match="changed in the database"):
        services.render(document.pk)


def test_what_the_platform_itself_says_is_sealed_issued_and_logged(office: Office) -> None:
    told: list[forms.Issued] = []
    forms.on_issued(sample.NOTICE.code, told.append)
    document = notice(office)
    assert document.state == DocumentState.ISSUED
    assert document.issued_at == pki.NOW
    (report,) = selectors.reports(document, pki.NOW)
    assert report.holds
    assert report.signer == "筑信平台"
    assert document.signed_file is not None
    (entry,) = selectors.evidence_of(document)
    body = canonical.decode(entry.body.encode())
    assert body["sha256"] == document.signed_file.sha256 == told[0].sha256
    assert entry.kind == "documents.issued"
    assert told[0].case == sample.CASE


def test_a_handler_that_fails_rolls_the_issuing_back(office: Office) -> None:
    def refuse(issued: forms.Issued) -> None:
        raise Conflict.because("tests.handler.refused")

    forms.on_issued(sample.NOTICE.code, refuse)
    with pytest.raises(Conflict):
        notice(office)
    assert Document.objects.get().state == DocumentState.DRAFT
    assert not LogEntry.objects.exists()


def test_without_a_seal_the_platform_says_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seal, "_source", lambda: None)
    with pytest.raises(Unavailable) as refused:
        notice(office)
    assert refused.value.refusals[0].code == "documents.seal.unavailable"
    assert Document.objects.get().state == DocumentState.DRAFT


def test_a_revoked_document_says_why_and_is_logged(office: Office) -> None:
    document = services.revoke(notice(office).pk, because="建设单位申请撤销", at=pki.NOW)
    assert document.state == DocumentState.REVOKED
    assert document.revoked_because == "建设单位申请撤销"
    assert [entry.kind for entry in selectors.evidence_of(document)] == [
        "documents.issued",
        "documents.revoked",
    ]
    with pytest.raises(Conflict):
        services.revoke(document.pk, because="again", at=pki.NOW)


@pytest.mark.parametrize(
    "bad",
    [
        {"state": "printed"},
        {"state": "issued"},
        {"state": "awaiting_signature", "draft_file": None},
        {"revoked_at": pki.NOW},
    ],
)
def test_the_database_refuses_a_state_that_cannot_be(office: Office, bad: dict[str, Any]) -> None:
    document = draft(office)
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(**bad)


def test_documents_are_found_by_case_code_number_and_file(office: Office) -> None:
    waiting = draft(office)
    assert selectors.by_check_code(waiting.check_code) is None
    issued = notice(office)
    assert list(selectors.of_case("tests.project", "1")) == [waiting, issued]
    assert selectors.by_check_code(issued.check_code_grouped.lower()) == issued
    assert selectors.by_number(" 示建〔2026〕17号 ") == [issued]
    assert issued.signed_file is not None
    assert selectors.by_file(issued.signed_file.sha256) == issued
    assert selectors.by_check_code("nonsense") is None


def test_who_may_read_what(office: Office) -> None:
    hidden = draft(office, sample.PRIVATE, case_pk="77")
    own, reader, stranger = office.organisation.pk, 77, 78
    assert selectors.may_read(hidden, [own])
    assert not selectors.may_read(hidden, [reader])
    hidden = services.render(hidden.pk)
    assert selectors.may_read(hidden, [reader])
    assert not selectors.may_read(hidden, [stranger])
    assert not selectors.may_read(hidden, [])
    assert selectors.may_read(notice(office), [])
