"""Nobody fills the log by being refused, a dismissed account's token is dead, checks are cheap."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from kernel.documents import selectors, validation
from kernel.parties.models import User
from kernel.workflow import throttle
from kernel.workflow.models import RefusedAct
from tests.kernel.api.test_contract import URL, bearer, post
from tests.procurement.projects.samples import whole

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()
    yield
    cache.clear()


def test_who_is_refused_too_often_is_refused_without_an_entry(people, client, monkeypatch):
    monkeypatch.setattr(throttle, "LIMIT", 5)
    headers = bearer(people["clerk"])
    pk = post(client, URL, {}, headers).json()["case_pk"]
    body = {"seen_version": 1, "payload": {}}
    address = f"{URL}/{pk}/acts/submit"
    answers = [post(client, address, body, headers, key=str(n)).status_code for n in range(8)]
    assert answers == [422] * 5 + [429] * 3
    assert RefusedAct.objects.count() == 5
    # Somebody else is not held up by it.
    assert post(client, URL, whole(), bearer(people["stranger"]), key="x").status_code == 201


def test_a_token_ends_with_the_account_of_its_person(people, client):
    headers = bearer(people["clerk"])
    User.objects.filter(username="clerk").update(is_active=False)
    assert post(client, URL, whole(), headers).status_code == 401


def test_signatures_of_an_issued_document_are_not_judged_for_every_visitor(monkeypatch, settings):
    judged = []
    monkeypatch.setattr(validation, "validate", lambda *a, **k: judged.append(1) or [])
    monkeypatch.setattr(selectors.storage, "read", lambda _file: b"%PDF")
    document = type("D", (), {})()
    document.signed_file = type("F", (), {"sha256": "0" * 64})()
    from kernel import clock

    document.issued_at = clock.now()
    for _ in range(3):
        assert selectors.reports(document, clock.now()) == []
    assert judged == [1]
