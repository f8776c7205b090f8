"""What the tests of sealing share: where the vectors are, and the code of a refusal."""

import json
from pathlib import Path
from typing import Any

import pytest

from kernel.errors import Refused
from kernel.sealing.messages import WORDINGS


def vectors(name: str) -> dict[str, Any]:
    """The known answers of one file."""
    return json.loads((Path(__file__).parent / "vectors" / f"{name}.json").read_text("utf-8"))


def refusal(call, *arguments, **keywords) -> str:
    """The code that a call is refused with."""
    with pytest.raises(Refused) as refused:
        call(*arguments, **keywords)
    (reason,) = refused.value.refusals
    # Words that do not fit the facts would be shown as a bare template.
    assert str(WORDINGS[reason.code].message) % dict(reason.facts)
    return reason.code
