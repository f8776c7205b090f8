"""Somebody who uploads a bid in parts, over HTTP as a tool does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client

from kernel import clock
from kernel.api import tokens
from kernel.parties.models import Membership
from procurement.bids import tus
from tests.procurement.bids.support import LOT, World

BASE = f"/api/v1/lots/{LOT}/uploads"
TUS = {"Tus-Resumable": "1.0.0"}


class Uploader:
    """One person with a token; every answer is the whole response."""

    def __init__(self, world: World, name: str) -> None:
        person = world.people[name]
        membership = Membership.objects.get(
            person_id=person.person_id, organisation_id=person.organisation_id, role=person.role
        )
        until = clock.technical_now() + timedelta(days=400)
        _row, secret = tokens.issue(membership, name="uploads", expires_at=until)
        self.actor, self.client = person, Client()
        self.head = {"Authorization": f"Bearer {secret}", **TUS}

    def begin(self, length: int, *, lot: str = LOT, **more: str) -> Any:
        head = {**self.head, "Upload-Length": str(length), **more}
        return self.client.post(f"/api/v1/lots/{lot}/uploads", headers=head)

    def begun(self, length: int) -> str:
        """The address of a new upload."""
        answer = self.begin(length)
        assert answer.status_code == 201, answer.content
        return str(answer["Location"])

    def part(self, address: str, offset: int, data: bytes, **more: str) -> Any:
        head = {**self.head, "Upload-Offset": str(offset), **more}
        return self.client.patch(address, data, content_type=tus.CONTENT, headers=head)

    def ask(self, address: str) -> Any:
        return self.client.get(address, headers=self.head)

    def offset(self, address: str) -> int:
        answer = self.client.head(address, headers=self.head)
        assert answer.status_code == 200, answer.status_code
        return int(answer["Upload-Offset"])

    def give_up(self, address: str) -> Any:
        return self.client.delete(address, headers=self.head)

    def whole(self, data: bytes, size: int = 0) -> Any:
        """All of it in parts of so many bytes; the last answer."""
        address, answer = self.begun(len(data)), None
        for start in range(0, len(data), size or len(data)):
            answer = self.part(address, start, data[start : start + (size or len(data))])
            if answer.status_code != 200:
                break
        return answer


def codes(answer: Any) -> list[str]:
    """The codes of a refusal."""
    return [reason["code"] for reason in answer.json()["refusals"]]


def name_of(address: str) -> str:
    """The upload of an address, as its file in the vault is named."""
    return address.rpartition("/")[2]
