"""``python -m procurement.bidder``."""

import contextlib
import signal
import sys

from procurement.bidder.main import main


def _end(number: int, _frame: object) -> None:
    sys.exit(128 + number)


# A shutdown or a closed window ends a command as Ctrl-C does: what it was writing is cleared away.
for _name in ("SIGTERM", "SIGHUP"):
    with contextlib.suppress(AttributeError, ValueError):
        signal.signal(getattr(signal, _name), _end)

sys.exit(main())
