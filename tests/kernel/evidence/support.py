"""Small makers for the log's tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction

from kernel.evidence import services
from kernel.evidence.keys import FileSigner
from kernel.evidence.models import LogEntry

AT = datetime(2026, 11, 23, 1, 2, 3, 4, UTC)
CASE = "procurement.project:17"


def new_signer() -> FileSigner:
    return FileSigner(ec.generate_private_key(ec.SECP256R1()))


def append(n: int = 0, **changes: Any) -> LogEntry:
    """Append one entry in a transaction of its own."""
    fields = {"kind": "workflow.act", "case": CASE, "at": AT, "body": {"n": n}, **changes}
    with transaction.atomic():
        return services.append(**fields)


def append_some(count: int, **changes: Any) -> None:
    fields = {"kind": "workflow.act", "case": CASE, "at": AT, **changes}
    with transaction.atomic():
        services.append_many([services.NewEntry(body={"n": n}, **fields) for n in range(count)])
