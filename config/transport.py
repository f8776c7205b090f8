"""Celery's filesystem transport, with messages that are there whole or not at all.

Kombu writes a message where readers already look for it; a reader that comes in between finds half
of one and its worker dies of it. Nothing is lost by that (the broker is only a wake-up), but the
console fills with a traceback that means nothing to whoever reads it.
"""

from __future__ import annotations

import uuid
from pathlib import Path
from queue import Empty
from time import monotonic
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Puts by renaming; takes what cannot be read for nothing."""

    def _put(  # type: ignore[override]  # its two bases disagree in a name
        self, queue: str, payload: dict[str, Any], **_kwargs: Any
    ) -> None:
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        folder = Path(self.data_folder_out)
        # A name without the queue's ending is nobody's message yet.
        partial = folder / f"{name}.partial"
        partial.write_text(dumps(payload))
        partial.replace(folder / name)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        try:
            return super()._get(queue)
        except ValueError:
            # Left half-written by an older writer; its delivery row is swept up.
            raise Empty from None


class Transport(filesystem.Transport):
    """The transport of the embedded default."""

    Channel = Channel
