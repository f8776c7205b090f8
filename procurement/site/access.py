"""Rows of the access table: who finds hazards, who deals with them, who looks again."""

from kernel.access.table import TABLE, Allow

STATION = Allow("station_officer", "authority")
CHIEF = Allow("chief_supervisor", "supervision")
MANAGER = Allow("project_manager", "contractor")
_VISIT = (Allow("station_officer"), Allow("chief_supervisor"))
# Those who work on the site see a hazard first; on which site somebody is, the guard asks.
_FIND = (*_VISIT, Allow("project_manager"), Allow("worker"))
_READERS = (
    STATION,
    CHIEF,
    MANAGER,
    Allow("contractor_clerk", "contractor"),
    Allow("owner_clerk", "owner"),
    Allow("permit_officer", "authority"),
    Allow("credit_officer", "authority"),
    Allow("equipment_officer", "authority"),
    Allow("auditor", "authority"),
)

TABLE.add(
    acts={
        "procurement.site_visit.record": _VISIT,
        "procurement.hazard.find": _FIND,
        "procurement.hazard.assign": (MANAGER,),
        "procurement.hazard.rectify": (MANAGER,),
        "procurement.hazard.report": (CHIEF,),
        "procurement.hazard.escalate": (),
        **{
            f"procurement.hazard.{act}": (STATION, CHIEF)
            for act in ("grade", "shorten", "recheck", "send_back", "close")
        },
        **{f"procurement.hazard.{act}": (STATION,) for act in ("stop", "release", "penalise")},
    },
    readers={
        "procurement.site_visit": _READERS,
        "procurement.hazard": (*_READERS, Allow("worker", "finder")),
    },
)
