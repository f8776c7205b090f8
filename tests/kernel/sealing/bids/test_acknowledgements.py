"""Acknowledgements of parts: one spelling, nothing beyond the end, and of this upload alone."""

from dataclasses import replace

import pytest

from kernel.sealing.bids.acknowledgements import Acknowledgement, check, read_acknowledgement
from tests.kernel.sealing.bids.support import BIDDERS, LOT, NOW, altered, codes

SAID = Acknowledgement("ab" * 16, LOT, BIDDERS[0], 5, 9, NOW)


def test_what_is_written_is_read():
    assert read_acknowledgement(SAID.encode()) == SAID


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"offset": 10}, "sealing.acknowledgement.beyond"),
        ({"offset": -1}, "sealing.format.field"),
        ({"length": 0}, "sealing.format.field"),
        ({"upload": "AB" * 16}, "sealing.format.field"),
        ({"at": "2026-03-02"}, "sealing.format.field"),
        ({"more": 1}, "sealing.format.unknown"),
        ({"format": "zhuxin-bid-receipt/1"}, "sealing.format.kind"),
    ],
)
def test_another_form_is_refused(changes, code):
    assert codes(read_acknowledgement, altered(SAID.encode(), **changes)) == [code]


def test_every_part_that_is_of_another_upload_is_named():
    other = replace(SAID, upload="cd" * 16, lot="X", bidder=BIDDERS[1], offset=4, length=8)
    assert codes(check, other, SAID) == ["sealing.acknowledgement.other"] * 5
    check(SAID, replace(SAID, at=NOW.replace(year=2027)))
