"""The command line seals half a gigabyte: rate by the clock from start to end, and its memory.

The same files as the browser's figure. Everything is counted: the interpreter's start, the policy's
signatures, encryption, the bid read back and checked as the server will, the recovery file. Beside
it what the primitives need for the same bytes on one core (SHA-256 twice, ChaCha20-Poly1305).
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from tests.bench import primitives
from tests.bench.bench_programs import FILES, MIB, PIN

Figure = tuple[str, float, str, str]


def run() -> list[Figure]:
    """Rate and memory of ``python -m procurement.bidder seal``, and its ratio to the primitives."""
    from kernel.sealing.certificates import pem
    from tests.kernel.sealing.bids.support import BIDDERS, CHAMBER, ENTITY, NOTARY, Stage
    from tests.procurement.bidder.web.conftest import keyfile, policy_answer

    stage = Stage()
    policy = replace(stage.policy, maximum_size=2**31)
    size = sum(sum(sizes) for sizes in FILES.values()) * MIB / 1e6
    sheet = {"price_fen": 100, "period_days": 300, "quality": "合格", "project_manager": "王五"}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        given = {
            "policy.json": json.dumps(policy_answer(stage, policy)).encode(),
            "key.p12": keyfile(stage, BIDDERS[0], PIN),
            "roots.pem": pem([stage.authority.root.certificate]),
            "sheet.json": json.dumps(sheet).encode(),
            "pin": PIN.encode(),
            "pass": b"a passphrase of the bidder",
        }
        for file, content in given.items():
            (folder / file).write_bytes(content)
        expected = [word for code in (ENTITY, CHAMBER, NOTARY) for word in ("--expect", code)]
        envelopes = [word for each in FILES for word in ("--envelope", f"{each}={folder / each}")]
        for envelope, sizes in FILES.items():
            (folder / envelope).mkdir()
            for number, mib in enumerate(sizes):
                _write(folder / envelope / f"{number}.bin", mib)
        command = [
            sys.executable, "-m", "procurement.bidder", "seal", "--policy", "policy.json",
            "--p12", "key.p12", "--pin-file", "pin", "--anchors", "roots.pem", "--demonstration",
            "--sheet", "sheet.json", "--recovery", "recovery", "--passphrase-file", "pass",
            *expected, *envelopes, "-o", "bid.zxb", "--json",
        ]  # fmt: skip
        primitives.touch(folder, 3 * int(size * 1e6))
        seen = [_timed(command, folder) for _ in range(3)]
        floor = min(_primitives(folder) for _ in range(2))
    seconds, most = min(each[0] for each in seen), max(each[1] for each in seen)
    return [
        ("seal 512 MiB by the command line", size / seconds, "MB/s", ">= 150"),
        ("seal: to the primitives on one core", floor / seconds * 100, "%", ""),
        ("seal: most memory", most, "MB", "< 200"),
    ]


def _write(path: Path, mib: int) -> None:
    block = os.urandom(MIB)
    with path.open("wb") as file:
        for _ in range(mib):
            file.write(block)


def _timed(command: list[str], folder: Path) -> tuple[float, float]:
    """Seconds by the clock, and the most megabytes that the process held."""
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    (folder / "bid.zxb").unlink(missing_ok=True)
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    _pid, status, used = os.wait4(process.pid, 0)
    took = time.perf_counter() - began
    if status:
        raise RuntimeError(f"sealing ended with {status}")
    return took, used.ru_maxrss / 1e3


def _primitives(folder: Path) -> float:
    """Seconds for hashing the plaintext and the ciphertext, and for encrypting, on one core."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    cipher, block = ChaCha20Poly1305(os.urandom(32)), 64 * 1024
    began = time.perf_counter()
    for path in sorted(folder.glob("*/*.bin")):
        plain, sealed = hashlib.sha256(), hashlib.sha256()
        with path.open("rb") as file:
            number = 0
            while data := file.read(block):
                plain.update(data)
                sealed.update(cipher.encrypt(number.to_bytes(12, "big"), data, None))
                number += 1
    return time.perf_counter() - began
