"""The play, whole, with a hundred other lots in the same database and people at work beside it.

The hundred lots have their notices out and two to five sealed bids each before the play begins;
their deadlines lie all along it, so that they close, fail and are opened as its clock moves.

The rate is our own assumption of a province's peak hour, several times over: 8,000 lots a year are
32 on a working day, most of them closing at nine; with eight bidders each 256 bids come in the hour
before, one in 14 seconds, and if each bidder looks at thirty pages meanwhile, 2.1 in a second.
Played here are a bid in two seconds and 4.5 other requests in each. They come by the clock, whether
the earlier ones were answered or not, and are timed from when they should have been sent.
"""

from __future__ import annotations

import http.client
import itertools
import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

Figure = tuple[str, float, str, str]
RATE = 5.0
ROOT = Path(__file__).resolve().parents[2]
# Again and again; one in ten is a bid.
ROUND = (
    "notices", "notice", "search by API", "desk", "bid",
    "notice", "enterprises", "search", "notices", "projects by API",
)  # fmt: skip
_WORDS = ("道里", "医院", "住宅小区", "采购", "污水处理", "新建工程", "道路", "示范")


class Load:
    """Requests by the clock until it is told to stop; times and faults of each kind."""

    def __init__(self, url: str, told: dict[str, Any]) -> None:
        self.address = urlsplit(url).netloc
        self.told = told
        self.times: dict[str, list[float]] = {kind: [] for kind in ROUND}
        self.faults: list[str] = []
        self._bids = iter(told["bids"])
        self._lots, self._words = itertools.cycle(told["lots"]), itertools.cycle(_WORDS)
        self._stop, self._own = threading.Event(), threading.local()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Load:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        with ThreadPoolExecutor(8) as people:
            next_at = time.monotonic()
            for kind in itertools.cycle(ROUND):
                if self._stop.wait(max(0.0, next_at - time.monotonic())):
                    return
                people.submit(self._one, kind, next_at, *self._request(kind))
                next_at += 1 / RATE

    def _request(self, kind: str) -> tuple[str, str, bytes | None, dict[str, str]]:
        if kind == "bid" and (bid := next(self._bids, None)):
            headers = {"Authorization": f"Bearer {bid['token']}"}
            headers["Content-Type"] = "application/octet-stream"
            data = Path(bid["file"]).read_bytes()
            return "PUT", f"/api/v1/lots/{bid['lot']}/bids", data, headers
        word = quote(next(self._words))
        paths = {
            "notices": "/notices/", "notice": f"/notices/{next(self._lots)}/", "desk": "/desk/",
            "enterprises": "/credit/enterprises/", "projects by API": "/api/v1/projects?limit=100",
            "search": f"/search/?q={word}", "search by API": f"/api/v1/search?q={word}",
        }  # fmt: skip
        headers = {"Cookie": self.told["cookie"]} if kind == "desk" else {}
        return "GET", paths.get(kind, "/notices/"), None, headers

    def _one(
        self, kind: str, since: float, method: str, path: str, data: bytes | None,
        headers: dict[str, str],
    ) -> None:  # fmt: skip
        wanted = 201 if method == "PUT" else 200
        try:
            status, text = self._ask(method, path, data, headers)
        except (OSError, http.client.HTTPException) as fault:
            self._own.connection = None
            status, text = 0, repr(fault).encode()
        self.times[kind].append(time.monotonic() - since)
        if status != wanted:
            self.faults.append(f"{method} {path}: {status} {text[:300]!r}")

    def _ask(self, method: str, path: str, *rest: Any) -> tuple[int, bytes]:
        connection = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = http.client.HTTPConnection(self.address, timeout=60)
        connection.request(method, path, *rest)
        answer = connection.getresponse()
        return answer.status, answer.read()


def run() -> list[Figure]:
    """Seconds of the play, how the load fared, how the hundred lots ended."""
    from django.conf import settings

    from procurement.demonstration import own_server

    home = Path(settings.VAR_DIR) / "play"
    home.mkdir()
    told = home / "lots.json"
    with own_server.serving(home) as (url, environment):
        _beside("make", told, environment)
        load = Load(url, json.loads(told.read_text()))
        with load:
            played = _play(url, environment)
        _beside("end", told, environment)
        ended = json.loads(told.with_name("end.json").read_text())
    logged = (home / "server.log").read_text(errors="replace")
    told_wrong = [line for line in logged.splitlines() if " ERROR " in line]
    for line in (*load.faults[:20], *ended["dead"][:20], *told_wrong[:20]):
        print(f"bench: {line}", flush=True)
    print(f"bench: lots {ended['lots']}, bids {ended['bids']}", flush=True)
    return list(_figures(played, load, ended, logged))


def _beside(word: str, told: Path, environment: dict[str, str]) -> None:
    began = time.monotonic()
    command = [sys.executable, "-m", "tests.bench.hundred_lots", word, str(told)]
    subprocess.run(command, check=True, cwd=ROOT, env=environment)
    print(f"bench: {word} the hundred lots, {time.monotonic() - began:.0f} s", flush=True)


def _play(url: str, environment: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, "manage.py", "demo", "--here", url, "--json"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=False, text=True
    )
    played: dict[str, Any] = json.loads(done.stdout)
    for stage in played["stages"]:
        print(f"bench: {stage['seconds']:>6.2f} s  {stage['stage']}", flush=True)
    if not played["passed"]:
        print(f"bench: the play failed in {played['stage']}: {played['fault']}", flush=True)
    return played


def _figures(
    played: dict[str, Any], load: Load, ended: dict[str, Any], logged: str
) -> Iterator[Figure]:
    times = [seconds for kind in load.times.values() for seconds in kind]
    yield "the play beside a hundred lots", played["seconds"], "s", "<= 120"
    yield "the same: passed", int(played["passed"]), "", ">= 1"
    yield "the same: stages", len(played["stages"]), "", ""
    yield f"load: requests, {RATE:g} each second", len(times), "", ""
    yield "load: p95", _p95(times), "ms", ""
    for kind, found in load.times.items():
        yield f"load: {kind}, p95 of {len(found)}", _p95(found), "ms", ""
    yield "load: faults", len(load.faults), "", "<= 0"
    yield "server: tracebacks", logged.count("Traceback (most recent"), "", "<= 0"
    yield "deliveries given up", len(ended["dead"]), "", "<= 0"
    yield "deliveries done at a later attempt", ended["retried"], "", ""
    left = sum(number for state, number in ended["lots"].items() if state == "closing")
    yield "lots left between closing and opening", left, "", "<= 0"


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] * 1000 if len(times) > 1 else 0.0
