"""Open a lot of large bids: all of it, from released shares to the record, against plain tools.

The bar is a share of the rate at which ``sha256sum`` and ``age -d`` go over the same bytes, one
after the other for each bid, and two bids at once, as ours has a process for each core; like ours
they leave every plaintext in a file of its own.
ZHUXIN_BENCH_BIDS and ZHUXIN_BENCH_MIB make it smaller.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from tests.bench import primitives

Figure = tuple[str, float, str, str]
MIB = 2**20


def run() -> list[Figure]:
    """How long a lot takes, at which rate, and the ratio to plain tools over the same bytes."""
    bids = int(os.environ.get("ZHUXIN_BENCH_BIDS", "100"))
    size = int(os.environ.get("ZHUXIN_BENCH_MIB", "20"))
    with tempfile.TemporaryDirectory(prefix="zhuxin-opening-") as folder:
        world, identities, total = _released(bids, size * MIB, Path(folder))
        primitives.touch(Path(folder), total)
        began = time.perf_counter()
        _open(world)
        ours = time.perf_counter() - began
        parts = _parts(identities)
        plain = {cores: _plain(parts, Path(folder), cores) for cores in (1, 2)}
    name = f"open {bids} bids of {size} MiB"
    return [
        (name, ours, "s", ""),
        (f"{name}: rate", total / MIB / ours, "MiB/s", ""),
        ("sha256sum and age -d over the same, one core", total / MIB / plain[1], "MiB/s", ""),
        ("sha256sum and age -d over the same, two cores", total / MIB / plain[2], "MiB/s", ""),
        (f"{name}: to plain tools on one core", plain[1] / ours * 100, "%", ""),
        (f"{name}: to plain tools", plain[2] / ours * 100, "%", ">= 60"),
    ]


def _released(bids: int, size: int, folder: Path) -> tuple[Any, list[tuple[Path, str]], int]:
    """A lot whose trustees have released; each bid's file with its price's identity; all bytes."""
    from django.conf import settings

    from kernel.sealing import age
    from procurement.bids import closing, lots, needs, receiving
    from tests.conftest import member
    from tests.procurement.bids import steps, support

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    world = support.make_world()
    lots.use(world.lot.find)
    mock.patch.object(lots, "least_bids", lambda _at, _lot: 3).start()
    mock.patch.object(closing, "machine", lambda _code: None).start()
    needs.answer(barred=lambda _uscc, _lot, _at: ())
    world.policy(maximum_size=2**31, draws=[])
    identities, total = [], 0
    noise = os.urandom(size - 16)
    for index in range(bids):
        name = f"firm{index}"
        world.people[name] = member(name, "contractor_clerk", serial=100 + index)
        path = folder / f"{index}.zxb"
        made = _seal(world, name, path, index.to_bytes(16, "big") + noise)
        with path.open("rb") as file:
            receiving.upload(support.LOT, actor=world.people[name], read=file.read)
        identities.append((path, age.identity_text(made.identities["price"])))
        total += path.stat().st_size
    assert world.lot.deadline is not None
    world.at(world.lot.deadline + timedelta(seconds=1))
    steps.close(world)
    world.countersign("trustee1", "trustee2")
    world.mark("trustee1", "trustee2")
    world.release("trustee1", "trustee2")
    return world, identities, total


def _seal(world: Any, name: str, path: Path, content: bytes) -> Any:
    from kernel import clock
    from kernel.sealing.bids import making, opening
    from tests.procurement.bids import support

    actor = world.people[name]
    sheet = opening.OpeningSheet(
        lot=support.LOT, bidder=actor.uscc, bidder_name=actor.organisation_name,
        price_fen=1_000_00, period_days=300, quality="合格", project_manager="王五",
        bid_security="", bill_sha256="",
    )  # fmt: skip
    contents: Any = {each: {"a.txt": b"a"} for each in ("qualification", "technical")}
    contents |= {"price": {"a.bin": content}, "opening_sheet": {opening.SHEET_FILE: sheet.encode()}}
    with path.open("wb") as file:
        return making.seal_bid(
            file, world.in_force, contents, world.signer(name), clock.now(), bidder=actor.uscc
        )


def _open(world: Any) -> None:
    from procurement.bids import selectors
    from tests.procurement.bids import steps, support

    case = steps.finish(world)
    if case.state != "opened" or not selectors.opened_bids(support.LOT):
        raise RuntimeError(f"the lot is {case.state}")


def _parts(identities: list[tuple[Path, str]]) -> list[Path]:
    """Each bid's file, with its price's age file and identity beside it."""
    from kernel.sealing.bids import container

    for path, identity in identities:
        with path.open("rb") as file:
            received = container.read_bid(file, path.stat().st_size)
            start, size = container.locate(received, "price")
            file.seek(start)
            path.with_suffix(".age").write_bytes(file.read(size))
        path.with_suffix(".txt").write_text(identity + "\n")
    return [path for path, _identity in identities]


def _plain(parts: list[Path], folder: Path, cores: int) -> float:
    """Seconds of ``sha256sum`` over each file and ``age -d`` of its price, written to a file."""

    def one(path: Path) -> None:
        out = folder / f"{path.stem}-{cores}.plain"
        subprocess.run(["sha256sum", path], check=True, stdout=subprocess.DEVNULL)
        subprocess.run(
            ["age", "-d", "-i", path.with_suffix(".txt"), "-o", out, path.with_suffix(".age")],
            check=True,
        )

    began = time.perf_counter()
    with ThreadPoolExecutor(cores) as threads:
        list(threads.map(one, parts))
    return time.perf_counter() - began
