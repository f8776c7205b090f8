"""Names of a bid's files: as many as the format takes, one more is refused."""

from __future__ import annotations

import pytest

from kernel.errors import Refused
from kernel.sealing.bids import inner


def test_a_bid_of_more_files_than_the_format_takes_is_refused() -> None:
    names = [f"{number}.pdf" for number in range(inner.MAX_FILES + 1)]
    inner.check_names(names[:-1])
    with pytest.raises(Refused) as refused:
        inner.check_names(names)
    (reason,) = refused.value.refusals
    assert (reason.code, reason.facts["limit"]) == ("sealing.envelope.too_many", inner.MAX_FILES)
