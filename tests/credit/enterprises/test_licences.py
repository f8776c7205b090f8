"""What an enterprise holds decides whether it may bid; where it is registered never does."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from credit.enterprises import selectors
from credit.enterprises.corrections.machine import CORRECTION
from credit.enterprises.machine import LICENCE
from credit.enterprises.models import (
    ArchiveChange,
    Correction,
    Enterprise,
    Licence,
)
from kernel import clock
from kernel.documents.workbooks import open_workbook
from kernel.errors import NotPermitted, Refused
from kernel.events import services as events
from kernel.events.models import Delivery
from kernel.identifiers import uscc
from kernel.workflow.firing import fire
from tests.credit.conduct import samples
from tests.credit.enterprises.samples import act, document

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
FIRM = samples.FIRM
_keys = itertools.count(1)


@pytest.fixture
def people():
    return samples.officers()


def payload(**changes: Any) -> dict[str, Any]:
    return {
        "uscc": FIRM,
        "name": "示例建筑公司",
        "kind": "qualification",
        "number": f"D223000{next(_keys):03d}",
        "trade": "building",
        "grade": "second",
        "issuer": "示例住房和城乡建设厅",
        "valid_from": date(2023, 1, 1),
        "valid_to": date(2027, 12, 31),
        **changes,
    }


def safety(**changes: Any) -> dict[str, Any]:
    number = f"(黑)JZ安许证字[2024]{next(_keys):06d}"
    return payload(kind="safety", number=number, trade="", grade="", **changes)


def record(people, data, who="one"):
    data = {"file_sha256": document(people[who])} | data
    receipt = fire(
        LICENCE.code, None, "record", actor=people[who], payload=data, key=f"l-{next(_keys)}"
    )
    samples.settle()
    return Licence.objects.get(pk=receipt.case_pk)


def bid(trade="building", grade="second", at=None):
    found = selectors.refusals_to_bid(FIRM, trade=trade, grade=grade, at=at or clock.now())
    return {reason.code.removeprefix("credit.enterprise.") for reason in found}


def test_who_holds_nothing_may_not_bid_and_learns_every_reason(people):
    assert bid() == {"not_qualified", "safety_licence_missing"}


@pytest.mark.parametrize(
    ("held", "wanted", "may"),
    [("second", "second", True), ("first", "second", True), ("third", "second", False)],
)
def test_the_grade_must_be_no_lower_than_what_is_asked(people, held, wanted, may):
    record(people, payload(grade=held))
    record(people, safety())
    assert bid(grade=wanted) == (set() if may else {"not_qualified"})


def test_a_grade_that_nobody_knows_is_said_to_be_unknown_and_qualifies_nobody(people):
    record(people, payload(grade="first"))
    record(people, safety())
    assert bid(grade="3") == {"grade_unknown"}
    assert bid(grade="") == set()


def test_another_trade_does_not_qualify(people):
    record(people, payload(trade="municipal"))
    record(people, safety())
    assert bid() == {"not_qualified"}


def test_a_licence_holds_on_its_last_day_and_lapses_by_itself_after_it(people):
    record(people, payload())
    held = record(people, safety(valid_to=clock.today() + timedelta(days=5)))
    samples.later(people, 5)
    assert bid() == set()
    samples.later(people, 1)
    assert Licence.objects.get(pk=held.pk).state == "lapsed"
    assert bid() == {"safety_licence_missing"}


def test_a_revoked_licence_qualifies_nobody(people):
    record(people, safety())
    held = record(people, payload())
    fire(
        LICENCE.code, held.pk, "revoke", actor=people["one"], key="r", seen_version=held.version,
        payload={"document_number": "示例撤字 1 号", "reason": "以欺骗手段取得"},
    )  # fmt: skip
    assert bid() == {"not_qualified"}


def test_who_is_on_a_list_may_not_bid(people):
    record(people, payload())
    record(people, safety())
    listed = samples.published(people, item="collusion")
    samples.listed(people, listed)
    assert bid() == {"barred"}


def test_the_archive_knows_an_enterprise_from_its_first_licence_where_its_code_says(people):
    record(people, payload())
    found = Enterprise.objects.get()
    assert (found.name, found.region, found.kept_in) == ("示例建筑公司", "230102", "230102")


def refused(people, data, who="one"):
    with pytest.raises(Refused) as found:
        record(people, data, who)
    return {reason.code.removeprefix("credit."): reason for reason in found.value.refusals}


def business(**changes: Any) -> dict[str, Any]:
    return payload(kind="business", trade="", grade="", **changes)


def test_no_licence_but_the_business_licence_asks_for_another_name(people, client):
    record(people, payload())
    found = refused(people, safety(name="示例建筑集团"))
    assert set(found) == {"licence.name_differs"}
    assert found["licence.name_differs"].facts == {"name": "示例建筑公司"}
    assert "平台规则" in found["licence.name_differs"].article
    unproven = business(name="示例建筑集团", proof="C", file_sha256="")
    assert set(refused(people, unproven)) == {"licence.name_differs", "licence.proof_missing"}
    assert Enterprise.objects.get().name == "示例建筑公司"
    held = record(people, business(name="示例建筑集团"))
    assert Enterprise.objects.get().name == "示例建筑公司"  # one officer alone renames nobody
    asked = Correction.objects.get()
    assert (asked.should_be, asked.document_sha256) == ("示例建筑集团", held.file_sha256)
    for who, code in (("one", "same_proposer"), ("firm", "")):
        with pytest.raises(Refused if code else NotPermitted) as refusal:
            act(CORRECTION, asked, "confirm", people[who])
        if code:
            assert f"credit.correction.{code}" in {r.code for r in refusal.value.refusals}
    act(CORRECTION, asked, "confirm", people["two"])
    assert Enterprise.objects.get().name == "示例建筑集团"
    change = ArchiveChange.objects.get(entry=f"enterprise:{FIRM}")
    assert (change.field, change.old, change.new) == ("name", "示例建筑公司", "示例建筑集团")
    assert change.source == asked.number
    assert "企业 示例建筑集团" in client.get(f"/credit/enterprises/{FIRM}/").content.decode()


def test_an_officer_records_for_enterprises_of_the_own_place_only(people):
    found = refused(people, payload(), "far")
    assert set(found) == {"licence.of_another_place"}
    assert found["licence.of_another_place"].facts == {"region": "230102"}
    record(people, payload(), "upper")
    assert set(refused(people, safety(), "far")) == {"licence.of_another_place"}
    assert record(people, safety()).region == "230100"


def test_an_enterprise_of_another_province_is_kept_by_the_place_that_entered_it(people):
    guest = {"uscc": uscc.demonstration("440100", 8)}
    record(people, payload(**guest), "far")
    found = Enterprise.objects.get()
    assert (found.region, found.kept_in) == ("440100", "230600")
    assert set(refused(people, safety(**guest))) == {"licence.of_another_place"}
    record(people, safety(**guest), "upper")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"trade": "space"}, "credit.licence.code_unlisted"),
        ({"valid_to": date(2022, 1, 1)}, "credit.licence.period_backward"),
        ({"kind": "person", "trade": "", "grade": ""}, "credit.licence.holder_missing"),
        ({"kind": "safety"}, "identifiers.safety_licence.form"),
        ({"uscc": "91230102MA0000000X"}, "identifiers.uscc.check"),
    ],
)
def test_an_unsound_licence_is_refused_by_name(people, changes, code):
    with pytest.raises(Refused) as refused:
        record(people, payload(**changes))
    assert code in {reason.code for reason in refused.value.refusals}
    assert not Licence.objects.exists()


def test_one_number_is_in_force_once(people):
    first = record(people, payload())
    with pytest.raises(Refused) as refused:
        record(people, payload(number=first.number))
    assert refused.value.refusals[0].code == "credit.licence.taken"


def test_no_enterprise_writes_its_own_archive(people):
    with pytest.raises(NotPermitted):
        record(people, payload(), who="firm")


def test_pages_are_public_and_show_what_is_shown(people, client):
    record(people, payload())
    samples.published(people)
    for url in ("/credit/enterprises/", f"/credit/enterprises/{FIRM}/", "/credit/records/"):
        answer = client.get(url)
        assert answer.status_code == 200
    page = client.get(f"/credit/enterprises/{FIRM}/").content.decode()
    assert "58.00" in page and "一般事故隐患" in page
    assert client.get("/credit/enterprises/91230102MA0000000X/").status_code == 404


def test_an_enterprise_is_found_by_any_part_of_its_name_or_code(people):
    from kernel.search.selectors import find

    record(people, payload())
    for text in ("建筑", FIRM[4:9]):
        assert [hit.key for hit in find(text, kinds=("enterprise",)).hits] == [FIRM]


def test_who_is_told_first_of_a_licence_does_not_matter(people):
    from kernel.search.selectors import find

    data = payload(file_sha256=document(people["one"]))
    fire(LICENCE.code, None, "record", actor=people["one"], payload=data, key="l-first")
    for delivery in Delivery.objects.order_by("-subscriber"):
        assert events.deliver(delivery.pk)
    assert Enterprise.objects.get().name == "示例建筑公司"
    assert [hit.key for hit in find("建筑", kinds=("enterprise",)).hits] == [FIRM]


def test_the_register_asks_no_more_for_ten_enterprises_than_for_one(people, client):
    def asked() -> int:
        client.get("/credit/enterprises/")
        with CaptureQueriesContext(connection) as captured:
            page = client.get("/credit/enterprises/").content.decode()
        assert page.count("示例建筑公司") == Enterprise.objects.count()
        return len(captured)

    record(people, payload())
    samples.published(people)
    one = asked()
    for serial in range(9):
        record(people, payload(uscc=uscc.demonstration("230102", 700 + serial)))
    assert asked() == one


def test_the_register_is_a_sheet_with_scores_that_are_numbers(people, client):
    record(people, payload())
    samples.published(people)
    sheet = b"".join(client.get("/credit/enterprises/?format=xlsx").streaming_content)
    _head, row = open_workbook(BytesIO(sheet)).rows()
    assert (row.cells[0], row.cells[3]) == (FIRM, 58)
