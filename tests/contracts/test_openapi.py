"""schemathesis holds every operation of the API to its own OpenAPI document."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from schemathesis.checks import negative_data_rejection

from config.wsgi import application
from kernel import clock
from kernel.api import tokens
from kernel.api.main import api
from kernel.parties.models import Membership
from kernel.search.bigrams import terms
from tests.procurement.projects.samples import registered, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# The type of tus's parts: bytes as they are.
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
schema = schemathesis.openapi.from_dict(api.get_openapi_schema())
schema.app = application


@pytest.fixture
def _one_connection():
    """As Django's own test client does: a request's end does not close the test's connection."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def authorised(people, _one_connection):
    registered(people["clerk"], people["officer"])
    submitted(people["clerk"])
    membership = Membership.objects.get(person_id=people["clerk"].person_id)
    _, secret = tokens.issue(
        membership, name="contract", expires_at=clock.technical_now() + timedelta(days=1)
    )
    return {"Authorization": f"Bearer {secret}"}


# What kind of file a body holds, no schema can say: tests/kernel/api/test_cases.py tries those.
@schema.exclude(path="/api/v1/files").parametrize()
@hypothesis_settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
def test_the_api_keeps_its_own_contract(case, authorised):
    if case.method.upper() != "GET":
        case.headers["Idempotency-Key"] = uuid.uuid4().hex
    # What is a letter or a digit (¾, ℃), each dialect of patterns says otherwise than Unicode's
    # folding, by which words are counted. Without words every other parameter is held as elsewhere.
    words = str((case.query or {}).get("q") or "")
    folded = case.path == "/api/v1/search" and terms(words)
    unsure = [negative_data_rejection] if folded else []
    case.call_and_validate(headers={**authorised, "Host": "127.0.0.1"}, excluded_checks=unsure)
