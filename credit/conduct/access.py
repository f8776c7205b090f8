"""Rows of the access table: two officers confirm, whom it is about answers, everybody reads."""

from credit.conduct.machine import RECORD
from kernel.access.table import PUBLIC, TABLE, Allow

OFFICER = Allow("credit_officer", "authority")
# Owners, lessors, crews and agencies are recorded like contractors, and have the same rights: over
# what they were told of. Before, an attempt would tell them that there is something.
TOLD = tuple(Allow(role, "told") for role in TABLE.representatives())
UPPER = Allow("credit_officer", "upper")
_BY_ENTERPRISE = {"state", "dispute", "ask_review", "apply_repair", "apply_exit", "state_listing"}
_BY_UPPER = {"review_uphold", "propose_review_revocation", "review_revoke"}

TABLE.add(
    acts={
        RECORD.act_name(act.code): ()
        if act.automatic
        else (Allow("credit_officer"),)
        if act.opens
        else TOLD
        if act.code in _BY_ENTERPRISE
        else (UPPER,)
        if act.code in _BY_UPPER
        else (OFFICER,)
        for act in RECORD.transitions
    },
    readers={RECORD.code: (OFFICER, Allow("auditor", "authority"), *TOLD)},
    pages={"credit:records": PUBLIC, "credit:listed": PUBLIC},
)
