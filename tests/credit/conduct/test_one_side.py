"""Nobody alone, nobody on both sides, and no officer in the way of what the platform sees."""

from __future__ import annotations

from datetime import date

import pytest

from credit.conduct.machine import RECORD
from credit.conduct.models import ConductRecord
from kernel import clock
from kernel.errors import Refused
from kernel.parties.models import Membership, Organisation
from kernel.workflow.following import follow
from tests.credit.conduct import samples
from tests.credit.conduct.samples import FIRM, act, captured, later, payload, published
from tests.credit.conduct.test_proposals import WHY, refused, score

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]


@pytest.fixture
def people():
    return samples.officers()


def hire(people, who, last=None):
    """An officer who works for the firm, too."""
    firm = Organisation.objects.get(uscc=FIRM)
    Membership.objects.create(
        person_id=people[who].person_id, organisation=firm, role="contractor_clerk",
        valid_from=date(2020, 1, 1), valid_to=last,
    )  # fmt: skip


def test_one_officer_alone_drops_nothing_that_was_captured(people):
    record = act(captured(people), "verify", people["one"])
    assert set(refused(record, "dismiss", people["two"])) == {"not_proposed"}
    record = act(record, "propose_dismissal", people["two"], WHY)
    assert set(refused(record, "dismiss", people["two"])) == {"same_proposer"}
    assert act(record, "dismiss", people["one"]).state == "revoked"


def test_a_dismissal_that_is_not_confirmed_stops_no_confirmation(people):
    record = act(captured(people), "verify", people["one"])
    record = act(record, "propose_dismissal", people["one"], WHY)
    record = act(record, "confirm", people["two"])
    assert (record.state, record.proposed) == ("confirmed", "")
    other = act(captured(people), "propose_dismissal", people["one"], WHY)
    assert act(other, "decline_proposal", people["two"], WHY).proposed == ""


def test_an_officer_who_works_for_the_firm_acts_on_none_of_its_records(people):
    record = published(people)
    hire(people, "one")
    assert "credit.officer.interested" in refused(record, "propose_revocation", people["one"], WHY)
    record = act(record, "propose_revocation", people["two"], WHY)
    found = refused(record, "revoke", people["one"])
    assert set(found) == {"credit.officer.interested"}
    assert found["credit.officer.interested"].article
    assert act(record, "revoke", people["upper"]).state == "revoked"


def test_who_left_the_firm_is_free_of_it(people):
    hire(people, "one", last=date(2024, 12, 31))
    record = act(published(people), "propose_revocation", people["one"], WHY)
    assert record.proposed == "revoke"


def test_no_officer_takes_the_place_of_what_the_platform_will_see(people):
    with pytest.raises(Refused) as found:
        captured(people, source="event:99")
    assert {r.code for r in found.value.refusals} == {"workflow.payload.unknown_field"}
    data = payload(source="event:99", occurred_on=clock.today())
    follow(RECORD.code, None, "capture_event", key="event:99", at=clock.now(), payload=data)
    assert ConductRecord.objects.get().source == "event:99"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"region": "2301021"}, "workflow.payload.too_long"),
        ({"project_number": "2" * 21}, "workflow.payload.too_long"),
        ({"region": "999999"}, "credit.conduct_record.place_unknown"),
        ({"region": ""}, "credit.conduct_record.place_unknown"),
    ],
)
def test_a_record_has_a_place_whose_officers_see_it(people, more, code):
    with pytest.raises(Refused) as found:
        captured(people, **more)
    assert code in {r.code for r in found.value.refusals}


def test_repair_needs_a_commitment_that_was_uploaded(people):
    record = published(people)
    later(people, 200)
    made_up = samples.REPAIR | {"commitment_sha256": "f" * 64}
    assert set(refused(record, "apply_repair", people["firm"], made_up)) == {"commitment_missing"}
    assert samples.mended(people, record).state == "repair_applied"


def test_a_record_of_collusion_takes_two_and_weighs_and_shows_nothing_before(people, client):
    data = payload(item="collusion", source="event:7")
    follow(RECORD.code, None, "capture_event", key="event:7", at=clock.now(), payload=data)
    record = ConductRecord.objects.get()
    assert set(refused(record, "confirm", people["one"])) == {"not_verified"}
    record = act(record, "verify", people["one"])
    assert set(refused(record, "confirm", people["one"])) == {"same_officer"}
    record = act(act(record, "confirm", people["two"]), "notify", people["two"])
    record = samples.signed(record, "serve_notice")
    for address in ("records/", "records/listed/", f"enterprises/{FIRM}/"):
        assert record.number not in client.get(f"/credit/{address}").content.decode()
    assert score() == 6000
    later(people, 10)
    assert record.number in client.get("/credit/records/").content.decode()
    assert score() < 6000


@pytest.mark.parametrize("day", [date.min, date(9999, 12, 31)])
@pytest.mark.parametrize("field", ["occurred_on", "decided_on", "penalty_until"])
def test_the_first_and_the_last_day_of_all_are_days(people, field, day):
    try:
        captured(people, **{field: day})
    except Refused as found:
        assert {r.code.partition("record.")[2] for r in found.refusals} == {"dated_ahead"}
