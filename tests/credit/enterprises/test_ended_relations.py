"""A relation of which a change waits does not end: the change, confirmed later, would undo it."""

from __future__ import annotations

import pytest

from credit.enterprises.relations import selectors
from credit.enterprises.relations.machine import RELATION
from kernel import clock
from tests.credit.enterprises.samples import act
from tests.credit.enterprises.test_relations import (
    FIRM,
    OTHER,
    document,
    people,  # noqa: F401
    proposed,
    refused,
    related,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]


def test_a_relation_of_which_a_change_waits_does_not_end_past_it(people):  # noqa: F811
    case = proposed(people, related(people), until=None)
    said = {
        "last_day": clock.today(), "source": "股权转让登记 2025-9",
        "file_sha256": document(people["two"]),
    }  # fmt: skip
    assert refused(act, RELATION, case, "end", people["two"], said) == {"proposed_already"}
    case = act(RELATION, case, "drop_proposal", people["two"], {"reason": "已终止。"})
    case = act(RELATION, case, "end", people["two"], said)
    assert (case.state, case.until) == ("ended", clock.today())
    assert selectors.among(FIRM, [OTHER], clock.now()), "up to its last day it counts"
