"""Words of machines are put into each language, whichever was asked for first."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from kernel.access.table import TABLE
from kernel.web import spoken
from kernel.workflow.machines import machine, machines

LANGUAGES = ("zh-hans", "en", "zh-hans")


@pytest.mark.parametrize("code", sorted(machines()))
def test_words_are_those_of_the_language_that_is_active(code: str) -> None:
    kind = machines()[code]
    for language in LANGUAGES:
        with override(language):
            assert spoken.kind(kind) == str(kind.label)
            for state in kind.states:
                assert spoken.chip(kind, state.code).label == str(state.label)
            for act in kind.transitions:
                said = spoken.act(kind, act.code)
                assert (said.label, said.done) == (str(act.label), str(act.done or act.label))


def test_roles_are_those_of_the_language_that_is_active() -> None:
    for language in LANGUAGES:
        with override(language):
            assert {code: spoken.role(code) for code in TABLE.roles} == {
                code: str(role.label) for code, role in TABLE.roles.items()
            }


def test_an_act_that_a_machine_has_no_more_is_called_by_its_code() -> None:
    kind = machine("procurement.project")
    assert kind is not None
    assert spoken.act(kind, "no_such_act") == ("no_such_act", "no_such_act", "")
