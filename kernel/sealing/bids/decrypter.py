"""A process that decrypts envelopes: ``python -m kernel.sealing.bids.decrypter``, jobs on stdin.

It knows no database and no network; keys come through the pipe and stand on no command line. One
job a line, one answer a line, both JSON; the end of the input ends it, also when its parent dies.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kernel.errors import Refused
from kernel.sealing.bids.container import Window
from kernel.sealing.bids.manifest import read_manifest
from kernel.sealing.bids.unsealing import Files, stream_envelope


def job(
    manifest: str, envelope: str, identity: bytes, source: Path, place: tuple[int, int], to: Path
) -> str:
    """A job's line. place: start and size of the ciphertext in the file ``source``.

    to: an empty folder; the envelope's files are written there by their numbers.
    """
    told = {
        "manifest": manifest,
        "envelope": envelope,
        "identity": identity.hex(),
        "source": str(source),
        "place": place,
        "to": str(to),
    }
    return json.dumps(told)


def done(told: Mapping[str, Any]) -> dict[str, Any]:
    """Do a job: ``{"files": [{"name", "size", "sha256"}]}`` in order, or ``{"failure": code}``.

    ``sealing.container.hash`` says that this copy is not what the bidder signed, which another may
    be; ``sealing.container.missing`` that it cannot be read at all.
    """
    folder, numbers = Path(told["to"]), iter(range(10**6))
    try:
        manifest = read_manifest(told["manifest"].encode())
        with (
            Path(told["source"]).open("rb") as file,
            Files(lambda _name: folder / str(next(numbers))) as files,
        ):
            inner = stream_envelope(
                manifest,
                told["envelope"],
                bytes.fromhex(told["identity"]),
                Window(file, *told["place"]),
                files.sink,
            )
        for number in range(len(inner.files)):
            _sync(folder / str(number))
    except Refused as refused:
        return {"failure": refused.refusals[0].code}
    except FileNotFoundError:
        return {"failure": "sealing.container.missing"}
    return {"files": [dict(vars(each)) for each in inner.files]}


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def main() -> None:
    """Answer jobs until there are no more."""
    for line in sys.stdin:
        print(json.dumps(done(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
