"""Rows of the access table: who files completed works and who receives the file."""

from kernel.access.table import TABLE, Allow

OWNER = Allow("owner_clerk", "owner")
OFFICER = Allow("permit_officer", "authority")

TABLE.add(
    acts={
        "procurement.completion_filing.open": (),
        "procurement.completion_filing.submit": (OWNER,),
        "procurement.completion_filing.reaccept": (),
        "procurement.completion_filing.fall_overdue": (),
        **{
            f"procurement.completion_filing.{act}": (OFFICER,)
            for act in ("receipt", "return", "file", "stop_use")
        },
    },
    readers={
        "procurement.completion_filing": (
            OWNER,
            Allow("contractor_clerk", "contractor"),
            OFFICER,
            Allow("registration_officer", "authority"),
            Allow("station_officer", "authority"),
            Allow("credit_officer", "authority"),
            Allow("auditor", "authority"),
        ),
    },
)
