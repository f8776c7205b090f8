"""Rows of the access table: who keeps the archive, and that everybody may read it."""

from kernel.access.table import PUBLIC, TABLE, Allow

AUTHORITY = Allow("credit_officer", "authority")

TABLE.add(
    acts={
        "credit.licence.record": (Allow("credit_officer"),),
        "credit.licence.revoke": (AUTHORITY,),
        "credit.licence.lapse": (),
        "credit.licence.correct": (),
    },
    readers={
        "credit.licence": (
            AUTHORITY,
            Allow("auditor", "authority"),
            Allow("contractor_clerk", "holder"),
        ),
    },
    pages={"credit:enterprises": PUBLIC, "credit:enterprise": PUBLIC},
)
