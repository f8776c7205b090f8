"""Anybody may say what is wrong; an officer decides; the entry corrects itself by its own act."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from credit.enterprises.corrections.machine import CORRECTION
from credit.enterprises.models import (
    Achievement,
    ArchiveChange,
    Enterprise,
    Licence,
    NationalImport,
    NationalRecord,
)
from kernel import clock
from kernel.errors import NotPermitted, Refused
from kernel.parties.models import Membership, Organisation, User
from kernel.web import desk_parts
from kernel.workflow import selectors as workflow
from kernel.workflow.audit import check
from kernel.workflow.models import Deadline
from tests.credit.conduct import samples as officers
from tests.credit.enterprises import samples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def people():
    return officers.officers()


@pytest.fixture
def held(people):
    return samples.licence(people)


def decide(people, case, code="accept", **data):
    data = {"reason": "经核对证书原件，更正。", **data}
    if code == "accept":
        data.setdefault("value", case.should_be)
    return samples.act(CORRECTION, case, code, people["one"], data)


def test_an_accepted_correction_corrects_the_entry_by_its_own_act(people, held):
    case = samples.correction(people, f"licence:{held.pk}")
    assert (case.uscc, case.was) == (samples.FIRM, "示例住房和城乡建设厅")
    decide(people, case)
    assert Licence.objects.get(pk=held.pk).issuer == "另一住房和城乡建设局"
    row = ArchiveChange.objects.get(source=case.number)
    assert (row.field, row.old, row.new) == ("issuer", case.was, case.should_be)
    check()  # every column is what the acts made of it


def test_a_corrected_last_day_moves_the_clock(people, held):
    entry = f"licence:{held.pk}"
    case = samples.correction(people, entry, field="valid_to", should_be="2025-09-03")
    decide(people, case)
    officers.later(people, 3)
    assert Licence.objects.get(pk=held.pk).state == "lapsed"


def test_an_achievement_on_record_is_corrected_too(people, held):
    row = Achievement.objects.create(
        uscc=samples.FIRM, contract_number="HT-1", project_number="", name="示例", price_fen=1,
        signed_on=date(2024, 1, 1),
    )  # fmt: skip
    case = samples.correction(
        people, f"achievement:{row.pk}", field="price_fen", should_be="123456.78"
    )
    decide(people, case)
    row.refresh_from_db()
    assert row.price_fen == 123_456_78


def test_a_declaration_is_corrected_too(people, held):
    row = samples.finance(people)
    entry = f"finance:{row.pk}"
    case = samples.correction(people, entry, field="revenue_fen", should_be="8000000")
    decide(people, case)
    row.refresh_from_db()
    assert row.revenue_fen == 8_000_000_00


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"entry": "licence:999999"}, "credit.correction.entry_unknown"),
        ({"entry": "enterprise:1"}, "credit.correction.entry_unknown"),
        ({"field": "proof"}, "credit.correction.field_unknown"),
        ({"document_sha256": ""}, "credit.correction.document_missing"),
        ({"says": ""}, "workflow.reason.missing"),
    ],
)
def test_an_unfounded_request_is_refused_by_name(people, held, changes, code):
    changes = {"entry": f"licence:{held.pk}", **changes}
    with pytest.raises(Refused) as refused:
        samples.correction(people, **changes)
    assert code in {reason.code for reason in refused.value.refusals}


@pytest.mark.parametrize(
    ("field", "value"),
    [("trade", "space"), ("grade", "一级"), ("valid_to", "明天"), ("issuer", " ")],
)
def test_what_the_field_cannot_hold_is_not_accepted(people, held, field, value):
    case = samples.correction(people, f"licence:{held.pk}", field=field, should_be="别的")
    with pytest.raises(Refused) as refused:
        decide(people, case, value=value)
    assert refused.value.refusals[0].code == "credit.correction.value_invalid"
    assert Licence.objects.get(pk=held.pk).version == 1


def test_the_same_request_is_filed_once_at_a_time(people, held):
    samples.correction(people, f"licence:{held.pk}")
    with pytest.raises(Refused) as refused:
        samples.correction(people, f"licence:{held.pk}")
    assert refused.value.refusals[0].code == "credit.correction.pending"


def test_only_the_officer_of_the_place_decides_and_says_why(people, held):
    case = samples.correction(people, f"licence:{held.pk}")
    for who in ("far", "firm", "other"):
        with pytest.raises(NotPermitted):
            samples.act(CORRECTION, case, "decline", people[who], {"reason": "不改"})
    with pytest.raises(Refused):
        decide(people, case, "decline", reason="")
    declined = decide(people, case, "decline", reason="证书原件与档案一致。")
    assert declined.reason == "证书原件与档案一致。"
    assert Licence.objects.get(pk=held.pk).issuer == "示例住房和城乡建设厅"


def test_the_officers_clock_comes_from_dated_law(people, held):
    case = samples.correction(people, f"licence:{held.pk}")
    clock_row = Deadline.objects.get(machine=CORRECTION.code, case_pk=case.pk)
    assert clock.legal_date(clock_row.due_at).isoformat() == "2025-09-16"  # 24:00 of the 15th


def test_the_enterprise_is_told_on_its_desk(people, held):
    case = samples.correction(people, f"licence:{held.pk}")
    for _step in ("filed", "decided"):
        rows = desk_parts.rows(people["firm"], clock.now())
        assert case.number in {row.reference for row in rows}
        if _step == "filed":
            decide(people, case, "decline")
    officers.later(people, 31)
    rows = desk_parts.rows(people["firm"], clock.now())
    assert case.number not in {row.reference for row in rows}


def test_the_change_log_is_never_altered_in_the_database_itself(people, held):
    row = ArchiveChange.objects.first()
    for write in (
        lambda: ArchiveChange.objects.filter(pk=row.pk).update(new="x"),
        lambda: ArchiveChange.objects.filter(pk=row.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()


def test_a_wrong_name_is_put_right_and_found_by_the_right_one(people, held, client):
    from kernel.search.selectors import find

    entry = f"enterprise:{samples.FIRM}"
    case = samples.correction(people, entry, field="name", should_be="示例营造公司")
    assert case.was == "示例建筑公司"
    proposed(people, case)
    assert Enterprise.objects.get().name == "示例建筑公司"
    samples.act(CORRECTION, case, "confirm", people["two"])
    assert Enterprise.objects.get().name == "示例营造公司"
    row = ArchiveChange.objects.get(source=case.number)
    assert (row.entry, row.old, row.new) == (entry, "示例建筑公司", "示例营造公司")
    assert [hit.key for hit in find("营造", kinds=("enterprise",)).hits] == [samples.FIRM]
    client.force_login(User.objects.get(username="other"), BACKEND)
    page = client.get(f"/credit/enterprises/{samples.FIRM}/").content.decode()
    assert f"entry=enterprise%3A{samples.FIRM}" in page


def proposed(people, case, who="one", **changes):
    data = {"value": case.should_be, "reason": "与营业执照一致。", "evidence": "business_licence"}
    return samples.act(CORRECTION, case, "propose", people[who], data | changes)


def renaming(people, **changes):
    wanted = {"field": "name", "should_be": "示例营造公司", **changes}
    return samples.correction(people, f"enterprise:{samples.FIRM}", **wanted)


def codes(call, *args, **named):
    with pytest.raises(Refused) as refused:
        call(*args, **named)
    return {r.code.removeprefix("credit.correction.") for r in refused.value.refusals}


def test_one_officer_alone_renames_nobody(people, held):
    case = renaming(people)
    assert codes(decide, people, case) == {"two_officers"}
    assert codes(samples.act, CORRECTION, case, "confirm", people["two"]) == {"not_proposed"}
    case = proposed(people, case)
    assert codes(samples.act, CORRECTION, case, "confirm", people["one"]) == {"same_proposer"}
    assert codes(proposed, people, case, "two") == {"proposed_already"}
    assert Enterprise.objects.get().name == "示例建筑公司"
    assert samples.act(CORRECTION, case, "confirm", people["two"]).state == "accepted"
    check()


def test_an_officer_who_filed_neither_proposes_nor_confirms_the_name(people, held):
    case = renaming(people, who="one")
    assert codes(proposed, people, case) == {"own_request"}
    case = proposed(people, case, "two")
    assert codes(samples.act, CORRECTION, case, "confirm", people["one"]) == {"own_request"}
    assert samples.act(CORRECTION, case, "confirm", people["upper"]).state == "accepted"


def test_a_name_rests_on_evidence_and_a_line_of_the_register_has_to_be_there(people, held):
    case = renaming(people)
    assert codes(proposed, people, case, evidence="") == {"evidence_missing"}
    assert codes(proposed, people, case, evidence="national_line") == {"no_such_line"}
    job = NationalImport.objects.create(
        table="TBContractRecordManage", file_name="a.csv", file_sha256="a" * 64, person_id=1,
        organisation_id=1, region="230100", imported_at=clock.now(),
    )  # fmt: skip
    NationalRecord.objects.create(
        table=job.table, key="1", uscc=samples.FIRM, imported=job,
        facts={"contractor_name": "示例营造公司"},
    )  # fmt: skip
    NationalImport.objects.update(state="waiting")
    assert codes(proposed, people, case, evidence="national_line") == {"no_such_line"}
    NationalImport.objects.update(state="in_force")
    assert proposed(people, case, evidence="national_line").proposed_by


def test_a_proposed_name_may_be_declined_by_another(people, held):
    case = proposed(people, renaming(people))
    case = decide(people, case, "decline", reason="营业执照未变更。")
    assert (case.state, Enterprise.objects.get().name) == ("declined", "示例建筑公司")


def test_what_is_not_grave_is_not_proposed(people, held):
    case = samples.correction(people, f"licence:{held.pk}")
    assert codes(proposed, people, case) == {"one_officer"}


def test_no_officer_accepts_the_own_request(people, held):
    case = samples.correction(people, f"licence:{held.pk}", who="one")
    with pytest.raises(Refused) as refused:
        decide(people, case)
    assert {r.code for r in refused.value.refusals} == {"credit.correction.own_request"}
    assert (
        samples.act(
            CORRECTION, case, "accept", people["two"], {"value": case.should_be, "reason": "属实"}
        ).state
        == "accepted"
    )


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("valid_to", "2001-01-01", "credit.licence.period_backward"),
        ("number", "OTHER-1", "credit.licence.taken"),
    ],
)
def test_what_would_break_the_rest_of_its_entry_is_not_accepted(people, held, field, value, code):
    samples.licence(people, number="OTHER-1")
    case = samples.correction(people, f"licence:{held.pk}", field=field, should_be=value)
    with pytest.raises(Refused) as refused:
        decide(people, case)
    assert code in {each.code for each in refused.value.refusals}
    assert str(getattr(Licence.objects.get(pk=held.pk), field)) != value


@pytest.mark.parametrize(
    ("field", "value"),
    [("completed_on", "2019-12-31"), ("completed_on", "2099-01-01"), ("signed_on", "2022-06-02")],
)
def test_days_of_a_declaration_stay_possible(people, held, field, value):
    row = samples.claim(people)
    case = samples.correction(people, f"claim:{row.pk}", field=field, should_be=value)
    with pytest.raises(Refused) as refused:
        decide(people, case)
    assert {r.code for r in refused.value.refusals} == {"credit.declaration.day_impossible"}


@pytest.mark.parametrize(
    ("field", "value"), [("signed_on", "2099-01-01"), ("filed_on", "2020-01-01")]
)
def test_days_of_an_achievement_stay_possible(people, held, field, value):
    row = Achievement.objects.create(
        uscc=samples.FIRM, contract_number="HT-1", project_number="", name="示例", price_fen=1,
        signed_on=date(2024, 1, 1), filed_on=date(2025, 1, 1),
    )  # fmt: skip
    case = samples.correction(people, f"achievement:{row.pk}", field=field, should_be=value)
    with pytest.raises(Refused) as refused:
        decide(people, case)
    assert {r.code for r in refused.value.refusals} == {"credit.declaration.day_impossible"}


def test_an_achievement_of_whom_the_archive_does_not_know_may_be_corrected(people):
    row = Achievement.objects.create(
        uscc=samples.FIRM, contract_number="HT-1", project_number="", name="示例", price_fen=1,
        signed_on=date(2024, 1, 1),
    )  # fmt: skip
    case = samples.correction(people, f"achievement:{row.pk}", field="name", should_be="示例医院")
    assert case.region == "230102"


def test_an_officer_who_works_for_the_enterprise_decides_none_of_its_corrections(people, held):
    Membership.objects.create(
        person_id=people["one"].person_id, role="contractor_clerk", valid_from=date(2020, 1, 1),
        organisation=Organisation.objects.get(uscc=people["firm"].uscc),
    )  # fmt: skip
    case = samples.correction(people, f"licence:{held.pk}")
    for code in ("accept", "decline"):
        with pytest.raises(Refused) as refused:
            decide(people, case, code)
        assert {r.code for r in refused.value.refusals} == {"credit.officer.interested"}


def offered(people, who, case):
    """Which acts of a request stand on somebody's desk."""
    rows = workflow.desk([CORRECTION], people[who])
    return {t.code for row in rows if row.case.pk == case.pk for t in row.transitions}


def test_a_desk_offers_what_may_be_done_with_a_renaming_and_not_what_amending_refuses(people, held):
    case = renaming(people)
    assert offered(people, "one", case) == offered(people, "two", case) == {"propose", "decline"}
    proposed(people, case)
    assert offered(people, "one", case) == {"decline"}
    assert offered(people, "two", case) == {"confirm", "decline"}
    plain = samples.correction(people, f"licence:{held.pk}")
    assert offered(people, "one", plain) == {"accept", "decline"}


def test_a_desk_offers_nobody_to_grant_the_own_request(people, held):
    case = renaming(people, who="one")
    assert offered(people, "one", case) == {"decline"}
    proposed(people, case, "two")
    assert offered(people, "one", case) == {"decline"}
    assert offered(people, "upper", case) == {"confirm", "decline"}


def test_what_stands_already_and_what_is_gone_is_not_put_right(people, held):
    case = renaming(people)
    assert codes(proposed, people, case, value="示例建筑公司") == {"value_same"}
    Enterprise.objects.all().delete()
    assert "entry_gone" in codes(proposed, people, case)
