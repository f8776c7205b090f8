"""Upload one large file in parts and in one part: MB per CPU-second of the server, its memory."""

from __future__ import annotations

import http.client
import os
from collections.abc import Iterator
from pathlib import Path

from tests.bench import bench_bids, primitives
from tests.bench import server as servers

Figure = tuple[str, float, str, str]
SIZE = 500 * 1024 * 1024
PART = 16 * 1024 * 1024
BAR, MEMORY = ">= 200", "< 100"
_HEAD = {"Tus-Resumable": "1.0.0"}


def run() -> list[Figure]:
    """Streaming a bid of 500 MB whose head is good, in one part and in parts of 16 MiB."""
    from django.core.management import call_command
    from django.db import connections

    call_command("publish_rules", verbosity=0)
    own = dict(os.environ)
    number, sealed = bench_bids._sealed(2, padding_minimum=SIZE // 4, maximum_size=2 * SIZE)
    os.environ |= own
    connections.close_all()
    found: list[Figure] = []
    primitives.touch(Path(os.environ["ZHUXIN_VAR"]), 4 * SIZE)
    with servers.running() as server:
        server.ask("GET", "/healthz")
        before = server.resident_mb()
        for (token, data), part, name in zip(
            sealed, (len(sealed[0][1]), PART), ("in one part", "in parts of 16 MiB"), strict=True
        ):
            spent, peak = _upload(server, number, token, data, part)
            rate = len(data) / 1e6 / spent
            found.append((f"upload 500 MB and its receipt, {name}", rate, "MB/CPU-s", BAR))
            ratio = primitives.hashing(len(data)) / spent * 100
            found.append((f"upload 500 MB, {name}: to SHA-256 of it", ratio, "%", ""))
            found.append((f"upload 500 MB, {name}: memory grown by", peak - before, "MB", MEMORY))
        found.append(("web worker after it", server.resident_mb(), "MB", ""))
    return found


def _upload(
    server: servers.Server, number: str, token: str, data: bytes, part: int
) -> tuple[float, float]:
    """CPU seconds of the server, and its greatest resident size."""
    line, base = server.connection, f"/api/v1/lots/{number}/uploads"
    head = {"Authorization": f"Bearer {token}", **_HEAD}
    peak, before = 0.0, server.cpu_seconds()
    line.request("POST", base, None, head | {"Upload-Length": str(len(data))})
    address = _answered(line, 201).headers["Location"]
    for place in range(0, len(data), part):
        told = {
            "Upload-Offset": str(place),
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(min(part, len(data) - place)),
        }
        line.request("PATCH", address, _watched(server, data, place, part), head | told)
        _answered(line, 200)
        peak = max(peak, server.resident_mb(), *_seen)
        _seen.clear()
    return server.cpu_seconds() - before, peak


_seen: list[float] = []


def _watched(server: servers.Server, data: bytes, place: int, part: int) -> Iterator[memoryview]:
    """The part's bytes; now and then it is looked how large the server is."""
    end, step = min(place + part, len(data)), 1024 * 1024
    for start in range(place, end, step):
        yield memoryview(data)[start : min(start + step, end)]
        if start % (32 * step) == 0:
            _seen.append(server.resident_mb())


def _answered(line: http.client.HTTPConnection, status: int) -> http.client.HTTPResponse:
    answer = line.getresponse()
    text = answer.read()
    if answer.status != status:
        raise RuntimeError(f"{answer.status} {text[:800]!r}")
    return answer
