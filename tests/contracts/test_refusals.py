"""Every refusal that has words is provoked by a test, or says here why none provokes it."""

from __future__ import annotations

import pytest

from kernel.errors import catalogue
from tests import provoked

# Each reason is why no test names the code yet; writing that test is how a line leaves this list.
_PDF = "the PDF library finds it; our own authority issues no certificate or file that it finds so"
_OPENING = "needs an opening of several trustees brought to this very step by their own programs"
_COPIES = "needs a bid whose stored copies were lost behind the platform's back"
# Code -> why no test names it. A code that a test names, or that has no words, is a fault here.
UNPROVOKED = {
    "credit.scheme.weight_nought": "needs a whole scheme by sections with one weight of nought",
    **dict.fromkeys(
        (
            "documents.pdf.locked",
            "documents.signature.certificate_not_yet_valid",
            "documents.signature.certificate_usage",
            "documents.signature.issuer_revoked",
            "documents.signature.untrusted",
            "documents.signature.weak_algorithm",
        ),
        _PDF,
    ),
    "procurement.bid.no_copy": _COPIES,
    "procurement.bid.no_file": _COPIES,
    **dict.fromkeys(
        (
            "procurement.opening.cure_unknown",
            "procurement.opening.draw_stale",
            "procurement.opening.protest_late",
            "procurement.opening.share_off_list",
            "procurement.policy.announcement_other",
            "procurement.policy.no_draft",
            "procurement.task.no_file",
            "sealing.protest.tree",
            "sealing.share.broken",
        ),
        _OPENING,
    ),
    "web.field.unknown": "a page that is not there says no more than that; its status is tested",
    "procurement.upload.protocol": "told by the statuses 412 and 415, which are what clients read",
}


@pytest.fixture(scope="module")
def named() -> set[str]:
    return provoked.named(catalogue.codes())


def test_every_refusal_is_named_by_a_test_that_waits_for_it(named: set[str]) -> None:
    assert sorted(catalogue.codes() - named - UNPROVOKED.keys()) == []


def test_the_list_holds_no_code_that_is_tested_meanwhile_or_gone(named: set[str]) -> None:
    assert sorted(UNPROVOKED.keys() & named) == []
    assert sorted(UNPROVOKED.keys() - catalogue.codes()) == []


def test_the_list_is_short_and_gives_reasons() -> None:
    assert all(len(reason) > 20 for reason in UNPROVOKED.values())
    assert len(UNPROVOKED) <= 20


@pytest.mark.parametrize(
    ("end", "texts", "so"),
    [
        ("late", {"late"}, True),
        ("late", {"procurement.bid.late"}, True),
        ("late", {"too_late"}, False),
        ("need_wage_bond", {"need_{", "wage_bond"}, True),
        ("need_wage_bond", {"need_{", "wage_account"}, False),
        ("need_wage_bond", {"wage_bond"}, False),
    ],
)
def test_an_end_is_named_whole_or_as_a_piece_and_a_name(
    end: str, texts: set[str], so: bool
) -> None:
    assert provoked.ends_so(end, frozenset(texts)) is so
