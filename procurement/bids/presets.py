"""In how many stages a lot is opened, as data: each preset names its stages and their envelopes.

A kind of procedure that opens otherwise adds a row; nothing else asks for a preset by its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.sealing.bids.policy import ENVELOPES, Stage

ONE, TWO_ENVELOPES = "one_stage", "two_envelopes"


@dataclass(frozen=True)
class Preset:
    """Stages in their order; every envelope stands in exactly one."""

    code: str
    label: Any
    stages: tuple[Stage, ...]

    @property
    def envelopes(self) -> tuple[str, ...]:
        """The envelopes in the order of their stages, as a policy names them."""
        return tuple(name for stage in self.stages for name in stage.envelopes)


PRESETS = {
    preset.code: preset
    for preset in (
        Preset(ONE, _("一次开启"), (Stage("opening", ENVELOPES),)),
        Preset(
            TWO_ENVELOPES,
            _("双信封：先资格和技术，后报价"),
            (
                Stage("technical", ("qualification", "technical")),
                Stage("price", ("opening_sheet", "price")),
            ),
        ),
    )
}
