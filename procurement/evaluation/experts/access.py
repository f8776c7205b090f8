"""Rows of the access table: experts keep their own file, officers of the place decide on it."""

from kernel.access.table import TABLE, Allow

SELF = Allow("expert", "self")
OFFICER = Allow("tender_supervisor", "authority")
_OF_OFFICERS = (
    "propose", "admit", "decline", "change_specialties", "renew", "suspend", "resume", "remove",
)  # fmt: skip

TABLE.add(
    acts={
        "procurement.expert.apply": (Allow("expert"),),
        "procurement.expert.reapply": (SELF,),
        "procurement.expert.report_employer": (SELF,),
        "procurement.expert.lapse_proposal": (),
        **{f"procurement.expert.{act}": (OFFICER,) for act in _OF_OFFICERS},
    },
    readers={"procurement.expert": (SELF, OFFICER, Allow("auditor", "authority"))},
)
