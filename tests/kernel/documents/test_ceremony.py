"""A person signs with a key the server never holds; the last signature issues the document."""

from __future__ import annotations

import base64
import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy

from kernel import clock
from kernel.documents import (
    ceremony,
    demo_pki,
    forms,
    selectors,
    services,
    signing,
    storage,
    trust,
    validation,
)
from kernel.documents.models import Document, DocumentState, PendingSignature
from kernel.errors import Conflict, NotFound, NotPermitted, Refused, catalogue
from kernel.evidence.models import LogEntry
from kernel.parties.models import Membership, Organisation
from tests.kernel.documents import pki, sample
from tests.kernel.documents.conftest import Office
from tests.kernel.documents.test_services import draft

pytestmark = pytest.mark.django_db
AT = pki.NOW + timedelta(minutes=10)


@pytest.fixture
def document(office: Office) -> Document:
    return waiting(office)


def waiting(office: Office, form: forms.DocumentForm = sample.CERTIFICATE, **more: Any) -> Document:
    """A document with a real PDF, without the second that printing one costs."""
    made = draft(office, form, **more)
    made.draft_file = storage.put(pki.draft(), media_type="application/pdf")
    made.state = DocumentState.AWAITING_SIGNATURE
    made.save()
    return made


def begin(office: Office, document: Document, name: str, at: Any = AT) -> dict[str, Any]:
    return services.begin_signing(
        document.pk,
        office.people[name].pk,
        office.organisation.pk,
        office.certificates[name].pk,
        at,
    )


def answer(office: Office, request: dict[str, Any], name: str) -> bytes:
    return office.holders[name].sign(base64.b64decode(request["signed_attributes"]))


def sign(office: Office, document: Document, name: str, at: Any = AT) -> Document:
    request = begin(office, document, name, at)
    return services.finish_signing(request["pending"], answer(office, request, name), at)


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.refusals[0].code


def test_the_last_of_all_signers_issues_the_document(office: Office, document: Document) -> None:
    told: list[forms.Issued] = []
    forms.on_issued(sample.CERTIFICATE.code, told.append)
    once = sign(office, document, "经办甲")
    assert once.state == DocumentState.AWAITING_SIGNATURE
    assert not told
    assert not LogEntry.objects.exists()
    issued = sign(office, document, "签发乙", AT + timedelta(hours=1))
    assert issued.state == DocumentState.ISSUED
    assert issued.issued_at == AT + timedelta(hours=1)
    assert issued.signed_file is not None
    reports = selectors.reports(issued, AT)
    assert [(one.signer, one.holds) for one in reports] == [("经办甲", True), ("签发乙", True)]
    assert told[0].sha256 == issued.signed_file.sha256
    assert LogEntry.objects.get().kind == "documents.issued"
    given = list(issued.signatures.all())
    assert [slot.report["signer"] for slot in given if slot.report] == ["经办甲", "签发乙"]
    # Later signatures are incremental: what the first one signed is still there, byte for byte.
    first, last = given[0].file, given[1].file
    assert first is not None and last is not None
    assert storage.read(last).startswith(storage.read(first))


def test_whoever_signs_is_asked_with_a_title_in_their_language(
    office: Office, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = replace(forms.get(document.form), title=gettext_lazy("中标候选人公示"))
    monkeypatch.setattr(forms, "get", lambda _code: form)
    with translation.override("en"):
        assert begin(office, document, "经办甲")["title"] == "Publicity of candidates"
    with translation.override("zh-hans"):
        assert begin(office, document, "经办甲")["title"] == "中标候选人公示"


def test_the_request_binds_what_the_signer_sees(office: Office, document: Document) -> None:
    request = begin(office, document, "经办甲")
    assert request["format"] == "zhuxin-sign-request/1"
    assert (request["title"], request["number"]) == ("建设项目报建证", "示建〔2026〕17号")
    assert request["organisation"] == "示例市住房和城乡建设局"
    assert request["signing_time"] == "2026-03-02T06:40:15Z"
    assert request["certificate_sha256"] == office.certificates["经办甲"].fingerprint
    pending = PendingSignature.objects.get(pk=request["pending"])
    prepared = signing.prepared(bytes(pending.state))
    start, length, again, rest = request["byte_range"]
    covered = prepared[start : start + length] + prepared[again : again + rest]
    assert hashlib.sha256(covered).hexdigest() == request["document_sha256"]
    attributes = base64.b64decode(request["signed_attributes"])
    assert bytes.fromhex(request["document_sha256"]) in attributes


def test_a_stranger_and_an_outdated_member_do_not_sign(office: Office, document: Document) -> None:
    office.employ("路人丙")
    office.employ("退休丁", "chief")
    Membership.objects.filter(person=office.people["退休丁"]).update(
        valid_to=pki.NOW.date() - timedelta(days=1)
    )
    for name in ("路人丙", "退休丁"):
        with pytest.raises(NotPermitted) as refused:
            begin(office, document, name)
        assert code_of(refused) == "documents.signing.not_a_signer"


def test_nobody_signs_for_another_organisation(office: Office, document: Document) -> None:
    other = Organisation.objects.create(uscc="11230109MB00000028", name="别市", region="230100")
    Membership.objects.create(
        person=office.people["经办甲"],
        organisation=other,
        role="clerk",
        valid_from=pki.NOW.date() - timedelta(days=1),
    )
    with pytest.raises(NotPermitted) as refused:
        services.begin_signing(
            document.pk,
            office.people["经办甲"].pk,
            other.pk,
            office.certificates["经办甲"].pk,
            AT,
        )
    assert code_of(refused) == "documents.signing.not_a_signer"


def test_only_the_named_person_fills_a_named_place(office: Office) -> None:
    office.employ("经办戊", "clerk")
    named = waiting(
        office,
        sample.PRIVATE,
        signatories=[
            services.Signatory("clerk", office.organisation.pk, office.people["经办甲"].pk)
        ],
    )
    with pytest.raises(NotPermitted):
        begin(office, named, "经办戊")
    assert sign(office, named, "经办甲").state == DocumentState.ISSUED
    assert not LogEntry.objects.get().public  # as the form is not


def test_a_committee_signs_in_any_order_and_nobody_twice(office: Office) -> None:
    office.employ("经办戊", "clerk")
    seats = [services.Signatory("clerk", office.organisation.pk) for _ in range(2)]
    document = waiting(office, sample.PRIVATE, signatories=seats)
    sign(office, document, "经办戊")
    with pytest.raises(Conflict) as refused:
        begin(office, document, "经办戊")
    assert code_of(refused) == "documents.signing.already_signed"
    assert sign(office, document, "经办甲").state == DocumentState.ISSUED


def test_where_order_matters_the_second_waits_for_the_first(office: Office) -> None:
    document = waiting(office, sample.ORDERED)
    with pytest.raises(Conflict) as refused:
        begin(office, document, "签发乙")
    assert code_of(refused) == "documents.signing.not_your_turn"
    assert refused.value.refusals[0].facts == {"role": "经办人"}
    sign(office, document, "经办甲")
    assert sign(office, document, "签发乙").state == DocumentState.ISSUED


def test_a_signer_uses_their_own_certificate(office: Office, document: Document) -> None:
    with pytest.raises(NotPermitted) as refused:
        services.begin_signing(
            document.pk,
            office.people["经办甲"].pk,
            office.organisation.pk,
            office.certificates["签发乙"].pk,
            AT,
        )
    assert code_of(refused) == "documents.signing.certificate_not_yours"


def test_a_certificate_must_be_valid_at_both_ends(office: Office, document: Document) -> None:
    office.certify("经办甲", lasts=timedelta(days=30, minutes=11))
    request = begin(office, document, "经办甲")
    with pytest.raises(Refused) as refused:
        services.finish_signing(
            request["pending"], answer(office, request, "经办甲"), AT + timedelta(minutes=2)
        )
    assert code_of(refused) == "documents.signing.certificate_not_valid"
    with pytest.raises(Refused):
        begin(office, document, "经办甲", AT + timedelta(minutes=2))


def test_a_signature_of_another_key_or_of_other_bytes_is_refused(
    office: Office, document: Document
) -> None:
    request = begin(office, document, "经办甲")
    for wrong in (
        answer(office, request, "签发乙"),
        office.holders["经办甲"].sign(b"something else"),
        b"",
        b"\x00" * 64,
    ):
        with pytest.raises(Refused) as refused:
            services.finish_signing(request["pending"], wrong, AT)
        assert code_of(refused) == "documents.signature.mismatch"
    document.refresh_from_db()
    assert document.signed_file is None


def test_a_revoked_or_untrusted_certificate_signs_nothing(
    office: Office, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = begin(office, document, "经办甲")
    lists = (office.root.crl(office.holders["经办甲"]),)
    for trusted, fault in (
        (trust.Trust((office.root.pem,), (), lists), "documents.signature.revoked"),
        (trust.Trust((pki.Authority("别的根").pem,)), "documents.signature.unknown_issuer"),
    ):
        monkeypatch.setattr(trust, "_source", lambda trusted=trusted: trusted)
        with pytest.raises(Refused) as refused:
            services.finish_signing(request["pending"], answer(office, request, "经办甲"), AT)
        codes = [refusal.code for refusal in refused.value.refusals]
        assert codes == ["documents.signing.not_valid", fault]


def _production(settings: Any, monkeypatch: pytest.MonkeyPatch, trusted: trust.Trust) -> None:
    settings.SANDBOX = False
    monkeypatch.setattr(trust, "_source", lambda: trusted)


@pytest.mark.parametrize("lists", [(), (b"half a file",), ("another",), ("stale",)], ids=str)
def test_in_production_nobody_signs_while_revocation_is_unknown(
    office: Office,
    document: Document,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    lists: tuple[Any, ...],
) -> None:
    own = trust.Trust((office.root.pem,), (), (office.root.crl(),))
    _production(settings, monkeypatch, own)
    at = AT + timedelta(days=60) if lists == ("stale",) else AT
    made = {"another": pki.Authority("别的根").crl(), "stale": office.root.crl()}
    unknown = trust.Trust((office.root.pem,), (), tuple(made.get(one, one) for one in lists))
    request = begin(office, document, "经办甲")
    monkeypatch.setattr(trust, "_source", lambda: unknown)
    if at == AT:  # a request lives for a day, so a list cannot grow stale under it here
        with pytest.raises(Refused) as refused:
            services.finish_signing(request["pending"], answer(office, request, "经办甲"), at)
        assert code_of(refused) == "documents.signing.revocation_unknown"
    with pytest.raises(Refused) as refused:
        begin(office, document, "经办甲", at)
    assert code_of(refused) == "documents.signing.revocation_unknown"
    assert "根" in catalogue.message(refused.value.refusals[0])
    assert catalogue.cure(refused.value.refusals[0])
    settings.SANDBOX = True
    begin(office, document, "经办甲", at)


def test_in_production_a_current_list_lets_sign_and_a_revoked_signer_not(
    office: Office, document: Document, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    revoked = office.root.crl(office.holders["签发乙"])
    _production(settings, monkeypatch, trust.Trust((office.root.pem,), (), (revoked,)))
    assert sign(office, document, "经办甲").signed_file is not None
    with pytest.raises(Refused) as refused:
        begin(office, document, "签发乙")
    assert code_of(refused) == "sealing.certificate.revoked"


def test_a_sandbox_renews_its_own_lists(settings: Any, tmp_path: Path, db: None) -> None:
    settings.VAR_DIR = tmp_path
    now = clock.now()
    demo_pki.authority(now - timedelta(days=300))
    stale = trust.from_files()
    assert (stale.lists_state(now), demo_pki.current().lists_state(now)) == ("stale", "ok")
    assert trust.Trust(stale.anchors, stale.issuers).lists_state(now) == "missing"
    assert trust.Trust().lists_state(now) == "missing"


@pytest.fixture
def outdated(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """A sandbox whose lists have run out; the legal time, which stands still."""
    settings.VAR_DIR = tmp_path
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    demo_pki.authority(now - timedelta(days=300))
    return now


def test_threads_that_renew_the_lists_together_do_not_take_each_others_parts(
    outdated: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, take = Barrier(2), Path.replace

    def after_both(part: Path, target: Path) -> Path:
        written.wait(30)  # both parts are written before either is put in place
        return take(part, target)

    monkeypatch.setattr(Path, "replace", after_both)
    with ThreadPoolExecutor(2) as pool:
        states = [pool.submit(demo_pki.current) for _ in range(2)]
        assert [state.result(60).lists_state(outdated) for state in states] == ["ok", "ok"]


def test_whoever_reads_while_the_lists_are_renewed_finds_all_of_them_fresh(
    outdated: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    states, take = [], Path.replace

    def look_between(part: Path, target: Path) -> Path:
        placed = take(part, target)
        monkeypatch.setattr(Path, "replace", take)  # the reader in between may renew them itself
        states.append(demo_pki.current().lists_state(outdated))
        return placed

    monkeypatch.setattr(Path, "replace", look_between)
    states.append(demo_pki.current().lists_state(outdated))
    assert states == ["ok", "ok"]


def test_the_slower_of_two_signers_begins_again(office: Office, document: Document) -> None:
    slow = begin(office, document, "签发乙")
    sign(office, document, "经办甲")
    with pytest.raises(Conflict) as refused:
        services.finish_signing(slow["pending"], answer(office, slow, "签发乙"), AT)
    assert code_of(refused) == "documents.signing.overtaken"
    assert sign(office, document, "签发乙").state == DocumentState.ISSUED


def test_sending_a_finished_signature_again_changes_nothing(
    office: Office, document: Document
) -> None:
    request = begin(office, document, "经办甲")
    value = answer(office, request, "经办甲")
    once = services.finish_signing(request["pending"], value, AT)
    again = services.finish_signing(request["pending"], value, AT + timedelta(days=9))
    assert once.signed_file == again.signed_file
    assert bytes(PendingSignature.objects.get().state) == b""


def test_a_request_ends_after_a_day(office: Office, document: Document) -> None:
    request = begin(office, document, "经办甲")
    value = answer(office, request, "经办甲")
    with pytest.raises(Refused) as refused:
        services.finish_signing(request["pending"], value, AT + ceremony.PATIENCE * 1.01)
    assert code_of(refused) == "documents.signing.expired"
    services.finish_signing(request["pending"], value, AT + ceremony.PATIENCE)


def test_somebody_elses_request_is_unknown(office: Office, document: Document) -> None:
    request = begin(office, document, "经办甲")
    for pending, person in ((request["pending"], "签发乙"), ("nonsense", "经办甲")):
        with pytest.raises(NotFound):
            services.finish_signing(pending, b"", AT, actor_person=office.people[person].pk)


def test_a_draft_and_an_issued_document_take_no_signature(
    office: Office, document: Document
) -> None:
    Document.objects.update(state=DocumentState.DRAFT)
    with pytest.raises(Conflict) as refused:
        begin(office, document, "经办甲")
    assert code_of(refused) == "documents.document.wrong_state"


def test_a_certificate_that_ends_later_does_not_undo_an_issued_document(
    office: Office, document: Document
) -> None:
    sign(office, document, "经办甲")
    issued = sign(office, document, "签发乙")
    much_later = AT + timedelta(days=4000)
    assert all(one.holds for one in selectors.reports(issued, much_later))
    assert issued.signed_file is not None
    then = validation.validate(
        storage.read(issued.signed_file), anchors=[office.root.pem], at=much_later
    )
    assert not any(one.holds for one in then)
