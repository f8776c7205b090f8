"""Rows of the access table: the enterprise declares, an officer checks."""

from credit.enterprises.declarations.machine import CLAIM, FINANCE
from kernel.access.table import TABLE, Allow

_OFFICER = (Allow("credit_officer", "authority"),)
_ENTERPRISE = (Allow("contractor_clerk", "enterprise"),)

TABLE.add(
    acts={
        machine.act_name(act): rows
        for machine in (CLAIM, FINANCE)
        for act, rows in {
            "declare": (Allow("contractor_clerk"),),
            "check": _OFFICER,
            "refuse": _OFFICER,
            "withdraw": _ENTERPRISE,
            "correct": (),
        }.items()
    },
    readers={
        machine.code: (*_OFFICER, Allow("auditor", "authority"), *_ENTERPRISE)
        for machine in (CLAIM, FINANCE)
    },
)
