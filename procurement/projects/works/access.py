"""Rows of the access table: who builds, who permits, who supervises."""

from kernel.access.table import PUBLIC, TABLE, Allow

OWNER = Allow("owner_clerk", "owner")
PERMIT = Allow("permit_officer", "authority")
STATION = Allow("station_officer", "authority")

_BY_OWNER = (
    "apply", "start", "suspend", "resume", "notify_acceptance", "report_completion",
    "fail_acceptance", "hand_over_archive", "close",
)  # fmt: skip

TABLE.add(
    acts={
        **{f"procurement.works.{act}": (OWNER,) for act in _BY_OWNER},
        **{
            f"procurement.works.{act}": (PERMIT,)
            for act in ("permit", "return", "extend", "recheck")
        },
        "procurement.works.station_report": (STATION,),
        **{
            f"procurement.works.{act}": ()
            for act in (
                "open",
                "void",
                "abandon",
                "accept",
                "note_party",
                "take_back_acceptance",
                "file",
            )
        },
    },
    readers={
        "procurement.works": (
            OWNER,
            Allow("contractor_clerk", "contractor"),
            Allow("project_manager", "contractor"),
            Allow("labour_clerk", "contractor"),
            Allow("chief_supervisor", "supervision"),
            Allow("survey_clerk", "designer"),
            Allow("design_clerk", "designer"),
            PERMIT,
            STATION,
            Allow("registration_officer", "authority"),
            Allow("tender_supervisor", "authority"),
            Allow("equipment_officer", "authority"),
            Allow("wage_officer", "authority"),
            Allow("credit_officer", "authority"),
            Allow("auditor", "authority"),
        ),
    },
    pages={
        "procurement:works-register": PUBLIC,
        "procurement:works-public": PUBLIC,
    },
)
