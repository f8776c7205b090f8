"""Forms, documents, signatures and files that are none: each is refused by its own code."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from kernel.documents import ceremony, forms, issuing, judging, scans, services
from kernel.errors import Refused
from kernel.sealing.certificates import load
from tests.kernel.documents import pki, sample


def code(call: object, *args: object, **named: object) -> str:
    assert callable(call)
    with pytest.raises(Refused) as refused:
        call(*args, **named)
    (reason,) = refused.value.refusals
    return reason.code


def test_a_form_that_nobody_registered_is_not_there() -> None:
    assert code(forms.get, "no.such.form") == "documents.form.unknown"


@pytest.mark.django_db
def test_a_document_and_a_signing_that_nobody_began_are_not_there() -> None:
    assert code(issuing.locked, 999) == "documents.document.unknown"
    assert code(ceremony._pending, uuid4(), None) == "documents.signing.unknown"
    assert code(ceremony._pending, "no key", None) == "documents.signing.unknown"


@pytest.mark.django_db
def test_a_document_has_a_number() -> None:
    found = code(
        services.draft, form=sample.NOTICE.code, case_machine="tests.project", case_pk="1",
        number="  ", data=sample.data(1), language="zh-hans", at=pki.NOW,
    )  # fmt: skip
    assert found == "documents.draft.number_missing"


@pytest.mark.parametrize("beginning", [b"MZ\x90\x00", b"", b"#!/bin/sh"])
def test_a_file_of_another_kind_is_not_kept(beginning: bytes) -> None:
    assert code(scans.media_type_of, beginning) == "documents.upload.kind"


def test_a_signature_says_a_time_within_its_certificate_and_not_to_come() -> None:
    certificate = load(pki.Authority().issue("张三").certificate)
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    assert judging._time_errors(certificate, start, end) == []
    outside = "documents.signature.time_outside_certificate"
    assert judging._time_errors(certificate, start - timedelta(seconds=1), end) == [outside]
    assert outside in judging._time_errors(certificate, end + timedelta(seconds=1), start)
