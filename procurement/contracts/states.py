"""The states of a contract."""

from __future__ import annotations

DRAFT, SIGNING, SIGNED, REGISTERED, PERFORMING, SUSPENDED, TERMINATED = (
    "draft", "signing", "signed", "registered", "performing", "suspended", "terminated",
)  # fmt: skip
SETTLING, FILED, CHECKED, SETTLED, RETENTION_RETURNED, CLOSED, INVESTIGATED = (
    "settling", "settlement_filed", "settlement_checked", "settled", "retention_returned",
    "closed", "investigated",
)  # fmt: skip
# States in which work is measured, changed and paid.
IN_FORCE = (
    SIGNED, REGISTERED, PERFORMING, SETTLING, FILED, CHECKED, SETTLED, RETENTION_RETURNED,
)  # fmt: skip
# States to which an acceptance of the works leads: another one is noted there.
ACCEPTED = (SETTLING, FILED, CHECKED, SETTLED, RETENTION_RETURNED)
# A lot has one contract that is in none of these.
DEAD = (TERMINATED,)
