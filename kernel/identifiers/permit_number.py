"""Construction permit 施工许可证 number, the 18-digit form: region 6, date 8, serial 2, trade 2."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from kernel.errors import Refused
from kernel.identifiers import regions
from kernel.identifiers.text import normalise, real_date

_ARTICLE = "建筑工程施工许可证编号规则"
_SHAPE = re.compile(r"[0-9]{18}")
# Permits were introduced by the Building Law, in force on 1998-03-01.
_EARLIEST = date(1998, 3, 1)

TRADES = {
    "01": "一般工业与民用建筑工程",
    "02": "冶金有色工业建筑安装工程",
    "03": "煤炭工业建筑安装工程",
    "04": "石油工业建筑安装工程",
    "05": "化学工业建筑安装工程",
    "06": "电力工业建筑安装工程",
    "07": "建材工业建筑安装工程",
    "08": "森林工业建筑安装工程",
    "09": "轻纺工业建筑安装工程",
    "10": "水利建筑工程",
    "11": "铁路建筑工程",
    "12": "公路建筑工程",
    "13": "港口建筑工程",
    "14": "航空航天建筑安装工程",
    "15": "邮电通信电子设备安装工程",
    "16": "热力及燃气建筑安装工程",
    "17": "给排水工程",
    "18": "市政桥梁工程",
    "19": "其他工程",
}


@dataclass(frozen=True)
class PermitNumber:
    """A permit's number. The date is that of the project's registration, not of the permit."""

    number: str

    @property
    def region(self) -> str:
        """Six digits of the issuing authority's place."""
        return self.number[:6]

    @property
    def registered_on(self) -> date:
        """The day of the project's registration."""
        return date(int(self.number[6:10]), int(self.number[10:12]), int(self.number[12:14]))

    @property
    def serial(self) -> int:
        """Which one of that day."""
        return int(self.number[14:16])

    @property
    def trade(self) -> str:
        """01 to 19, see TRADES."""
        return self.number[16:]

    def __str__(self) -> str:
        return self.number


def parse(text: str, on: date | None = None) -> PermitNumber:
    """Read a number; with a day given, one dated later is refused."""
    number = normalise(text, drop="-")
    if not _SHAPE.fullmatch(number):
        raise _refused("identifiers.permit_number.form")
    if not regions.plausible(number[:6]):
        raise _refused("identifiers.permit_number.region", region=number[:6])
    day = real_date(number[6:14])
    if day is None or day < _EARLIEST or (on is not None and day > on):
        raise _refused("identifiers.permit_number.date", digits=number[6:14])
    if number[14:16] == "00":
        raise _refused("identifiers.permit_number.serial_zero")
    if number[16:] not in TRADES:
        raise _refused("identifiers.permit_number.trade", trade=number[16:])
    return PermitNumber(number)


def generate(region: str, registered_on: date, serial: int, trade: str = "01") -> str:
    """The number of the serial-th permit (1-99); the region must be in force on the day."""
    regions.region(region, registered_on)
    if not 1 <= serial <= 99:
        raise _refused("identifiers.permit_number.serial_overflow", serial=serial)
    return parse(f"{region}{registered_on:%Y%m%d}{serial:02d}{trade}").number


def _refused(code: str, **facts: str | int) -> Refused:
    return Refused.because(code, article=_ARTICLE, field="permit_number", **facts)
