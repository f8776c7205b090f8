"""What the tests of sealing share: where the vectors are, and the code of a refusal."""

import json
from pathlib import Path
from typing import Any

import pytest

from kernel.errors import Refused


def vectors(name: str) -> dict[str, Any]:
    """The known answers of one file."""
    return json.loads((Path(__file__).parent / "vectors" / f"{name}.json").read_text("utf-8"))


def refusal(call, *arguments, **keywords) -> str:
    """The code that a call is refused with."""
    with pytest.raises(Refused) as refused:
        call(*arguments, **keywords)
    assert len(refused.value.refusals) == 1
    return refused.value.refusals[0].code
