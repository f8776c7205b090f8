"""An enterprise's public page: what its score is made of, and when its grade comes back."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from credit.enterprises.models import Enterprise
from credit.scoring.models import PointEntry
from kernel import clock
from kernel.workflow import sandbox
from tests.e2e.browsing import CHROMIUM, DESK, PHONE
from tests.e2e.visitor import visitors

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api")
FIRM = "91230102PDY0003197"


@pytest.mark.parametrize(("language", "size"), [("zh-hans", DESK), ("en", PHONE)])
def test_anybody_reads_what_a_score_is_made_of(
    browser: Any, site: str, own_var: Path, committed: None, language: str, size: dict[str, int]
) -> None:
    sandbox.begin_at(datetime(2026, 3, 2, 9, 0, tzinfo=clock.LEGAL_ZONE))
    now = clock.now()
    Enterprise.objects.create(uscc=FIRM, name="示例建设集团有限公司", entered_at=now)
    for number, (item, age) in enumerate(
        [("performance_excellent", 200), ("hazard_major", 100), ("wage_arrears", 500)], start=1
    ):
        at = now - timedelta(days=age)
        PointEntry.objects.create(
            uscc=FIRM, item=item, group=f"文书{number}", effective_on=clock.legal_date(at),
            recorded_at=at, cause=f"test:{number}", record_id=number,
            document_number=f"哈建罚〔2025〕{number}号",
        )  # fmt: skip
    with visitors(browser, site) as arrive:
        reader = arrive("reader", language, viewport=size)
        reader.page.goto(f"/credit/enterprises/{FIRM}/")
        reader.look("enterprise")
        words = "若无新的记录" if language == "zh-hans" else "If nothing new happens"
        assert reader.page.get_by_text(words).is_visible()
