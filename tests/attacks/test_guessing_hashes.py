"""Attacker: a reader of the public log who tries every possible value against the hashes in it.

The acts of a public case are read whole, their leaf's salt included, so that anybody can check
them. Of few possible values a plain hash is the value. Stopped: who acted, what was brought and
what changed are bound under a salt that stays with the act; a dossier that shows a payload shows
the salt of that payload and no other. Entries of before are held against the tables as they are.
"""

from __future__ import annotations

import hashlib
import json

import pytest

from kernel.errors import Refused
from kernel.evidence.models import LogEntry
from kernel.sealing import canonical
from kernel.workflow import audit, binding
from kernel.workflow.firing import fire
from kernel.workflow.models import Act, RefusedAct
from tests.conftest import member
from tests.procurement.projects.samples import registered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]


@pytest.fixture
def owner():
    return member("owner", "owner_clerk", serial=1)


@pytest.fixture
def act(owner):
    city = {"region": "230100", "serial": 3, "authority": "city"}
    registered(owner, member("officer", "registration_officer", **city))
    return Act.objects.filter(transition="submit").get()


@pytest.fixture
def attempts(act, owner):
    """Two of one person, refused."""
    for key in ("one", "two"):
        with pytest.raises(Refused):
            fire(
                act.machine, act.case_pk, "accept", actor=owner,
                payload={}, key=key, seen_version=0,
            )  # fmt: skip
    return list(RefusedAct.objects.order_by("pk"))


def body_of(act):
    return json.loads(LogEntry.objects.get(index=act.log_index).body)


def guesses(body, value):
    """What an attacker can hash who knows the entry, its leaf's salt and the value itself."""
    row = [value, [value]]
    return {canonical.digest(each).hex() for each in row} & set(map(str, body.values()))


def test_who_knows_the_value_does_not_find_it_in_the_entry(act):
    body = body_of(act)
    for value in (act.person_id, act.payload, act.changes):
        assert not guesses(body, value)
    assert act.person_id not in body.values()
    assert {"person", "payload_sha256", "changes_sha256"}.isdisjoint(body)
    assert binding.held(act).items() <= body.items()


def test_two_acts_of_one_person_do_not_show_that_they_are(act):
    found = [body_of(each)["person_salted_sha256"] for each in Act.objects.all()]
    assert len(set(found)) == len(found) > 1


def test_a_payload_that_is_shown_opens_no_other_value(act):
    body, shown = body_of(act), binding.shown(act)
    assert hashlib.sha256(shown).hexdigest() == body["payload_salted_sha256"]
    salt, payload = canonical.decode(shown)
    assert payload == act.payload and salt != act.salt
    for name, value in (("person", act.person_id), ("changes", act.changes)):
        tried = canonical.digest([salt, value]).hex()
        assert body[f"{name}_salted_sha256"] != tried
        assert body[f"{name}_salted_sha256"] not in binding.entry(salt, person=value).values()


def test_what_the_entry_binds_is_still_held_against_the_tables(act):
    assert audit.check().acts > 0
    Act.objects.filter(pk=act.pk).update(changes={**act.changes, "state": ["a", "b"]})
    with pytest.raises(audit.Fault):
        audit.check()


@pytest.mark.parametrize("first_form", [False, True])
def test_entries_of_before_are_read_as_they_are(act, first_form):
    act.salt = ""
    body = {
        **{name: value for name, value in body_of(act).items() if "_salted_" not in name},
        **binding.held(act),
    }
    if first_form:
        del body["changes_sha256"]
    assert audit._says(body, act)
    assert binding.shown(act) == canonical.encode(act.payload)
    assert not audit._says({**body, "payload_sha256": "00"}, act)


def test_a_refused_attempt_tells_neither_who_tried_nor_what_it_brought(attempts):
    row = attempts[0]
    body = body_of(row)
    assert row.person_id and row.payload_sha256
    assert {"person", "payload_sha256"}.isdisjoint(body)
    assert row.person_id not in body.values() and row.payload_sha256 not in body.values()
    assert not guesses(body, row.person_id) and not guesses(body, row.payload_sha256)
    assert binding.held_of_attempt(row).items() <= body.items()


def test_two_refused_attempts_of_one_person_do_not_show_that_they_are(attempts):
    bodies = [body_of(row) for row in attempts]
    for name in ("person_salted_sha256", "payload_salted_sha256"):
        assert len({body[name] for body in bodies}) == 2


def test_refused_attempts_of_before_are_read_as_they_are(attempts):
    row = attempts[0]
    row.salt = ""
    assert binding.held_of_attempt(row) == {
        "person": row.person_id, "payload_sha256": row.payload_sha256,
    }  # fmt: skip
