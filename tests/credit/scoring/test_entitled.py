"""Who sees all of a score: its enterprise and the authorities; everybody else is refused."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from credit.scoring import entitled
from kernel.errors import NotPermitted


def actor(uscc: str, role: str = "contractor_clerk") -> Any:
    return SimpleNamespace(uscc=uscc, role=role)


def test_the_enterprise_and_an_authority_see_it_and_a_rival_does_not() -> None:
    entitled.require(actor("A"), "A")
    entitled.require(actor("", next(iter(entitled.OVERSEERS))), "A")
    with pytest.raises(NotPermitted) as refused:
        entitled.require(actor("B"), "A")
    (reason,) = refused.value.refusals
    assert (reason.code, reason.facts) == ("credit.score.not_yours", {"uscc": "A"})
