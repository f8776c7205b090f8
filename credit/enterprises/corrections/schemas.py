"""What the acts on a correction bring along. Pure: no ORM, no clock."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kernel.workflow.machines import Payload

Line = Annotated[str, Field(max_length=200)]
Code = Annotated[str, Field(max_length=80)]
Text = Annotated[str, Field(max_length=2000)]
Sha256 = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]


class FilePayload(Payload):
    """Which field of which entry is wrong, what it should say, and the document that shows it.

    entry: as the archive's page names it (``licence:17``).
    """

    entry: Code
    field: Code
    should_be: Line
    says: Text
    document_sha256: Sha256


class ImportPayload(FilePayload):
    """What a line of the national register says against an accepted correction.

    document_sha256: of the file; filed_by: the person who brought it, nought for none.
    """

    filed_by: int = 0


class AcceptPayload(Payload):
    """What the field says from now on, and why. Money in yuan, days as 2025-09-01."""

    value: Line
    reason: Text


class ProposePayload(AcceptPayload):
    """The same, and by which evidence: one of ``grave.EVIDENCE``."""

    evidence: Code = ""


class LicencePayload(FilePayload):
    """What a business licence says against the archive; filed_by: the officer who recorded it."""

    filed_by: int


class DeclinePayload(Payload):
    """Why the entry stays as it is."""

    reason: Text = ""
