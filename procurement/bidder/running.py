"""Which program this is that runs, and whether an opening policy names it.

Told and never refused: two releases differ, and to run from the sources is anybody's right. A file
that somebody altered may lie here too, so the notice saves from a mistake; against an attacker
``sha256sum`` compares, before the file is run for the first time.
"""

from __future__ import annotations

import hashlib
import sys
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kernel import offline
from kernel.sealing.bids.policy import Policy
from kernel.sealing.words import Text
from kernel.sealing.words import lazy as _
from procurement.bidder import programs, takeaway

FILE, SOURCES = "file", "sources"

_NOTICES = {
    (FILE, "other"): _(
        "注意：正在运行的命令行程序（摘要 %(sha256)s）不是标段 %(lot)s 开启方案载明的 %(name)s"
        "（摘要 %(named)s）。可能是另一版本，也可能被改过：请核对文件的来源"
    ),
    (FILE, "unnamed"): _(
        "注意：标段 %(lot)s 的开启方案没有载明命令行程序；正在运行的 %(name)s 摘要为 %(sha256)s，"
        "请与监督部门公布的比对"
    ),
    (SOURCES, "named"): _(
        "注意：正在从源码运行；这份源码生成的 %(name)s 正是标段 %(lot)s 开启方案载明的程序"
    ),
    (SOURCES, "other"): _(
        "注意：正在从源码运行，这是允许的；这份源码生成的 %(name)s（摘要 %(sha256)s）"
        "不是标段 %(lot)s 开启方案载明的程序（摘要 %(named)s），请核对源码的来源和版本"
    ),
    (SOURCES, "unnamed"): _(
        "注意：正在从源码运行，这是允许的；标段 %(lot)s 的开启方案没有载明命令行程序"
    ),
}


@dataclass(frozen=True)
class Running:
    """kind: ``file`` or ``sources``. sha256: of the file, or of what the sources make of it (hex).

    Empty where the sources are not all there.
    """

    kind: str
    sha256: str


@cache
def running(root: Path = offline.ROOT) -> Running:
    """What runs here. root: the file, or the folder of the sources."""
    if root.is_file():
        return Running(FILE, hashlib.sha256(root.read_bytes()).hexdigest())
    takeaway.carry()
    try:
        return Running(SOURCES, hashlib.sha256(offline.program()).hexdigest())
    except OSError:
        return Running(SOURCES, "")


def other_programs(policy: Policy) -> list[str]:
    """What the policy names with another hash than this release has it; name and hash.

    Whoever sees one compares it with what the supervisor publishes.
    """
    known = {
        **programs.published(),
        takeaway.PROGRAM: running().sha256,
        takeaway.LIBRARIES: _libraries(),
    }
    return [
        f"{row.name} {row.sha256}" for row in policy.programs if known.get(row.name) != row.sha256
    ]


def tell(policy: Policy) -> dict[str, str]:
    """Say on the error stream when this is not the program that a policy names; the comparison.

    ``{"running": "file" or "sources", "sha256", "named"}``, the last of the policy, empty where it
    names no command line, as those signed before there was one in a policy.
    """
    from procurement.bidder import telling

    mine = running()
    named = next((row.sha256 for row in policy.programs if row.name == takeaway.PROGRAM), "")
    verdict = "unnamed" if not named else "named" if named == mine.sha256 else "other"
    words: Text | None = _NOTICES.get((mine.kind, verdict))
    if words is not None:
        facts = {
            "name": takeaway.PROGRAM, "lot": policy.lot, "sha256": mine.sha256 or "-",
            "named": named,
        }  # fmt: skip
        print(telling.printable(words % facts), file=sys.stderr)
    return {"running": mine.kind, "sha256": mine.sha256, "named": named}


@cache
def _libraries() -> str:
    try:
        if offline.ROOT.is_file():
            with zipfile.ZipFile(offline.ROOT) as archive:
                data = archive.read(f"requirements/{takeaway.LIBRARIES}")
        else:
            data = takeaway.LIBRARIES_FILE.read_bytes()
    except (OSError, KeyError):
        return ""
    return hashlib.sha256(data).hexdigest()
