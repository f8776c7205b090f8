"""Rows of the access table: two officers confirm, the enterprise answers, everybody reads."""

from credit.conduct.machine import RECORD
from kernel.access.table import PUBLIC, TABLE, Allow

OFFICER = Allow("credit_officer", "authority")
ENTERPRISE = Allow("contractor_clerk", "enterprise")
_BY_ENTERPRISE = {"dispute", "apply_repair"}

TABLE.add(
    acts={
        RECORD.act_name(act.code): ()
        if act.automatic
        else (Allow("credit_officer"),)
        if act.opens
        else (ENTERPRISE,)
        if act.code in _BY_ENTERPRISE
        else (OFFICER,)
        for act in RECORD.transitions
    },
    readers={
        RECORD.code: (OFFICER, Allow("auditor", "authority"), Allow("contractor_clerk", "told"))
    },
    pages={"credit:records": PUBLIC},
)
