"""A server that is a file: a task is asked instead, and what is said is gathered for the answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kernel.errors import Refused
from kernel.sealing.bids.fields import instant_text
from kernel.sealing.bids.tasks import Answer, Task, read_task

# Which statement of an answer file stands for which request of the API.
_KINDS = {
    "/trustee-key": "trustee-key",
    "/rehearsal": "rehearsal",
    "/policy/signature": "policy-signature",
    "/closing/signature": "closing-signature",
    "/closing/nonce": "nonce",
    "/closing/marks": "marks",
    "/closing/cured-marks": "cured-marks",
    "/closing/shares": "shares",
}


class Offline:
    """Answers from a task as the server would, and remembers what is said to it."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self._said: dict[str, dict[str, str]] = {}

    @classmethod
    def of(cls, path: Path) -> Offline:
        """The task of a file."""
        return cls(read_task(path.read_bytes()))

    def get(self, path: str) -> dict[str, Any]:
        """The answer to a read; ``bidder.task.nothing`` for what the task does not hold."""
        task = self.task
        if path == "/time":
            return {"time": instant_text(task.time)}
        found: Any = {
            "/rehearsal": {"challenge": task.challenge, "stage": task.stage}
            if task.challenge
            else None,
            "/policy/draft": task.draft,
            "/closing": task.closing,
        }[path]
        if found is None:
            raise Refused.because("bidder.task.nothing", part=path.strip("/"))
        return {**found, **task.surroundings()}

    def post(self, path: str, **body: str) -> dict[str, Any]:
        """Take a statement for the answer; said again, it takes the earlier one's place."""
        kind = _KINDS[path]
        self._said.pop(kind, None)
        self._said[kind] = body
        return {}

    def answer(self) -> bytes:
        """The answer file of what was said."""
        return Answer(self.task.lot, self.task.party, tuple(self._said.items())).encode()
