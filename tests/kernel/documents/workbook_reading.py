"""Short ways to read a workbook in a test."""

from __future__ import annotations

from typing import IO, Any

import pytest

from kernel.documents.workbook_messages import WORDINGS
from kernel.documents.workbooks import Row, open_workbook
from kernel.errors import Refused
from tests.kernel.documents import crafted

SHEET = "xl/worksheets/sheet1.xml"


def rows(file: IO[bytes]) -> list[Row]:
    return list(open_workbook(file).rows())


def cells(data: str, **parts: str) -> list[tuple[Any, ...]]:
    return [row.cells for row in rows(crafted.packed({**crafted.parts(data), **parts}))]


def code(file: IO[bytes]) -> str:
    with pytest.raises(Refused) as caught:
        rows(file)
    found = caught.value.refusals[0].code
    assert found in WORDINGS
    return found
