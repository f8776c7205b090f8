"""Whoever can write in the database cannot rewrite what was done without being found."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from kernel.errors import Refused
from kernel.workflow import audit
from kernel.workflow.models import Act, RefusedAct
from procurement.projects.models import Project
from tests.procurement.projects.samples import act, registered, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def life(people):
    """A registered project, and one that was sent back and handed in again."""
    done = registered(people["clerk"], people["officer"])
    again = submitted(people["clerk"])
    act(again, "return", people["officer"], {"reason": "补正"})
    act(again, "amend", people["clerk"], {"name": "另一名称", "region": "230102"})
    return done


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_what_was_done_properly_holds(life):
    assert audit.check() == audit.Summary(acts=Act.objects.count(), cases=2, attempts=0)
    call_command("evidence", "verify", "--cases")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE procurement_project SET total_investment_fen = 1 WHERE id = %s",
        "UPDATE procurement_project SET manager_name = 'x' WHERE id = %s",
        "UPDATE procurement_project SET owner_id = (SELECT max(id) FROM kernel_organisation)"
        " WHERE id = %s",
        "UPDATE procurement_project SET state = 'terminated' WHERE id = %s",
        "UPDATE procurement_project SET state = 'draft', version = 1 WHERE id = %s",
        "UPDATE procurement_project SET papers = '[]' WHERE id = %s",
        "UPDATE kernel_act SET role = 'auditor' WHERE case_pk = %s",
        "UPDATE kernel_act SET at = recorded_at WHERE case_pk = %s",
        "UPDATE kernel_act SET payload = '{}' WHERE version = 1 AND case_pk = %s",
        "UPDATE kernel_act SET changes = '{}' WHERE version = 1 AND case_pk = %s",
        "UPDATE kernel_act SET target = 'draft' WHERE version = 2 AND case_pk = %s",
        "UPDATE kernel_act SET log_index = NULL WHERE version = 2 AND case_pk = %s",
        "DELETE FROM kernel_act WHERE version = 2 AND case_pk = %s",
    ],
)
def test_a_row_changed_past_fire_is_found(life, statement):
    sql(statement, life.pk)
    with pytest.raises(audit.Fault):
        audit.check()
    with pytest.raises(CommandError):
        call_command("evidence", "verify", "--cases")


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE procurement_project SET manager_name = 'x' WHERE id = %s", "column"),
        ("DELETE FROM kernel_act WHERE version = 2 AND case_pk = %s", "acts"),
    ],
)
def test_what_was_changed_past_fire_is_told_by_its_code(life, statement, code):
    sql(statement, life.pk)
    with pytest.raises(audit.Fault) as fault:
        audit.check()
    assert fault.value.refusals[0].code == f"workflow.audit.{code}"


def test_an_act_that_nobody_did_is_found(life):
    made = Act.objects.get(case_pk=life.pk, version=2)
    made.pk, made.version, made.key = None, 9, "forged"
    made.save()
    with pytest.raises(audit.Fault, match=r"workflow.audit.act"):
        audit.check()


def test_a_case_that_nobody_opened_is_found(life):
    columns = [f.column for f in Project._meta.concrete_fields if f.column != "id"]
    copied = ", ".join(columns)
    sql(
        f"INSERT INTO procurement_project ({copied}) SELECT {copied} FROM procurement_project"
        " WHERE state <> 'registered' LIMIT 1"
    )
    with pytest.raises(audit.Fault, match=r"workflow.audit.versions"):
        audit.check()


@pytest.fixture
def tried(life, people):
    """Somebody tried what they may not, and it is on record."""
    with pytest.raises(Refused):
        act(life, "accept", people["clerk"])
    return RefusedAct.objects.get()


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("DELETE FROM kernel_refusedact WHERE id = %s", "attempts"),
        ("UPDATE kernel_refusedact SET log_index = NULL WHERE id = %s", "attempts"),
        ("UPDATE kernel_refusedact SET role = 'auditor' WHERE id = %s", "attempt"),
        ("UPDATE kernel_refusedact SET person_id = NULL WHERE id = %s", "attempt"),
        ("UPDATE kernel_refusedact SET organisation_id = NULL WHERE id = %s", "attempt"),
        ("UPDATE kernel_refusedact SET case_pk = NULL WHERE id = %s", "attempt"),
        ("UPDATE kernel_refusedact SET transition = 'return' WHERE id = %s", "attempt"),
        ("UPDATE kernel_refusedact SET at = '2020-01-01' WHERE id = %s", "attempt"),
        ("UPDATE kernel_refusedact SET payload_sha256 = '' WHERE id = %s", "attempt"),
        ("UPDATE kernel_refusedact SET refusals = '[]' WHERE id = %s", "attempt"),
    ],
)
def test_a_refused_attempt_that_was_deleted_or_changed_is_found(tried, statement, code):
    assert audit.check().attempts == 1
    sql(statement, tried.pk)
    with pytest.raises(audit.Fault) as fault:
        audit.check()
    assert fault.value.refusals[0].code == f"workflow.audit.{code}"


def test_what_the_reasons_of_a_refused_attempt_said_is_held_too(tried):
    (reason, *_rest) = tried.refusals
    changed = [{**reason, "facts": {"role": "nobody"}}]
    RefusedAct.objects.filter(pk=tried.pk).update(refusals=changed)
    with pytest.raises(audit.Fault, match=r"workflow.audit.attempt"):
        audit.check()


def test_an_attempt_that_nobody_made_is_found(tried):
    tried.pk = None
    tried.save()
    with pytest.raises(audit.Fault, match=r"workflow.audit.attempts"):
        audit.check()
