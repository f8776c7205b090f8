"""What happened to a bid is told in the words of the state that it led to."""

from __future__ import annotations

import pytest
from django.utils import translation

from procurement.bids.bid_machine import BID

# These say more than the state: by whose fault, on which list, of which kind.
SAY_MORE = {
    "end_with_lot",
    "resubmit", "await_decryption", "relist", "strike", "fail_decryption", "lose_file",
    "return_unopened",
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_step_of_a_bid_has_the_word_of_its_state(language: str) -> None:
    with translation.override(language):
        steps = {t.code: (str(t.done), t.target) for t in BID.transitions if t.target}
        assert set(steps) >= SAY_MORE
        for code, (done, target) in steps.items():
            if code not in SAY_MORE:
                assert done == str(BID.state(target).label), code


def test_what_says_more_than_the_state_is_told_as_done_not_as_an_order() -> None:
    with translation.override("en"):
        told = {t.code: str(t.done) for t in BID.transitions if t.code in SAY_MORE}
    assert told["resubmit"] == "Received again (sealed)"
    assert told["await_decryption"] == "Entered in the closing list"
    assert told["strike"].startswith("Struck off")
