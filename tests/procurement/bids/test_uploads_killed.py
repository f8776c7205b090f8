"""A server killed with SIGKILL while a bid comes in parts: nothing that was told is lost."""

from __future__ import annotations

import http.client
import json
import time
from datetime import timedelta
from typing import Any

import pytest

from kernel import clock
from kernel.api import tokens
from kernel.parties.models import Membership
from procurement.bids import tus, vault
from procurement.bids.models import Bid, BidVersion, PendingUpload, ResumableUpload
from tests.procurement.bids import support, test_killed

pytestmark = pytest.mark.slow
lot = test_killed.lot
# Written but not flushed; flushed but not told; told and timed but not checked; received but
# not signed.
POINTS = ("write", "sync", "settle", "of")


def ask(
    port: int, method: str, path: str, token: str, data: bytes = b"", **more: str
) -> tuple[int, dict[str, str], dict[str, Any]] | None:
    """Status, headers and answer; None where the server died."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Tus-Resumable": "1.0.0"}
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    if method == "PATCH":
        headers["Content-Type"] = tus.CONTENT
    try:
        client.request(method, path, data, headers)
        answer = client.getresponse()
        text = answer.read()
        return answer.status, dict(answer.headers), json.loads(text) if text else {}
    except (ConnectionError, http.client.HTTPException, ValueError):
        return None
    finally:
        client.close()


def rest(port: int, address: str, token: str, data: bytes) -> dict[str, Any]:
    """Send what is missing, waiting for a dead writer's time to pass."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        found = ask(port, "HEAD", address, token)
        assert found is not None
        place = int(found[1]["Upload-Offset"])
        answer = ask(port, "PATCH", address, token, data[place:], Upload_Offset=str(place))
        assert answer is not None
        if answer[0] != 423:
            assert answer[0] == 200, answer
            return answer[2]
        time.sleep(0.1)
    raise AssertionError("held for ever")


def test_a_server_killed_anywhere_in_a_part_keeps_what_it_told(lot, tmp_path):
    until = clock.technical_now() + timedelta(days=1)
    base = f"/api/v1/lots/{support.LOT}/uploads"
    for name, point in zip(support.BIDDERS, POINTS, strict=False):
        membership = Membership.objects.get(person_id=lot.people[name].person_id)
        _row, token = tokens.issue(membership, name="bids", expires_at=until)
        data, manifest = lot.seal(name)
        with test_killed.server(lot, tmp_path) as port:
            begun = ask(port, "POST", base, token, Upload_Length=str(len(data)))
            assert begun is not None
            address = begun[1]["Location"]
            first = ask(port, "PATCH", address, token, data[:10_000], Upload_Offset="0")
            assert first is not None
            assert first[2]["offset"] == 10_000
            (tmp_path / "dies").write_text(point)
            assert ask(port, "PATCH", address, token, data[10_000:], Upload_Offset="10000") is None
        assert not (tmp_path / "dies").exists()
        row = ResumableUpload.objects.get(bidder_uscc=lot.people[name].uscc)
        assert 10_000 <= row.offset <= vault.size_of(row.id.hex)
        with vault.open_file(row.id.hex) as file:
            assert file.read(row.offset) == data[: row.offset]
        assert row.status == ("open" if point in ("write", "sync") else "whole"), point
        timed = PendingUpload.objects.get(pk=row.pk).last_byte_at
        with test_killed.server(lot, tmp_path) as port:
            told = rest(port, address, token, data)
        version = BidVersion.objects.get(bid__bidder_uscc=row.bidder_uscc)
        assert (told["state"], told["received"]["receipt"]) == ("received", version.receipt)
        assert version.manifest_sha256 == manifest.sha256
        assert timed is None or version.received_at == timed
        with vault.open_file(version.vault) as file:
            assert file.read() == data
    assert Bid.objects.count() == BidVersion.objects.count() == len(POINTS)
