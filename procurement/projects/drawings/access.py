"""Rows of the access table: who files drawings and who reviews them."""

from kernel.access.table import TABLE, Allow

OWNER = Allow("owner_clerk", "owner")
REVIEWER = Allow("drawing_reviewer", "reviewer")

TABLE.add(
    acts={
        "procurement.drawing_review.file": (Allow("owner_clerk"),),
        "procurement.drawing_review.start": (REVIEWER,),
        "procurement.drawing_review.pass": (REVIEWER,),
        "procurement.drawing_review.return": (REVIEWER,),
        "procurement.drawing_review.refile": (OWNER,),
        "procurement.drawing_review.report_result": (REVIEWER,),
    },
    readers={
        "procurement.drawing_review": (
            OWNER,
            REVIEWER,
            Allow("survey_clerk", "designer"),
            Allow("design_clerk", "designer"),
            Allow("registration_officer", "authority"),
            Allow("permit_officer", "authority"),
            Allow("station_officer", "authority"),
            Allow("auditor", "authority"),
        ),
    },
)
