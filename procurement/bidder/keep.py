"""What a trustee keeps on its own disk for one lot: opening key, what it signed, how far it is."""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kernel.errors import Refused
from kernel.sealing import canonical, hpke
from kernel.sealing.bids.fields import read, text, write
from kernel.sealing.bids.policy import Policy, read_policy
from procurement.bidder.seal import write_private

FORMAT = "zhuxin-trustee-keep/1"
_KEY, _STATE = "opening-key.pem", "state.json"
_MAX_KEEP = 16 * 1024 * 1024
_NONCE = "zhuxin-draw-nonce-of-key/1"


class Keep:
    """The folder of one lot. The key is under a passphrase; the rest is no secret."""

    def __init__(self, folder: Path, lot: str) -> None:
        self.lot = lot
        # A lot's number is a path to nobody: what is no plain character is spelt in its hash.
        self.folder = folder / f"{_plain(lot)}-{canonical.digest([lot]).hex()[:12]}"

    def make_key(self, passphrase: str) -> hpke.PrivateKey:
        """A new opening key, kept under the passphrase; ``bidder.keep.key_exists``."""
        path = self.folder / _KEY
        if path.exists() or self.state().get("destroyed"):
            raise Refused.because("bidder.keep.key_exists", lot=self.lot)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = hpke.new_key()
        write_private(path, hpke.private_pem(key, passphrase.encode()))
        return key

    def key(self, passphrase: str) -> hpke.PrivateKey:
        """The opening key; ``bidder.keep.no_key_there``, ``sealing.hpke.bad_key``."""
        path = self.folder / _KEY
        if not path.exists():
            raise Refused.because(
                "bidder.keep.no_key_there", lot=self.lot, folder=str(self.folder.parent)
            )
        return hpke.load_private_pem(path.read_bytes(), passphrase.encode())

    def nonce(self, key: hpke.PrivateKey) -> bytes:
        """The nonce for the draw: it follows from the key, so nothing more has to be kept secret.

        Telling it tells nothing of the key: it is a hash of 32 random bytes.
        """
        return canonical.digest([_NONCE, self.lot, hpke.private_bytes(key).hex()])

    def destroy_key(self) -> bool:
        """Overwrite and remove the key; whether there was one."""
        path = self.folder / _KEY
        if not path.exists():
            return False
        size = path.stat().st_size
        with path.open("r+b") as file:
            file.write(secrets.token_bytes(size))
            file.flush()
        path.unlink()
        self.note(destroyed="yes")
        return True

    def policies(self) -> list[Policy]:
        """The policies signed, oldest first."""
        found = [read_policy(path.read_bytes()) for path in self.folder.glob("policy-*.json")]
        return sorted(found, key=lambda policy: policy.version)

    def newest(self) -> Policy:
        """The newest policy signed; ``bidder.keep.no_policy_there`` where there is none.

        Which folder was looked into is said: whoever signed with another must not sign again.
        """
        found = self.policies()
        if not found:
            raise Refused.because(
                "bidder.keep.no_policy_there", lot=self.lot, folder=str(self.folder.parent)
            )
        return found[-1]

    def add_policy(self, policy: Policy) -> None:
        """Remember a policy as signed."""
        write_private(self.folder / f"policy-{policy.version}.json", policy.encode())

    def add_answer(self, stage: str, answer: Mapping[str, Any]) -> None:
        """Keep what the server told of a closing, for an opening without it."""
        data = json.dumps(dict(answer), ensure_ascii=False, sort_keys=True).encode()
        write_private(self.folder / f"closing-{_plain(stage)}.json", data)

    def answer(self, stage: str) -> dict[str, Any]:
        """What was kept of a stage's closing; ``bidder.keep.no_closing``."""
        path = self.folder / f"closing-{_plain(stage)}.json"
        if not path.exists():
            raise Refused.because("bidder.keep.no_closing", stage=stage)
        value = json.loads(path.read_bytes())
        return value if isinstance(value, dict) else {}

    def add_list(self, data: bytes) -> None:
        """Keep a closing list that is signed, byte for byte."""
        write_private(self.folder / f"list-{hashlib.sha256(data).hexdigest()}.json", data)

    def list(self, sha256: str) -> bytes | None:
        """A list that was signed, by its hash; None where there is no such."""
        path = self.folder / f"list-{sha256}.json"
        return path.read_bytes() if path.exists() else None

    def state(self) -> dict[str, Any]:
        """How far it is: ``rehearsed``, ``list-<stage>`` (hash signed), ``released-<stage>`` …

        ``replaced-<hash>``: the corrected list (hash) that was signed in a list's place.
        """
        path = self.folder / _STATE
        if not path.exists():
            return {}
        try:
            value = json.loads(path.read_bytes())
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise Refused.because("bidder.keep.broken", name=_STATE)
        return value

    def note(self, **values: str) -> None:
        """Remember values beside those noted before."""
        write_private(self.folder / _STATE, canonical.encode({**self.state(), **values}))

    def export(self) -> bytes:
        """All of it as one file (``zhuxin-trustee-keep/1``), as the opening program keeps it."""
        path = self.folder / _KEY
        return write(
            FORMAT,
            lot=self.lot,
            key=path.read_text("ascii") if path.exists() else "",
            policies=[policy.encode().decode() for policy in self.policies()],
            state=self.state(),
        )

    def take(self, data: bytes) -> None:
        """Go on from a file of :meth:`export`.

        Refused: ``bidder.keep.other`` (of another lot), ``.older`` (it does not know what stands
        here, and would let a second list or policy be signed).
        """
        values = read(data, FORMAT, _SHAPES, _MAX_KEEP)
        if values["lot"] != self.lot:
            raise Refused.because("bidder.keep.other", found=values["lot"], wanted=self.lot)
        policies = [read_policy(each.encode()) for each in values["policies"]]
        state, path = values["state"], self.folder / _KEY
        known = all(_goes_on(state, name, value) for name, value in self.state().items())
        gone = "destroyed" in state and not values["key"]
        same = not path.exists() or gone or path.read_text("ascii") == values["key"]
        if not known or not same or any(each not in policies for each in self.policies()):
            raise Refused.because("bidder.keep.older", lot=self.lot)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # What forbids a second signature comes first, the key last.
        for policy in policies:
            self.add_policy(policy)
        if state:
            self.note(**state)
        if gone:
            self.destroy_key()
        elif values["key"]:
            write_private(path, values["key"].encode("ascii"))


def run(options: argparse.Namespace) -> dict[str, Any]:
    """``keep export`` and ``keep import``: the folder of a lot to one file, and back."""
    keep = Keep(options.keep, options.lot)
    if options.what == "export":
        if not keep.folder.is_dir():
            raise Refused.because("bidder.keep.no_key", lot=keep.lot)
        write_private(options.file, keep.export())
    else:
        keep.take(options.file.read_bytes())
    return {"lot": keep.lot, "file": str(options.file)}


def _goes_on(state: Mapping[str, str], name: str, value: str) -> bool:
    """Whether a state knows a value noted before, or the lists that were signed in its place."""
    said, seen = state.get(name), {value}
    while said != value and name.startswith("list-"):
        value = state.get(f"replaced-{value}", "")
        if not value or value in seen:
            return False
        seen.add(value)
    return said == value


def _texts(value: Any, path: str) -> list[str]:
    if type(value) is not list or not all(type(each) is str for each in value):
        raise Refused.because("sealing.format.field", path=path, expected="list")
    return value


def _state(value: Any, path: str) -> dict[str, str]:
    if type(value) is not dict or not all(type(each) is str for each in value.values()):
        raise Refused.because("sealing.format.field", path=path, expected="object")
    return value


def _pem(value: Any, path: str) -> str:
    if type(value) is not str or not value.isascii() or len(value) > 16 * 1024:
        raise Refused.because("sealing.format.field", path=path, expected="PEM")
    return value


_SHAPES = {"lot": text(80), "key": _pem, "policies": _texts, "state": _state}


def _plain(name: str) -> str:
    return re.sub(r"[^0-9A-Za-z-]", "_", name)[:60]
