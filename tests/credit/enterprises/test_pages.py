"""The public register and an enterprise's page: what is found, what is said, at constant cost."""

from __future__ import annotations

import importlib
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from credit.enterprises.models import Enterprise
from kernel import clock
from kernel.identifiers import uscc
from kernel.parties.models import User
from tests.credit.conduct import samples as officers
from tests.credit.enterprises import samples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
OTHER = uscc.demonstration("230600", 41)


@pytest.fixture
def people():
    people = officers.officers()
    samples.licence(people)
    daqing = {"uscc": OTHER, "name": "大庆示例公司"}
    samples.licence(people, "upper", **daqing, trade="municipal", grade="first")
    return people


def found(client, **asked):
    page = client.get("/credit/enterprises/", asked).content.decode()
    return {code for code in (samples.FIRM, OTHER) if code in page}


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({}, {samples.FIRM, OTHER}),
        ({"trade": "municipal"}, {OTHER}),
        ({"grade": "second"}, {samples.FIRM}),
        ({"trade": "municipal", "grade": "second"}, set()),
        ({"region": "230600"}, {OTHER}),
        ({"region": "230000"}, {samples.FIRM, OTHER}),
        ({"q": "大庆"}, {OTHER}),
        ({"region": "230600", "q": "示例建筑"}, set()),
    ],
)
def test_the_register_is_searched_by_trade_grade_place_and_name(people, client, asked, codes):
    assert found(client, **asked) == codes


GUEST = uscc.demonstration("440300", 43)


@pytest.fixture
def guest(people):
    """Of Shenzhen, entered by the officer of Daqing."""
    samples.licence(people, "far", uscc=GUEST, name="外省示例公司")


@pytest.mark.parametrize(
    ("region", "shown"),
    [("440000", True), ("440300", True), ("230600", False), ("230000", False), ("", True)],
)
def test_one_of_another_province_is_found_where_it_is_registered(guest, client, region, shown):
    page = client.get("/credit/enterprises/", {"region": region}).content.decode()
    assert (GUEST in page) == shown
    assert '<option value="440000"' in page


@pytest.mark.parametrize("region", ["440000", "230600"])
def test_the_search_of_everything_finds_it_there_too(guest, region):
    from kernel.search import selectors as search

    officers.settle()
    found = search.find("外省示例公司", region=region)
    assert [hit.key for hit in found.hits] == ([GUEST] if region == "440000" else [])


def test_its_page_tells_where_it_is_registered_and_who_keeps_it(guest, client):
    page = client.get(f"/credit/enterprises/{GUEST}/").content.decode()
    assert "广东省 440300" in page and "大庆市" in page and "在本省的建档地" in page
    own = client.get(f"/credit/enterprises/{samples.FIRM}/").content.decode()
    assert "道里区" in own and "在本省的建档地" not in own


def test_the_migration_tells_both_apart_and_back(guest):
    migration = importlib.import_module("credit.migrations.0018_where_registered")
    rows = Enterprise.objects.values_list("uscc", "region", "kept_in")
    after = set(rows)
    migration.join(apps, None)
    assert {(GUEST, "230600", "230600"), (OTHER, "230600", "230600")} < set(rows.all())
    migration.separate(apps, None)
    assert set(rows.all()) == after


def test_the_register_is_searched_by_credit(people, client):
    from credit.scoring import selectors as scoring

    before = scoring.score(samples.FIRM, clock.today(), clock.now()).grade
    assert found(client, credit=before) == {samples.FIRM, OTHER}
    for _serial in range(3):
        officers.published(people, item="wage_arrears")
    after = scoring.score(samples.FIRM, clock.today(), clock.now()).grade
    assert after != before
    assert found(client, credit=after) == {samples.FIRM}
    assert found(client, credit=before) == {OTHER}


def test_a_declared_achievement_never_stands_without_its_level(people, client):
    samples.claim(people)
    page = client.get(f"/credit/enterprises/{samples.FIRM}/").content.decode()
    row = page[page.index("外省示例大厦") :]
    assert "企业自行申报" in row[: row.index("</tr>")]


def test_scope_change_log_and_code_to_check_stand_on_the_page(people, client):
    page = client.get(f"/credit/enterprises/{samples.FIRM}/").content.decode()
    for text in ("建筑高度", "100", "变更记录", "data:image/svg+xml", "二维码"):
        assert text in page


def test_who_is_signed_in_may_point_a_mistake_out_and_nobody_else(people, client):
    address = f"/credit/enterprises/{samples.FIRM}/"
    assert "申请更正</a>" not in client.get(address).content.decode()
    client.force_login(User.objects.get(username="other"), BACKEND)
    page = client.get(address).content.decode()
    assert "credit.correction/new/?entry=licence" in page
    link = (
        page[page.index("/cases/credit.correction/new/?entry=licence") :]
        .split('"')[0]
        .replace("&amp;", "&")
    )
    form = client.get(link).content.decode()
    assert 'value="licence:' in form


def test_an_identity_number_never_stands_on_a_public_page(people, client):
    held = samples.licence(
        people, kind="person", holder="示例经理", trade="building", grade="", number="黑1",
        certificate="constructor_first", holder_id="11010519491231002X",
    )  # fmt: skip
    public = client.get(f"/credit/enterprises/{samples.FIRM}/").content.decode()
    assert "示例经理" in public and "一级注册建造师" in public
    assert "11010519491231002X" not in public and "110105***" not in public
    client.force_login(User.objects.get(username="one"), BACKEND)
    case = client.get(f"/cases/credit.licence/{held.pk}/").content.decode()
    assert "11010519491231002X" not in case and "110105********002X" in case


def test_a_page_asks_no_more_for_ten_entries_than_for_one(people, client):
    def asked() -> int:
        client.get(f"/credit/enterprises/{samples.FIRM}/")
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/credit/enterprises/{samples.FIRM}/")
        return len(captured)

    samples.claim(people)
    samples.finance(people)
    one = asked()
    for serial in range(8):
        samples.licence(people)
        samples.claim(people, contract_number=f"WS-{serial}")
        samples.finance(people, year=2015 + serial)
    assert asked() == one


def test_a_certificate_that_is_over_is_no_staff(people, client):
    samples.licence(
        people, kind="person", holder="旧经理", trade="", grade="", number="黑2",
        valid_to=clock.today() + timedelta(days=1),
    )  # fmt: skip
    officers.later(people, 2)
    page = client.get(f"/credit/enterprises/{samples.FIRM}/").content.decode()
    staff = page[page.index('id="staff"') : page.index('id="achievements"')]
    assert "旧经理" not in staff


@pytest.mark.parametrize(
    ("page", "leads_to"),
    [
        ("/credit/enterprises/", {"/credit/records/", "/credit/records/listed/"}),
        ("/credit/records/", {"/credit/enterprises/", "/credit/records/listed/"}),
        ("/credit/records/listed/", {"/credit/enterprises/", "/credit/records/"}),
    ],
)
def test_each_public_register_of_credit_leads_to_the_others(client, page, leads_to):
    text = client.get(page).content.decode()
    assert {one for one in leads_to if f'href="{one}"' in text} == leads_to


@pytest.mark.parametrize(
    ("who", "leads_to"),
    [("firm", "/credit/mine/"), ("one", f"/credit/enterprises/{samples.FIRM}/score/"), ("", "")],
)
def test_from_its_page_who_may_read_every_point_gets_there(people, client, who, leads_to):
    if who:
        client.force_login(User.objects.get(username=who), BACKEND)
    page = client.get(f"/credit/enterprises/{samples.FIRM}/").content.decode()
    ways = {"/credit/mine/", f"/credit/enterprises/{samples.FIRM}/score/"}
    assert {one for one in ways if f'href="{one}"' in page} == ({leads_to} if leads_to else set())


def test_a_scheme_is_called_by_its_title(people, client):
    page = client.get(f"/credit/enterprises/{samples.FIRM}/").content.decode()
    assert "建筑市场信用评价方案" in page
    assert "schemes.heilongjiang" not in page


def test_the_change_log_names_the_case_it_was_told_by(people, client):
    log = client.get(f"/credit/enterprises/{samples.FIRM}/").content.decode()
    log = log.partition('id="changes"')[2]
    assert "credit.licence:" not in log
    assert "企业证照 #" in log


def test_the_change_log_tells_nothing_of_a_declaration_that_was_refused(people, client):
    from credit.enterprises.corrections.machine import CORRECTION
    from credit.enterprises.declarations.machine import FINANCE

    row = samples.finance(people)
    case = samples.correction(
        people, f"finance:{row.pk}", field="revenue_fen", should_be="8765432.10"
    )
    data = {"reason": "经核对审计报告，更正。", "value": case.should_be}
    samples.act(CORRECTION, case, "accept", people["one"], data)
    page = f"/credit/enterprises/{samples.FIRM}/"
    told = client.get(page).content.decode().partition('id="changes"')[2]
    assert "8,765,432.10" in told
    row.refresh_from_db()
    samples.act(FINANCE, row, "refuse", people["one"], {"reason": "与审计报告不符。"})
    told = client.get(page).content.decode().partition('id="changes"')[2]
    assert "8,765,432.10" not in told


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-hans", "施工总承包 二级"), ("en", "general contracting, Second grade")],
)
def test_trade_and_grade_are_parted_as_the_language_parts_them(people, client, language, said):
    client.cookies["django_language"] = language
    assert said in client.get(f"/credit/enterprises/{samples.FIRM}/").content.decode()
