"""National investment project code 项目代码 (GB/T 40058-2021): YYMM-RRRRRR-MM-TT-NNNNNC.

Time, region, guiding central department, type, five random digits, check. How the check is
computed was not found in any text we could read, so only the form is judged; the national online
platform has the last word. Codes of 2015 to 2020 begin with the year: 2018-230102-… [memory].
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from kernel.errors import Refused
from kernel.identifiers import regions
from kernel.identifiers.text import normalise

_ARTICLE = "GB/T 40058-2021"
_SHAPE = re.compile(r"([0-9]{4})-?([0-9]{6})-?([0-9]{2})-?([0-9]{2})-?([0-9]{5})([0-9X])")
# The years in which the first segment was a year; none of them reads as YYMM with a real month.
_YEAR_FORM = range(2015, 2021)
_FIRST_MONTH = (2020, 1)


@dataclass(frozen=True)
class ProjectCode:
    """A code of the right form. month is None in the older form."""

    code: str
    year: int
    month: int | None

    @property
    def region(self) -> str:
        """Six digits of the place."""
        return self.code[5:11]

    @property
    def department(self) -> str:
        """Two digits of the central department that guides the trade."""
        return self.code[12:14]

    @property
    def project_type(self) -> str:
        """Two digits of the kind of project."""
        return self.code[15:17]

    def __str__(self) -> str:
        return self.code


def parse(text: str, on: date | None = None) -> ProjectCode:
    """Read a code, with or without its hyphens; with a day given, a later month is refused."""
    match = _SHAPE.fullmatch(normalise(text))
    if match is None:
        raise _refused("identifiers.project_code.form")
    time, region, department, kind, number, check = match.groups()
    year, month = _time(time)
    if on is not None and (year, month or 1) > (on.year, on.month):
        raise _refused("identifiers.project_code.future", time=time)
    if not regions.plausible(region):
        raise _refused("identifiers.project_code.region", region=region)
    return ProjectCode(f"{time}-{region}-{department}-{kind}-{number}{check}", year, month)


def generate(
    given: date, region: str, department: str, project_type: str, number: int, check: str
) -> str:
    """Put a code together for demonstration data; the check is the caller's, see above."""
    head = f"{given:%y%m}-{region}-{department}-{project_type}"
    return parse(f"{head}-{number:05d}{check}").code


def _time(digits: str) -> tuple[int, int | None]:
    if int(digits) in _YEAR_FORM:
        return int(digits), None
    year, month = 2000 + int(digits[:2]), int(digits[2:])
    if not 1 <= month <= 12 or (year, month) < _FIRST_MONTH:
        raise _refused("identifiers.project_code.time", time=digits)
    return year, month


def _refused(code: str, **facts: str) -> Refused:
    return Refused.because(code, article=_ARTICLE, field="project_code", **facts)
