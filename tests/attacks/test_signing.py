"""Between the beginning of a signature and its end a day may pass, and much may change."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel import clock
from kernel.documents import services
from kernel.documents.models import Document, DocumentState
from kernel.errors import NotPermitted
from kernel.parties.models import Membership
from tests.kernel.documents.conftest import Office, _sample_forms, files, office
from tests.kernel.documents.test_ceremony import AT, answer, begin, document

__all__ = ["_sample_forms", "document", "files", "office"]

pytestmark = pytest.mark.django_db


def test_whoever_left_the_organisation_does_not_finish_a_signature(
    office: Office, document: Document
) -> None:
    request = begin(office, document, "经办甲")
    value = answer(office, request, "经办甲")
    yesterday = clock.legal_date(AT) - timedelta(days=1)
    Membership.objects.filter(person=office.people["经办甲"]).update(valid_to=yesterday)
    with pytest.raises(NotPermitted, match=r"documents.signing.not_a_signer"):
        services.finish_signing(request["pending"], value, AT)
    document.refresh_from_db()
    assert document.state == DocumentState.AWAITING_SIGNATURE
    assert document.signed_file is None
    assert not document.signatures.filter(signed_at__isnull=False).exists()
