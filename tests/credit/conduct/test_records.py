"""A record is confirmed by two, told before it is published, and weighs only while it holds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from credit.conduct import selectors
from credit.conduct.machine import RECORD
from credit.conduct.models import ConductRecord
from credit.enterprises.models import Enterprise
from credit.scoring import selectors as scoring
from credit.scoring import services as certificates
from credit.scoring.models import PointEntry
from kernel import clock
from kernel.errors import NotPermitted, Refused
from kernel.evidence.models import LogEntry
from kernel.parties.models import User
from kernel.regulation.due import due
from kernel.workflow import sandbox
from kernel.workflow.due import run_due
from kernel.workflow.following import follow
from kernel.workflow.selectors import readable
from tests.credit.conduct import samples
from tests.credit.conduct.samples import FIRM, act, captured, later, notified, payload, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]


@pytest.fixture
def people():
    return samples.officers()


def score():
    now = clock.now()
    return scoring.score(FIRM, clock.legal_date(now), now).hundredths


def refused(record, code, actor, data=None):
    with pytest.raises(Refused) as found:
        act(record, code, actor, data)
    return {reason.code.removeprefix("credit.conduct_record.") for reason in found.value.refusals}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"document_number": ""}, "document_missing"),
        ({"fact": ""}, "fact_missing"),
        ({"item": "born_elsewhere"}, "item_unknown"),
        ({"uscc": "91230102MA0000000X"}, "identifiers.uscc.check"),
        ({"occurred_on": "2025-12-31"}, "dated_ahead"),
        ({"decided_on": "2025-12-31"}, "dated_ahead"),
        ({"severity": "grave"}, "term_missing"),
        ({"item": "award_national", "severity": "minor"}, "class_of_good"),
    ],
)
def test_a_record_that_lacks_something_is_refused_by_name(people, changes, code):
    found = refused(None, "capture", people["one"], payload(**changes))
    assert any(code in one for one in found), found
    assert not ConductRecord.objects.exists()


WHY = {"reason": "公示期已满。"}


def confirmed(people, **changes):
    return act(act(captured(people, **changes), "verify", people["one"]), "confirm", people["two"])


def stored(people, record):
    return act(act(record, "propose_storage", people["one"], WHY), "store", people["two"])


def test_what_is_older_than_its_term_is_stored_and_scores_nothing(people, client):
    record = captured(people, occurred_on="2021-03-01")
    assert refused(record, "propose_storage", people["two"], WHY) == {"workflow.act.not_in_state"}
    record = act(act(record, "verify", people["one"]), "confirm", people["two"])
    assert refused(record, "notify", people["two"]) == {"term_over"}
    record = stored(people, record)
    samples.settle()
    assert (record.state, record.published_at) == ("expired", None)
    assert not PointEntry.objects.exists()
    assert score() == 6000
    for address in ("records/", f"enterprises/{FIRM}/"):
        assert record.number not in client.get(f"/credit/{address}").content.decode()
    # Nobody told the firm, and nothing holds it against it.
    assert not ConductRecord.objects.filter(readable(RECORD, people["firm"])).exists()


def test_what_the_platform_learns_of_too_late_is_stored_as_well(people):
    data = payload(occurred_on="2021-03-01", source="event:9")
    follow(RECORD.code, None, "capture_event", key="event:9", at=clock.now(), payload=data)
    record = act(ConductRecord.objects.get(), "verify", people["one"])
    assert stored(people, act(record, "confirm", people["two"])).state == "expired"


def test_one_officer_alone_puts_nothing_by(people):
    record = confirmed(people, occurred_on="2021-03-01")
    assert refused(record, "store", people["two"]) == {"not_proposed"}
    record = act(record, "propose_storage", people["one"], WHY)
    assert refused(record, "store", people["one"]) == {"same_proposer"}
    assert refused(record, "propose_revocation", people["two"], WHY) == {"proposed_already"}


def test_what_a_colleague_proposed_is_decided_before_it_is_put_by(people):
    record = confirmed(people, occurred_on="2021-03-01")
    record = act(record, "propose_revocation", people["one"], {"reason": "日期有误。"})
    assert refused(record, "propose_storage", people["two"], WHY) == {"proposed_already"}
    assert refused(record, "store", people["two"]) == {"not_proposed"}


def test_a_document_that_was_stored_by_a_wrong_date_can_be_brought_with_its_right_one(people):
    record = stored(people, confirmed(people, occurred_on="2021-03-01"))
    again = captured(people, document_number=record.document_number)
    assert again.pk != record.pk
    third = payload(document_number=record.document_number)
    assert refused(None, "capture", people["two"], third) == {"duplicate"}


def test_what_may_still_be_shown_is_not_put_by(people):
    assert refused(confirmed(people), "propose_storage", people["one"], WHY) == {"term_runs"}


def test_what_would_be_over_before_the_notice_is_is_not_told_but_stored(people):
    ends = due(clock.now(), "conduct.prior_notice").at
    day = next(
        day
        for day in (clock.today() - timedelta(days=back) for back in range(1, 400))
        if clock.now() < selectors.term_ends_at("minor", day, None, clock.now()) <= ends
    )
    record = confirmed(people, occurred_on=day, decided_on=day, severity="minor")
    assert refused(record, "notify", people["two"]) == {"term_over"}
    assert stored(people, record).state == "expired"


def test_every_lack_is_named_at_once(people):
    found = refused(
        None, "capture", people["one"], payload(document_number="", fact="", item="nothing")
    )
    assert {"document_missing", "fact_missing", "item_unknown"} <= found


def test_the_name_follows_from_the_code_and_another_is_refused(people, client):
    assert refused(None, "capture", people["one"], payload(name="")) == {"name_missing"}
    assert captured(people, name="外省企业").name == "外省企业"
    Enterprise.objects.create(uscc=FIRM, name="示例建筑公司", entered_at=clock.now())
    wrong = payload(name="示例建筑有限公司")
    assert refused(None, "capture", people["one"], wrong) == {"name_of_another"}
    assert captured(people, name="").name == "示例建筑公司"


def test_the_clerk_reads_whose_record_it_is_before_the_last_click(people, client):
    Enterprise.objects.create(uscc=FIRM, name="示例建筑公司", entered_at=clock.now())
    client.force_login(
        User.objects.get(person_id=people["one"].person_id),
        "allauth.account.auth_backends.AuthenticationBackend",
    )
    page = client.get("/cases/credit.conduct_record/new/").content.decode()
    assert f'<option value="{FIRM}">示例建筑公司</option>' in page
    entered = payload(name="") | {"step": "review"}
    asked = client.post("/cases/credit.conduct_record/new/", entered).content.decode()
    assert asked.count("示例建筑公司") == 1


def test_the_same_fact_twice_is_one_fact(people):
    first = captured(people)
    again = payload(document_number=first.document_number)
    assert refused(None, "capture", people["two"], again) == {"duplicate"}


def test_who_verified_does_not_confirm(people):
    record = act(captured(people), "verify", people["one"])
    assert refused(record, "confirm", people["one"]) == {"same_officer"}
    assert act(record, "confirm", people["two"]).state == "confirmed"


def test_nothing_is_confirmed_unverified(people):
    assert refused(captured(people), "confirm", people["two"]) == {"not_verified"}


def test_a_record_is_verified_once(people):
    record = act(captured(people), "verify", people["one"])
    assert refused(record, "verify", people["two"]) == {"verified"}


def test_an_authority_of_another_place_does_nothing(people):
    with pytest.raises(NotPermitted):
        act(captured(people), "verify", people["far"])


def test_it_is_published_by_itself_when_the_notice_has_run_and_not_before(people):
    record = notified(people)
    ends = due(record.changed_at, "conduct.prior_notice").at
    assert score() == 6000
    later(people, (clock.legal_date(ends) - clock.today()).days)
    record.refresh_from_db()
    assert (record.state, record.published_at) == ("published", ends)
    assert score() == 5800


def test_it_stops_weighing_by_itself_when_its_time_is_over(people):
    record = published(people)
    later(people, (clock.legal_date(record.shown_until) - clock.today()).days + 1)
    assert ConductRecord.objects.get(pk=record.pk).state == "expired"
    assert score() == 6000
    # What was is not changed: on the day before it weighed.
    before = record.shown_until - timedelta(days=2)
    assert scoring.score(FIRM, clock.legal_date(before), before).hundredths == 5800


def test_a_disputed_record_that_is_revoked_weighs_no_more(people):
    record = published(people)
    record = act(record, "dispute", people["firm"], {"reason": "方案已于当日批准。"})
    assert score() == 5800
    samples.revoked(people, record)
    samples.settle()
    assert score() == 6000


def test_an_amended_record_weighs_what_it_should_have_said(people):
    record = samples.accepted(people, published(people))
    act(record, "amend", people["two"], {"item": "hazard_major", "reason": "经复核为重大。"})
    samples.settle()
    assert score() == 5200


def test_what_two_confirmed_one_does_not_dismiss(people):
    record = act(captured(people), "verify", people["one"])
    record = act(record, "confirm", people["two"])
    with pytest.raises(Refused):
        act(record, "propose_dismissal", people["one"], {"reason": "不予认定。"})
    record = act(record, "propose_revocation", people["one"], {"reason": "认定有误。"})
    with pytest.raises(Refused):
        act(record, "revoke", people["one"])
    assert act(record, "revoke", people["two"]).state == "revoked"


@pytest.mark.parametrize(
    "written",
    ["哈建罚[2025]12号", "哈建罚（2025）12 号", "哈建罚【２０２５】12号", " 哈建罚〔2025〕 12号"],
)
def test_a_document_written_otherwise_is_the_same_document(people, written):
    first = published(people, document_number="哈建罚〔2025〕12号")
    with pytest.raises(Refused) as refused:
        captured(people, document_number=written)
    assert "credit.conduct_record.duplicate" in {each.code for each in refused.value.refusals}
    before = score()
    published(people, item="hazard_major", document_number=written)
    # One fact under two items counts once, the graver.
    assert score() == 5200 < before
    assert first.document_number == "哈建罚〔2025〕12号"


def test_a_record_is_not_amended_to_what_another_says(people):
    first = published(people)
    published(people, item="hazard_major", document_number=first.document_number)
    record = samples.accepted(people, ConductRecord.objects.get(pk=first.pk))
    with pytest.raises(Refused) as refused:
        act(record, "amend", people["two"], {"item": "hazard_major", "reason": "经复核为重大。"})
    assert [each.code for each in refused.value.refusals] == ["credit.conduct_record.duplicate"]


def test_the_firm_reads_its_record_from_the_notice_on(people):
    from kernel.workflow import judge

    record = captured(people)
    assert not judge.readable(record.machine, record, people["firm"])
    record = notified(people)
    assert judge.readable(record.machine, record, people["firm"])
    assert not judge.readable(record.machine, record, people["other"])


def test_repair_waits_for_the_shortest_time_and_needs_a_commitment(people):
    record = published(people)
    assert refused(record, "apply_repair", people["firm"], {"reason": "已整改"}) == {
        "repair_too_early",
        "commitment_missing",
        "correction_missing",
        "duties_open",
    }
    later(people, 200)
    record = samples.mended(people, record)
    record = act(record, "propose_repair", people["one"], {"reason": "承诺已履行。"})
    act(record, "repair", people["two"])
    samples.settle()
    assert score() == 6000


def test_a_certificate_is_replayed_and_a_later_revocation_changes_none(people):
    record = published(people)
    held = certificates.certificate(FIRM, at=clock.now(), purpose="lot:示例-01")
    assert certificates.certificate(FIRM, at=clock.now(), purpose="lot:示例-01").pk == held.pk
    samples.revoked(people, record)
    samples.settle()
    assert certificates.replay(held.number).hundredths == 5800
    assert score() == 6000


def test_two_who_certify_at_once_get_one_certificate(people, monkeypatch):
    captured(people)
    asked = {"at": clock.now(), "purpose": "lot:示例-01"}
    faster, wait = [], certificates._one_at_a_time

    def meanwhile(uscc):
        monkeypatch.setattr(certificates, "_one_at_a_time", wait)
        faster.append(certificates.certificate(FIRM, **asked))
        wait(uscc)

    monkeypatch.setattr(certificates, "_one_at_a_time", meanwhile)
    before = LogEntry.objects.count()
    assert certificates.certificate(FIRM, **asked).pk == faster[0].pk
    assert LogEntry.objects.count() == before + 1
    other = certificates.certificate(FIRM, at=clock.now(), purpose="lot:示例-02")
    assert other.number != faster[0].number


def test_a_worker_that_comes_late_changes_no_certificate(people):
    """What is entered after a certificate, dated before it, is known only from then on."""
    now = clock.now()
    given = certificates.certificate(FIRM, at=now, purpose="开标")
    fact = {"uscc": FIRM, "item": "hazard_general", "group": "1", "record_id": 1}
    early = now - timedelta(minutes=1)
    row = certificates.enter(
        **fact, effective_on=clock.legal_date(early), at=early, cause="event:1"
    )
    assert row.recorded_at > given.known_at
    assert certificates.replay(given.number).millionths == given.score_millionths
    certificates.take_back(record_id=1, at=early, cause="event:2")
    assert certificates.replay(given.number).millionths == given.score_millionths


def test_a_certificate_counts_what_took_effect_though_no_worker_came(people):
    """The notice has run and nobody has published: the opening's score knows it all the same."""
    record = notified(people)
    clean = score()
    sandbox.move_to(clock.now() + timedelta(days=10), actor=people["operator"])
    given = certificates.certificate(FIRM, at=clock.now(), purpose="开标")
    record.refresh_from_db()
    assert record.state == "published"
    assert given.score_millionths // 10_000 < clean
    assert certificates.replay(given.number).millionths == given.score_millionths


def test_a_proposal_that_is_dropped_lets_no_record_vanish(people):
    record = act(published(people), "propose_list", people["one"], {"reason": "拟列入。"})
    worse = score()
    with pytest.raises(Refused):
        act(record, "propose_removal", people["one"], {"reason": "不列入。"})
    record = act(record, "drop_proposal", people["one"], {"reason": "不列入。"})
    assert (record.state, score()) == ("published", worse)


@pytest.mark.parametrize(("code", "who"), [("dispute", "firm"), ("propose_list", "one")])
def test_a_record_is_shown_no_longer_because_something_else_is_done_with_it(people, code, who):
    record = act(published(people), code, people[who], {"reason": "理由。"})
    until = record.shown_until
    sandbox.move_to(until, actor=people["operator"])
    run_due()
    record.refresh_from_db()
    assert (record.state, record.changed_at) == ("expired", until)


def test_a_certificate_stands_as_it_was_issued(people):
    published(people)
    held = certificates.certificate(FIRM, at=clock.now(), purpose="lot:示例-01")
    with pytest.raises(DatabaseError), transaction.atomic():
        type(held).objects.filter(pk=held.pk).update(sha256="0" * 64)
    assert certificates.replay(held.number).millionths == held.score_millionths


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_database_refuses_to_change_the_ledger(people, verb):
    published(people)
    with pytest.raises(DatabaseError), transaction.atomic():
        if verb == "update":
            PointEntry.objects.update(item="award_national")
        else:
            PointEntry.objects.all()._raw_delete("default")


@pytest.mark.parametrize("file", ["", "e" * 64], ids=["none", "somebody else's"])
def test_nobody_enters_a_record_without_bringing_its_document(people, file):
    given = payload(document_sha256=file)
    assert refused(None, "capture", people["one"], given) == {"document_not_brought"}
