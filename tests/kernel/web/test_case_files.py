"""A case opens the files that its own organisations brought to it, and no other."""

from __future__ import annotations

import pytest

from credit.enterprises.corrections.machine import CORRECTION
from kernel import clock
from kernel.documents import scans
from kernel.parties.models import User
from kernel.web.case_pages import file_url
from tests.credit.conduct import samples as officers
from tests.credit.enterprises import samples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def people():
    return officers.officers()


@pytest.fixture
def secret(people):
    """A file of another firm, of which this one knows only the hash."""
    return scans.store(actor=people["other"], content=b"%PDF-1.7 theirs", at=clock.now()).sha256


def filed(people, **more):
    """A correction of the firm's own archive."""
    asked = {
        "entry": f"licence:{samples.licence(people).pk}", "field": "issuer", "should_be": "x",
        "says": "x", "document_sha256": samples.document(people["firm"]), **more,
    }  # fmt: skip
    return samples.act(CORRECTION, None, "file", people["firm"], asked)


def status(client, case, sha256, who="firm"):
    client.force_login(User.objects.get(username=who), BACKEND)
    return client.get(f"/cases/credit.correction/{case.pk}/files/{sha256}/").status_code


def test_a_hash_in_somebodys_words_opens_no_file(people, secret, client):
    for words in (secret, f"see {secret}"):
        case = filed(people, says=words)
        assert status(client, case, secret) == 404
        assert file_url(case, secret) == ""


def test_a_hash_where_one_belongs_opens_no_file_of_who_never_acted_on_the_case(
    people, secret, client
):
    """Whatever let the row say so: the guards of the acts are no longer alone."""
    case = filed(people)
    type(case).objects.filter(pk=case.pk).update(document_sha256=secret)
    assert status(client, case, secret) == 404


def test_a_part_of_a_hash_opens_nothing(people, client):
    case = filed(people)
    assert status(client, case, case.document_sha256[:63]) == 404


def test_what_an_organisation_brought_to_its_case_opens_for_whoever_reads_it(people, client):
    case = filed(people)
    for who in ("firm", "one"):
        assert status(client, case, case.document_sha256, who) == 200
