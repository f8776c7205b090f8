"""Rows of the access table: who brings tender bills, and who reads them before they are public."""

from kernel.access.table import TABLE, Allow

OWNER = Allow("owner_clerk", "owner")
AGENCY = Allow("agency_clerk", "agency")

TABLE.add(
    acts={
        "procurement.tender_bill.import": (Allow("owner_clerk"), Allow("agency_clerk")),
        "procurement.tender_bill.withdraw": (OWNER, AGENCY),
    },
    readers={
        "procurement.tender_bill": (
            OWNER,
            AGENCY,
            Allow("tender_supervisor", "authority"),
            Allow("auditor", "authority"),
        ),
    },
)
