"""What tests of the pages of registration type, upload and read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kernel.access.actors import Actor
from tests.procurement.projects.samples import whole

CASES = "/cases/procurement.project/"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PHONE = "19900000001"
People = dict[str, Actor]
SignIn = Callable[[str], Client]
PDF = b"%PDF-1.7 a scan"


def text(response: Any) -> str:
    return str(response.content.decode())


def entries(**changes: str) -> dict[str, str]:
    """What a clerk types into the form of a whole registration."""
    facts = whole()
    plain = {
        name: str(value)
        for name, value in facts.items()
        if isinstance(value, str | int) and not name.endswith("_fen")
    }
    typed = plain | {"total_investment": "10,000,000.00", "key": "k", "seen": "", "step": "do"}
    for i, line in enumerate(facts["funding"]):
        typed |= {
            f"funding-{i}-source": line["source"],
            f"funding-{i}-amount": str(line["amount_fen"] // 100),
        }
    for i, line in enumerate(facts["papers"]):
        typed |= {f"papers-{i}-{name}": value for name, value in line.items()}
    return typed | changes


def scan(content: bytes = PDF, name: str = "a.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")
