"""A draft that is no scheme at all: each such fault has a code, and none runs."""

from __future__ import annotations

import pytest

from credit.scoring import studies
from kernel.errors import Refused
from tests.credit.scoring.test_studies import HOME, row, without


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x" * (studies.LONGEST_DRAFT + 1), "credit.scheme.draft_long"),
        (HOME + row("formula", 'name = "nothing"'), "credit.scheme.no_formula"),
        (without(HOME, "item."), "credit.scheme.no_items"),
        ("rule_set = 7\n", "credit.scheme.shape"),
        (HOME + row("base", "value = 6000"), "credit.scheme.twice"),
        ("a = " + "9" * 5000 + "\n", "credit.scheme.unreadable"),
        # A key of a hundred thousand parts took its reader half a minute of the web server's time.
        ("[" + ".".join("a" * 99_000) + "]\n", "credit.scheme.unreadable"),
        ("x = {" + ".".join("a" * 99_000) + " = 1}\n", "credit.scheme.unreadable"),
    ],
)
def test_a_draft_that_is_no_scheme_is_refused_by_its_code(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        studies.drafted(text)
    assert code in {reason.code for reason in refused.value.refusals}
