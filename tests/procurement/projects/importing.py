"""Files of many registrations as people and workers bring them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl

from kernel import clock
from kernel.access.actors import Actor
from kernel.events import services as events
from kernel.events.models import Delivery
from kernel.money import to_yuan
from procurement.projects.import_lines import Lists, lists_at
from procurement.projects.imports import request_import, template
from procurement.projects.models import ProjectImport

AT = clock.start_of(date(2026, 3, 2))
SUBSCRIBER = "procurement.projects.import"


def keep_files(settings: Any, folder: Path) -> None:
    """Uploads of a test lie in a folder of its own."""
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(folder / "files"), "base_url": None},
        }
    }


def cells_of(payload: dict[str, Any], lists: Lists) -> dict[str, Any]:
    """A payload as a person would type it, by column key."""
    flat: dict[str, Any] = {}
    for key, value in payload.items():
        if key not in {"funding", "papers", "parties"}:
            flat[key] = value
    for name in ("funding", "parties"):
        for slot, item in enumerate(payload.get(name, ())):
            flat |= {f"{name}.{slot}.{part}": value for part, value in item.items()}
    for item in payload.get("papers", ()):
        flat |= {f"papers.{item['kind']}.{part}": v for part, v in item.items() if part != "kind"}
    typed = {}
    for key, value in flat.items():
        column = lists.column(key)
        if column is None or value in (None, ""):
            continue
        if column.kind == "money":
            value = to_yuan(value)
        if column.kind == "date" and isinstance(value, str):
            value = date.fromisoformat(value)
        typed[key] = value
    return typed


@cache
def _template() -> bytes:
    return template(AT)


def filled(*lines: dict[str, Any], change: Callable[[Any], None] | None = None) -> BytesIO:
    """The template, filled in by another program: a line is a payload or cells by key."""
    lists = lists_at(AT)
    book = openpyxl.load_workbook(BytesIO(_template()))
    sheet = book.worksheets[0]
    for row, line in enumerate(lines, start=2):
        typed = cells_of(line, lists)
        for place, column in enumerate(lists.columns, start=1):
            if column.key in typed:
                cell = sheet.cell(row, place)
                cell.value = typed[column.key]
                if isinstance(cell.value, str):
                    cell.data_type = "s"  # also where it begins like a formula
    if change:
        change(sheet)
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return file


def brought(actor: Actor, file: BytesIO, *, submit: bool = False) -> ProjectImport:
    return request_import(actor=actor, file=file, file_name="一批.xlsx", submit=submit)


def delivery() -> Delivery:
    return Delivery.objects.get(subscriber=SUBSCRIBER)


def worked(job: ProjectImport) -> ProjectImport:
    """A worker comes."""
    pending = Delivery.objects.filter(subscriber=SUBSCRIBER, state=Delivery.State.PENDING)
    for row in pending:
        assert events.deliver(row.pk), Delivery.objects.get(pk=row.pk).last_error
    job.refresh_from_db()
    return job


def codes(line: dict[str, Any]) -> list[str]:
    return [reason["code"] for reason in line["refusals"]]
