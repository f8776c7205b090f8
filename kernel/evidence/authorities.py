"""Who stamps for this deployment: time-stamp authorities from a file, in the order of preference.

``ZHUXIN_TIMESTAMP_AUTHORITIES`` names the file, else ``VAR_DIR/pki/timestamp-authorities.toml``::

    [[authority]]
    name = "…"               # as its certificates call it: common name or organisation
    url = "https://…"
    roots = "roots.pem"      # whom its certificates lead to; beside this file
    policy = "1.2.3.4"       # optional: the policy that is asked for and must be answered with
    timeout = 5              # optional: seconds for the whole exchange, 1 to 30

A sandbox has one of its own behind these, which proves nothing against the operator. Issuers and
revocation lists come from where those of all signatures come from (:func:`use_lists`).
"""

from __future__ import annotations

import functools
import os
import tomllib
import urllib.parse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509
from django.conf import settings

from kernel.errors import Refused, Unavailable
from kernel.evidence.asking import ask
from kernel.sealing.certificates import is_demonstration, load_many
from kernel.sealing.revocation import Crl
from kernel.sealing.trust import Anchors

TIMEOUT = 5.0
_LONGEST_NAME = 80  # as an opening policy names it


@dataclass(frozen=True)
class Authority:
    """A time-stamp authority.

    name: as its certificates call it. answer: TimeStampReq → TimeStampResp, DER, within its time,
    or Refused. policy: dotted, empty for any. own: the sandbox's, without a network.
    """

    name: str
    anchors: Anchors
    answer: Callable[[bytes], bytes] = field(compare=False)
    policy: str = ""
    own: bool = False


@dataclass(frozen=True)
class Lists:
    """Revocation lists and issuers at hand."""

    crls: Sequence[Crl] = ()
    issuers: Sequence[x509.Certificate] = ()


def _nobody() -> Authority | None:
    return None


_own: Callable[[], Authority | None] = _nobody
_lists: Callable[[], Lists] = Lists


def use_own(source: Callable[[], Authority | None]) -> None:
    """Set where the sandbox's own authority comes from."""
    global _own
    _own = source


def use_lists(source: Callable[[], Lists]) -> None:
    """Set where issuers and revocation lists come from."""
    global _lists
    _lists = source


def lists() -> Lists:
    """What there is now."""
    return _lists()


def all_of_them() -> tuple[Authority, ...]:
    """Every authority, the preferred one first. Unavailable ``evidence.timestamp.configuration``.

    Roots for demonstration count in a sandbox only.
    """
    configured, own = _configured(), _own() if settings.SANDBOX else None
    return (*configured, own) if own is not None else configured


def names() -> tuple[str, ...]:
    """Their names: what an opening policy says of whose tokens count."""
    return tuple(each.name for each in all_of_them())


def _configured() -> tuple[Authority, ...]:
    named = os.environ.get("ZHUXIN_TIMESTAMP_AUTHORITIES", "")
    path = Path(named or Path(settings.VAR_DIR) / "pki" / "timestamp-authorities.toml")
    try:
        stamp = path.stat().st_mtime_ns
    except OSError as fault:
        if named:  # what is configured and missing is a fault, not an absence
            raise _wrong(path, str(fault)) from fault
        return ()
    return _read(path, stamp, settings.SANDBOX)


@functools.lru_cache(maxsize=4)
def _read(path: Path, _stamp: int, sandbox: bool) -> tuple[Authority, ...]:
    try:
        rows = tomllib.loads(path.read_text("utf-8"))["authority"]
        found = tuple(_authority(row, path.parent, sandbox) for row in rows)
    except (OSError, ValueError, KeyError, TypeError, Refused) as fault:
        raise _wrong(path, f"{type(fault).__name__}: {fault}") from fault
    if len({each.name for each in found}) < len(found):
        raise _wrong(path, "a name twice")
    return found


def _authority(row: dict[str, Any], folder: Path, sandbox: bool) -> Authority:
    if strange := set(row) - {"name", "url", "roots", "policy", "timeout"}:
        raise ValueError(f"unknown: {sorted(strange)}")
    name, url, timeout = row["name"], row["url"], row.get("timeout", TIMEOUT)
    if not isinstance(name, str) or not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable():
        raise ValueError("name")
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"url: {url}")
    if type(timeout) not in (int, float) or not 1 <= timeout <= 30:
        raise ValueError("timeout: 1 to 30 seconds")
    roots = load_many((folder / row["roots"]).read_bytes())
    demonstration = any(map(is_demonstration, roots))
    if demonstration and not sandbox:
        raise ValueError(f"{name}: roots for demonstration")
    return Authority(
        name,
        Anchors(tuple(roots), demonstration),
        functools.partial(ask, url, timeout=float(timeout)),
        str(row.get("policy", "")),
    )


def _wrong(path: Path, reason: str) -> Unavailable:
    return Unavailable.because(  # type: ignore[return-value]
        "evidence.timestamp.configuration", path=str(path), reason=reason[:200]
    )
