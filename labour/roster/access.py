"""Rows of the access table: crew leaders offer, workers sign, labour clerks keep the roster."""

from kernel.access.table import PUBLIC, SIGNED_IN, TABLE, Allow
from labour.roster.machine import WORKER

WORKER_SELF = Allow("worker", "self")
LEADER = Allow("crew_leader", "crew")
CLERK = Allow("labour_clerk", "contractor")
OFFICER = Allow("wage_officer", "authority")

_ACTS: dict[str, tuple[Allow, ...]] = {
    "offer": (Allow("crew_leader"),),
    "sign": (WORKER_SELF,),
    "decline": (WORKER_SELF,),
    "request_exit": (WORKER_SELF, LEADER, CLERK),
    "open_case": (OFFICER,),
    "close_case": (OFFICER,),
    "close_case_away": (OFFICER,),
}

TABLE.add(
    acts={
        WORKER.act_name(act.code): () if act.automatic else _ACTS.get(act.code, (CLERK,))
        for act in WORKER.transitions
    },
    readers={
        WORKER.code: (
            WORKER_SELF,
            LEADER,
            CLERK,
            Allow("project_manager", "contractor"),
            OFFICER,
            Allow("station_officer", "authority"),
            Allow("auditor", "authority"),
        )
    },
    pages={"labour:roster": SIGNED_IN, "labour:board": PUBLIC, "labour:boards": PUBLIC},
)
