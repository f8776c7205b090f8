"""The form of a record names everything that is missing at once, the scan of its document too."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from credit.conduct.machine import RECORD
from kernel.parties.models import User
from tests.credit.conduct import samples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def faults(entered):
    """The fields that the page tells a fault of, in one round."""
    people = samples.officers()
    client = Client()
    client.force_login(User.objects.get(person_id=people["one"].person_id), BACKEND)
    answer = client.post(f"/cases/{RECORD.code}/new/", entered | {"step": "review"})
    assert answer.status_code == 422
    told = re.findall(r'id="id_([a-z0-9_-]+)_error"', answer.content.decode())
    return set(told)


def test_an_empty_form_names_the_scan_in_the_first_round():
    assert faults({}) >= {"uscc", "item", "occurred_on", "document_number", "document_sha256"}


def test_a_scan_that_is_kept_already_is_not_asked_again():
    assert "document_sha256" not in faults({"document_sha256-kept": "ab" * 32})
