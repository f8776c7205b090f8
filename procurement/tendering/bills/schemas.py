"""What the acts on a tender bill bring along. Pure."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kernel.workflow.machines import Payload
from procurement.projects.schemas import Sha256


class ImportPayload(Payload):
    """A workbook or an XML file as it was uploaded, and the project that it measures."""

    project_number: Annotated[str, Field(max_length=20)] = ""
    file_sha256: Sha256 = ""
