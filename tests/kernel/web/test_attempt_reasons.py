"""Why an attempt was refused, as the register of refused attempts tells it in each language."""

from __future__ import annotations

from django.utils import translation

from kernel import clock
from kernel.regulation.citing import told
from kernel.web.views import attempts as views
from kernel.workflow.models import RefusedAct


def test_reasons_of_the_register_stand_beside_their_articles_in_no_brackets_within_brackets():
    article = "平台规则（比照《建筑法》第8条）（平台默认值，非法定）"
    kept = [
        {"code": "procurement.tender.award_reported", "facts": {}, "article": article, "field": ""}
    ]
    row = RefusedAct(at=clock.now(), refusals=kept)
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said = views._reasons(row)
            assert f" · {told(article)} · procurement.tender.award_reported" in said
            assert "))" not in said and "））" not in said


def test_what_a_rule_advised_is_told_in_the_readers_language():
    advice = "不得限定投标人的所有制形式或者组织形式"
    facts = {"words": "国有", "excerpt": "…", "clause": 6, "advice": advice}
    code = "procurement.tender.restriction"
    kept = [{"code": code, "facts": facts, "article": "", "field": ""}]
    row = RefusedAct(at=clock.now(), refusals=kept)
    with translation.override("en"):
        said = views._reasons(row)
    assert "Do not restrict the ownership" in said and advice not in said
