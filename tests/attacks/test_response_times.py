"""Somebody with a stopwatch: how long an answer takes before the deadline counts no bids.

Measured is what takes the time, which is the same on every machine: the statements that an answer
asks of the database, the rows that they give, and what they look at. An address for everybody
looks at no table of bids; one of a bidder asks for its own rows, however many others there are.
"""

from __future__ import annotations

import re
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from kernel import clock
from kernel.api import tokens
from kernel.parties.models import Membership, User
from kernel.web import activity
from procurement.bids import believed
from procurement.bids.models import (
    Bid,
    BidStamp,
    BidVersion,
    OpenedEnvelope,
    PendingUpload,
    ResumableUpload,
)
from tests.procurement.bids.conftest import world  # noqa: F401
from tests.procurement.bids.support import BIDDERS, LOT

pytestmark = pytest.mark.django_db
OF_BIDS = {
    model._meta.db_table
    for model in (Bid, BidVersion, BidStamp, OpenedEnvelope, PendingUpload, ResumableUpload)
}
PUBLIC = (
    ("procurement:bids-policy", LOT), ("procurement:bids-policy-file", LOT),
    ("procurement:bids-opening", LOT), ("procurement:bids-dossier", LOT),
    ("procurement:bids-record-file", LOT), ("procurement:bids-program", "seal.html"),
)  # fmt: skip
API = ("time", "policy", "closed", "record", "bids/receipt?manifest=" + "ab" * 32)


@pytest.fixture
def lot(world):  # noqa: F811
    world.policy()
    return world


@contextmanager
def measured():
    """Each statement, with the tables that it looks at and the rows that it gave."""
    seen = Counter()

    def look(run, sql, params, many, context):
        result = run(sql, params, many, context)
        rows = 0
        if sql.lstrip().upper().startswith(("SELECT", "WITH")):
            with connection.connection.cursor() if _postgresql() else _plain() as cursor:
                counting = f"SELECT count(*) FROM ({sql}) AS asked"
                cursor.execute(counting, params)
                (rows,) = cursor.fetchone()
        seen[re.sub(r"'[^']*'|\b\d+\b", "?", sql), rows] += 1
        return result

    with connection.execute_wrapper(look):
        yield seen


def _postgresql():
    return connection.vendor == "postgresql"


@contextmanager
def _plain():
    with connection._cursor() as cursor:
        yield cursor.cursor


def tables(seen):
    return {table for sql, _rows in seen for table in OF_BIDS if f'"{table}"' in sql}


def asked(client, address, **headers):
    believed.forget()  # what is read again every two seconds is read each time
    with measured() as seen:
        client.get(address, **headers)
    return dict(seen)


def test_an_answer_for_everybody_looks_at_no_bid(lot):
    costs = {}
    for name in ("", *BIDDERS):
        if name:
            lot.bid(name)
        for view, word in PUBLIC:
            address = reverse(view, args=[word])
            seen = asked(Client(), address)
            assert not tables(seen), address
            costs.setdefault(address, []).append(seen)
    assert sum(map(len, costs[reverse(*_policy())])) > 0  # something is measured at all
    for address, each in costs.items():
        assert all(seen == each[0] for seen in each), address


def _policy():
    return "procurement:bids-policy", None, [LOT]


def test_a_bidders_answers_cost_the_same_however_many_others_there_are(lot, monkeypatch):
    monkeypatch.setattr(activity, "PRECISION", timedelta(days=1))  # noted once a minute
    lot.bid("bidder1")
    membership = Membership.objects.get(person_id=lot.people["bidder1"].person_id)
    until = clock.technical_now() + timedelta(days=400)
    _row, secret = tokens.issue(membership, name="watch", expires_at=until)
    own = Client()
    own.force_login(
        User.objects.get(person_id=lot.people["bidder1"].person_id),
        "allauth.account.auth_backends.AuthenticationBackend",
    )
    pages = [reverse("procurement:bids-lot", args=[LOT]), reverse("procurement:bids-mine")]
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}

    def look():
        found = {page: asked(own, page) for page in pages}
        for word in API:
            address = f"/api/v1/lots/{LOT}/{word}"
            found[address] = asked(Client(), address, **bearer)
        return found

    look()  # what is remembered for good is read once
    alone = look()
    assert tables(alone[pages[0]])  # its own bid is looked at
    for name in BIDDERS[1:]:
        lot.bid(name)
        among = look()
        for address, seen in among.items():
            assert seen == alone[address], address
