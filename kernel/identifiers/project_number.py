"""National building-market platform's 项目编号: region 6, YYMMDD, class 2, serial 2 (16 digits).

What belongs to a project carries its number with a suffix, -SX-001: a letter for the stage, one
for the kind within it, a serial. Classes and suffixes are remembered, not read in a text [memory].
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from kernel.errors import Refused
from kernel.identifiers import regions
from kernel.identifiers.text import normalise, real_date

_ARTICLE = "全国建筑市场监管公共服务平台编码规则"
_SHAPE = re.compile(r"([0-9]{16})(?:-([A-Z]{2})-([0-9]{3}))?")

CATEGORIES = {"01": "房屋建筑工程", "02": "市政工程", "99": "其他"}
STAGES = {
    "B": "tender",
    "H": "contract",
    "T": "drawing_review",
    "S": "construction_permit",
    "J": "completion",
}


@dataclass(frozen=True)
class ProjectNumber:
    """A project's number, or that of a document of it (then suffix and document_serial are set)."""

    project: str
    suffix: str = ""
    document_serial: int = 0

    @property
    def region(self) -> str:
        """Six digits of the place."""
        return self.project[:6]

    @property
    def registered_on(self) -> date:
        """The day on which the number was given."""
        return date(
            2000 + int(self.project[6:8]), int(self.project[8:10]), int(self.project[10:12])
        )

    @property
    def category(self) -> str:
        """01 buildings, 02 municipal works, 99 other."""
        return self.project[12:14]

    @property
    def stage(self) -> str:
        """What the document belongs to; empty for the project itself."""
        return STAGES[self.suffix[0]] if self.suffix else ""

    def __str__(self) -> str:
        tail = f"-{self.suffix}-{self.document_serial:03d}" if self.suffix else ""
        return self.project + tail


def parse(text: str, on: date | None = None) -> ProjectNumber:
    """Read a number; with a day given, one dated later is refused."""
    match = _SHAPE.fullmatch(normalise(text))
    if match is None:
        raise _refused("identifiers.project_number.form")
    project, suffix, serial = match.groups()
    if not regions.plausible(project[:6]):
        raise _refused("identifiers.project_number.region", region=project[:6])
    day = real_date(f"20{project[6:12]}")
    if day is None or (on is not None and day > on):
        raise _refused("identifiers.project_number.date", digits=project[6:12])
    if project[12:14] not in CATEGORIES:
        raise _refused("identifiers.project_number.category", category=project[12:14])
    if project[14:] == "00" or serial == "000":
        raise _refused("identifiers.project_number.serial_zero")
    if suffix and suffix[0] not in STAGES:
        raise _refused("identifiers.project_number.suffix", suffix=suffix)
    return ProjectNumber(project, suffix or "", int(serial or 0))


def generate(region: str, on: date, category: str, serial: int) -> str:
    """The number of the serial-th project (1-99) of a region, day and class.

    The region must be in force on the day. A hundredth project has no number left and is refused.
    """
    regions.region(region, on)
    if not 1 <= serial <= 99:
        raise _refused("identifiers.project_number.serial_overflow", serial=serial, most=99)
    return str(parse(f"{region}{on:%y%m%d}{category}{serial:02d}"))


def related(project: str, suffix: str, serial: int) -> str:
    """The number of a project's document: related("2301…01", "SX", 1) ends with -SX-001."""
    if not 1 <= serial <= 999:
        raise _refused("identifiers.project_number.serial_overflow", serial=serial, most=999)
    return str(parse(f"{parse(project).project}-{suffix}-{serial:03d}"))


def _refused(code: str, **facts: str | int) -> Refused:
    return Refused.because(code, article=_ARTICLE, field="project_number", **facts)
