"""The archive in a browser: a page is read, a mistake pointed out, decided, and put right."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from credit.enterprises.models import Achievement, Correction, Licence, NationalImport
from kernel import clock
from kernel.workflow import sandbox
from procurement.bids import lots
from tests.credit.conduct import samples as officers
from tests.credit.enterprises import samples
from tests.credit.enterprises.national.files import as_csv, bring
from tests.credit.enterprises.national.test_reading import cells
from tests.e2e.browsing import CHROMIUM, DESK, PHONE
from tests.e2e.visitor import visitors
from tests.procurement.bids.support import LOT, FakeLot

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api")
PAGE = f"/credit/enterprises/{samples.FIRM}/"


@pytest.mark.parametrize(("language", "size"), [("zh-hans", DESK), ("en", PHONE)])
def test_a_mistake_is_pointed_out_decided_and_put_right(
    browser: Any, site: str, own_var: Path, committed: None, tmp_path: Path, language: str,
    size: dict[str, int],
) -> None:  # fmt: skip
    sandbox.begin_at(datetime(2026, 3, 2, 9, 0, tzinfo=clock.LEGAL_ZONE))
    people = officers.officers()
    lots.use(FakeLot(state="published", deadline=clock.now() + timedelta(days=20)).find)
    held = samples.licence(people)
    samples.licence(
        people, kind="person", holder="示例经理", trade="building", grade="", number="黑1",
        certificate="constructor_first",
    )  # fmt: skip
    samples.claim(people)
    samples.finance(people)
    proof = tmp_path / "proof.pdf"
    proof.write_bytes(b"%PDF-1.7 proof")
    table = tmp_path / "contracts.csv"
    own = cells(ContractorCorpCode=samples.FIRM)
    bring(people, as_csv(own | {"ContractMoney": "10000"}))
    new = [own | {"RecordNum": f"R-{n}", "ContractNum": f"HT-{n}"} for n in range(25)]
    table.write_bytes(as_csv(*new, own, cells(RecordNum="")))
    try:
        with visitors(browser, site) as arrive:
            other = arrive("other", language, viewport=size)
            other.log_in("other")
            other.page.goto(PAGE)
            other.look("enterprise")
            with other.page.expect_navigation():
                other.page.locator(f"#licences a[href*='licence%3A{held.pk}']").click()
            other.look("correct-form")
            other.fill({"field": "issuer", "should_be": "哈尔滨市住建局", "says": "原件如此。"})
            other.page.set_input_files("input[type=file]", str(proof))
            other.act("correct")
            known = f"entry=licence%3A{held.pk}&field=grade"
            other.page.goto(f"/cases/credit.correction/new/?{known}")
            other.look("correct-grade")
            other.fill({"should_be": "first", "says": "原件如此。"})
            other.page.set_input_files("input[type=file]", str(proof))
            other.act("correct-grade-done")
            grade = Correction.objects.get(field="grade")
            firm = arrive("firm", language, viewport=size)
            firm.log_in("firm")
            firm.look("desk-told")
            firm.page.goto(f"/bids/mine/{LOT}/archive/")
            firm.look("bid-archive")
            officer = arrive("officer", language, viewport=size)
            officer.log_in("one")
            officer.look("desk")
            with officer.page.expect_navigation():
                issuer = Correction.objects.get(field="issuer")
                case = f"/cases/credit.correction/{issuer.pk}/"
                officer.page.locator(f"main a[href*='{case}']").first.click()
            officer.look("correction")
            if "/acts/" not in officer.page.url:
                officer.act_page("accept")
            officer.fill({"reason": "与证书原件一致。"})
            officer.act("accept")
            officers.settle()
            assert Licence.objects.get(pk=held.pk).issuer == "哈尔滨市住建局"
            officer.page.goto(f"/cases/credit.correction/{grade.pk}/")
            officer.look("correction-of-grade")
            officer.act_page("accept")
            assert officer.page.locator("select[name=value]").input_value() == "first"
            officer.look("accept-grade")
            other.page.goto(PAGE)
            assert other.page.locator("#changes").get_by_text("哈尔滨市住建局").is_visible()
            officer.page.goto("/credit/national/")
            officer.look("national")
            officer.page.select_option("[name=table]", "TBContractRecordManage")
            officer.page.set_input_files("input[type=file]", str(table))
            officer.submit()
            officer.look("national-report")
            assert not officer.page.locator("button[value=confirm]").count()
            second = arrive("second", language, viewport=size)
            second.log_in("two")
            second.look("desk-awaiting")
            with second.page.expect_navigation():
                job = NationalImport.objects.get(state="waiting")
                second.page.locator(f"main a[href='/credit/national/{job.pk}/']").click()
            second.look("national-confirm")
            changes = f"/credit/national/{job.pk}/changes/"
            with second.page.expect_navigation():
                second.page.locator(f"main a[href='{changes}']").click()
            assert second.page.get_by_text("100,000,000.00").first.is_visible()
            second.look("national-changes")
            second.page.goto(f"/credit/national/{job.pk}/")
            with second.page.expect_navigation():
                second.page.locator("button[value=confirm]").click()
            second.look("national-confirmed")
            assert Achievement.objects.filter(uscc=samples.FIRM).exists()
            other.page.goto("/credit/enterprises/?trade=building&grade=second")
            other.look("register")
    finally:
        lots.use(None)
