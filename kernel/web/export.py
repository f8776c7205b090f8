"""A register as an XLSX file: the same columns, numbers as numbers, text never as a formula."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import FileResponse

from kernel import clock
from kernel.web.viewmodels import Column, StateChip

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def xlsx_response(
    title: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]]
) -> FileResponse:
    """Write rows to a temporary file in constant memory and send it."""
    import xlsxwriter

    file = tempfile.TemporaryFile()  # noqa: SIM115  (FileResponse closes it)
    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True})
    formats = {
        "money": book.add_format({"num_format": "#,##0.00"}),
        "wan": book.add_format({"num_format": "#,##0.000000"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
    }
    for place, column in enumerate(columns):
        unit = f" ({column.unit})" if column.unit else ""
        sheet.write_string(0, place, f"{column.label}{unit}", bold)
        sheet.set_column(place, place, 18)
    sheet.freeze_panes(1, 0)
    for line, row in enumerate(rows, start=1):
        for place, (column, value) in enumerate(zip(columns, row, strict=True)):
            _write(sheet, line, place, column.kind, value, formats)
    book.close()
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=f"{title}.xlsx")
    response["Content-Type"] = MEDIA_TYPE
    return response


def _write(sheet: Any, line: int, place: int, kind: str, value: Any, formats: Any) -> None:
    if value is None or value == "":
        return
    if kind in {"money", "wan"}:
        divisor = 1_000_000 if kind == "wan" else 100
        sheet.write_number(line, place, Decimal(value) / divisor, formats[kind])
    elif kind == "number":
        # Some numbers come as they are shown, with their two decimals.
        sheet.write_number(line, place, Decimal(value))
    elif isinstance(value, datetime):
        # A sheet has no zones: what it shows is legal time.
        told = value.astimezone(clock.LEGAL_ZONE).replace(tzinfo=None)
        sheet.write_datetime(line, place, told, formats["moment"])
    elif isinstance(value, date):
        sheet.write_datetime(line, place, value, formats["date"])
    elif isinstance(value, StateChip):
        sheet.write_string(line, place, value.label)
    else:
        sheet.write_string(line, place, str(value))
