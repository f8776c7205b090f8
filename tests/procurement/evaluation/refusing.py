"""What an act of an evaluation is refused for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kernel.errors import Refused


def refused(call: Callable[..., Any], *args: Any, **kwargs: Any) -> set[str]:
    """The codes of a refusal, without the machine's name."""
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return {r.code.removeprefix("procurement.evaluation.") for r in caught.value.refusals}
