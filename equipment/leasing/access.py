"""Rows of the access table: contractors ask, lessors answer."""

from equipment.leasing.machine import HIRE
from kernel.access.table import TABLE, Allow

LESSOR = Allow("lessor_clerk", "lessor")
HIRERS = (Allow("contractor_clerk", "hirer"), Allow("project_manager", "hirer"))

TABLE.add(
    acts={
        HIRE.act_name("request"): (Allow("contractor_clerk"), Allow("project_manager")),
        HIRE.act_name("agree"): (LESSOR,),
        HIRE.act_name("refuse"): (LESSOR,),
        HIRE.act_name("withdraw"): HIRERS,
        HIRE.act_name("end"): (),
    },
    readers={
        HIRE.code: (
            LESSOR,
            *HIRERS,
            Allow("equipment_officer", "authority"),
            Allow("auditor", "authority"),
        )
    },
)
