"""A bidder is told why its bid was rejected, once the result may be told, and not before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.template.loader import render_to_string

from kernel.errors import Refusal
from kernel.web.refusals import in_words
from procurement.bids import needs
from procurement.evaluation import inputs
from procurement.evaluation.models import Evaluation
from tests.procurement.evaluation.samples import NUMBER, vote

pytestmark = pytest.mark.django_db
MISSING = Refusal("procurement.evaluation.security_missing", {}, "《招标投标法实施条例》第二十六条")


@pytest.fixture
def unsecured(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first bid came without its security."""

    def faults(_terms: Any, bid: Any, _at: Any) -> tuple[inputs.Fault, ...]:
        found = inputs.Fault("response", "no_response", MISSING)
        return (found,) if bid.bid_id == 1 else ()

    monkeypatch.setattr(inputs, "_faults", [faults])


def test_with_the_failure_a_bidder_reads_grounds_record_and_findings(walk, unsecured):
    walk.open().draw().check_in().lead()
    for actor in walk.members():
        for bid in (1, 2, 3, 4):
            walk.act("vote", actor, vote(bid, "no_response", f"第 {bid} 份缺少承诺"))
    assert needs.rejection(NUMBER, 1) is None
    walk.act("fail", walk.members()[0], {"reason": "无有效投标"})
    why = needs.rejection(NUMBER, 1)
    assert why is not None
    assert (why.on_record, why.findings) == ((MISSING,), ("第 1 份缺少承诺",))
    assert "第五十一条" in why.article and len(why.grounds) == 1
    other = needs.rejection(NUMBER, 2)
    assert other is not None and (other.on_record, other.findings) == ((), ("第 2 份缺少承诺",))
    said = {"rejection": why, "rejection_on_record": in_words(why.on_record)}
    page = render_to_string("procurement/bids/rejection.html", said)
    assert why.grounds[0] in page and "第 1 份缺少承诺" in page and "第二十六条" in page


def test_of_a_report_it_is_told_with_the_publicity_and_only_to_whom_was_rejected(walk):
    from kernel.workflow.guarding import firing

    walk.open().draw().check_in().lead().vote(4)
    with firing():
        Evaluation.objects.filter(pk=walk.pk).update(state="handed")
    assert needs.rejection(NUMBER, 4) is None
    walk.market.terms = replace(walk.market.terms, publicised=True)
    told = needs.rejection(NUMBER, 4)
    assert told is not None and told.findings == ("第 3 页缺少承诺",)
    assert needs.rejection(NUMBER, 1) is None
