"""What is minor is kept, weighed, and from 2026-04-01 on shown only if two officers say so."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from credit.conduct import showing
from credit.conduct.models import ConductRecord
from credit.enterprises.models import Enterprise
from kernel import clock
from kernel.workflow import sandbox
from tests.credit.conduct import samples
from tests.credit.conduct.samples import FIRM, act, published
from tests.credit.conduct.test_proposals import WHY, refused, score

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]


@pytest.fixture
def people():
    found = samples.officers()
    at = datetime(2026, 4, 2, 9, 0, tzinfo=clock.LEGAL_ZONE)
    sandbox.move_to(at, actor=found["operator"])
    Enterprise.objects.create(uscc=FIRM, name="示例建筑公司", entered_at=clock.now())
    return found


def pages():
    """What everybody reads of the firm and of all records."""
    addresses = (f"/credit/enterprises/{FIRM}/", "/credit/records/")
    return "".join(Client().get(one).content.decode() for one in addresses)


def test_a_minor_record_weighs_and_nobody_outside_reads_what_it_was(people):
    before = score()
    record = published(people, severity="minor")
    assert record.kept_back
    assert score() < before
    told = pages()
    assert record.number not in told
    assert record.document_number not in told
    assert "依法不公示的轻微信息" in told
    assert not showing.public_register().exists()


def test_two_officers_show_a_minor_record_all_the_same(people):
    record = act(published(people, severity="minor"), "propose_showing", people["one"], WHY)
    assert set(refused(record, "show", people["one"])) == {"same_proposer"}
    record = act(record, "show", people["two"])
    assert (record.state, record.kept_back) == ("published", False)
    assert record.number in pages()
    assert set(refused(record, "propose_showing", people["one"], WHY)) == {"shown_already"}


def test_what_is_amended_to_a_graver_class_is_shown_and_to_a_minor_one_is_not(people):
    record = samples.accepted(people, published(people, severity="minor"))
    data = WHY | {"item": "hazard_general", "severity": "ordinary"}
    assert not act(record, "amend", people["two"], data).kept_back
    other = samples.accepted(people, published(people, item="late_filing"))
    data = WHY | {"item": "late_filing", "severity": "minor"}
    assert act(other, "amend", people["two"], data).kept_back


def test_a_list_is_public_whatever_class_its_record_has(people):
    record = samples.listed(people, published(people, severity="minor"))
    assert not record.kept_back
    assert showing.public_register(listed=True).get() == record


def test_before_the_rule_what_is_minor_is_shown():
    people = samples.officers()
    record = published(people, severity="minor")
    assert not ConductRecord.objects.get(pk=record.pk).kept_back
