"""Who was called and has not come: owner and agency wait, and do not call on to whom they like."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel import clock
from kernel.errors import Refused
from kernel.workflow import sandbox
from procurement.evaluation.member_rules import TO_APPEAR
from tests.conftest import member
from tests.procurement.evaluation import samples

pytestmark = pytest.mark.django_db
ABSENT = {"seat": 1, "cause": "no_show", "statement": "未到场"}


def refused(*args):
    with pytest.raises(Refused) as caught:
        args[0](*args[1:])
    return {r.code.removeprefix("procurement.evaluation.") for r in caught.value.refusals}


@pytest.fixture
def move_to(db):
    operator = member("op", "operator", serial=6)
    return lambda at: sandbox.move_to(at, actor=operator)


@pytest.mark.parametrize("cause", ["no_show", "unable"])
def test_an_owner_does_not_call_on_until_somebody_it_likes_is_drawn(walk, move_to, cause):
    """It knows no names, but whom it bribed knows to be called, and has a seat to tell."""
    walk.open().draw()
    said = ABSENT | {"cause": cause}
    opens_at = walk.market.terms.opens_at
    assert refused(walk.act, "replace_member", walk.clerk, said) == {"may_appear"}
    walk.market.open(100_00, 102_00, 104_00)
    move_to(opens_at + TO_APPEAR - timedelta(minutes=5))
    assert refused(walk.act, "replace_member", walk.clerk, said) == {"may_appear"}
    move_to(opens_at + TO_APPEAR)
    walk.act("replace_member", walk.clerk, said)
    # Whoever is called now has as long to come.
    last = said | {"seat": 6}
    assert refused(walk.act, "replace_member", walk.clerk, last) == {"may_appear"}
    move_to(clock.now() + TO_APPEAR)
    walk.act("replace_member", walk.clerk, last)


def test_while_nothing_is_open_nobody_can_fail_to_appear(walk, move_to):
    walk.open().draw()
    move_to(walk.market.terms.opens_at + 2 * TO_APPEAR)
    assert refused(walk.act, "replace_member", walk.clerk, ABSENT) == {"may_appear"}
    walk.act("replace_member", samples.supervisor(), ABSENT)
