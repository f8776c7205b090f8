"""What a case is in is told as a state, not as the act that brings it there."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from kernel.workflow.machines import machines

# Whoever reads the chip and the buttons beside it has to tell them apart.
PACKAGES = ("credit", "equipment", "labour", "procurement")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_state_is_called_as_an_act_that_people_do(language: str) -> None:
    alike = []
    for machine in machines().values():
        if machine.code.partition(".")[0] not in PACKAGES:
            continue
        with override(language):
            acts = {str(act.label): act.code for act in machine.transitions if not act.automatic}
            for state in machine.states:
                if (label := str(state.label)) in acts:
                    alike.append((machine.code, state.code, acts[label], label))
    assert alike == []
