"""Rows of the access table: an enterprise reads its own score of any day, the authority all."""

from credit.scoring.entitled import OVERSEERS
from kernel.access.table import SIGNED_IN, TABLE, roles

TABLE.add(
    pages={
        # Each asks :mod:`.entitled` for the enterprise that it is about.
        "credit:mine": SIGNED_IN,
        "credit:score": SIGNED_IN,
        "credit:report": SIGNED_IN,
        "credit:certificate": SIGNED_IN,
        "credit:statement": SIGNED_IN,
        "credit:signature": SIGNED_IN,
        "credit:supervision": roles(*sorted(OVERSEERS)),
        "credit:editor": roles(*sorted(OVERSEERS)),
        "credit:study": roles(*sorted(OVERSEERS)),
        "credit:draft": roles(*sorted(OVERSEERS)),
        "api:credit-score": SIGNED_IN,
        "api:credit-certificate": SIGNED_IN,
    }
)
