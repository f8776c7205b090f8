"""A bid that the play seals at the page is handed in, replaced, read by the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from procurement.bids.models import Bid
from procurement.demonstration.play import Play
from procurement.demonstration.stages import bids
from tests.e2e.browsing import CHROMIUM

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
pytest.importorskip("playwright.sync_api")


def by(play: Play) -> list[tuple[str, str]]:
    return [(s.facts["who"], s.facts["by"]) for s in play.steps if s.what == "sealed"]


def test_a_bid_of_the_page_is_handed_in_replaced_and_read_by_the_command_line(
    play: Play, lot: str, tmp_path: Path
) -> None:
    bids.seal(play, "bidder1", lot, "bid", chromium=CHROMIUM)
    at = bids.desk(play, "bidder1")
    handing_in = ["submit", at.path("bid.zxb"), *at.lot(lot), *at.trust([]), "--wait", "0"]
    assert at.run(*handing_in)["version"] == 1
    said = at.run(
        "recover", at.path("bid.zxb"), "--recovery", at.path("bid.recovery"),
        *at.passphrase(), "-o", str(tmp_path / "own"),
    )  # fmt: skip
    assert set(said["envelopes"]) == {"opening_sheet", "qualification", "technical", "price"}
    bids.seal(play, "bidder1", lot, "new", before="bid", cut=1_00)
    assert at.run(*[word.replace("bid.zxb", "new.zxb") for word in handing_in])["version"] == 2
    assert by(play) == [("bidder1", "seal.html"), ("bidder1", "command line")]
    assert Bid.objects.get().bid_version == 2


def test_where_the_browser_does_not_start_the_command_line_seals(play: Play, lot: str) -> None:
    bids.seal(play, "bidder1", lot, "bid", chromium="/bin/false")
    assert by(play) == [("bidder1", "command line")]
    assert [s.facts["instead_of"] for s in play.steps if s.what == "no browser"] == ["bidder1"]
    assert Path(bids.desk(play, "bidder1").path("bid.zxb")).exists()
