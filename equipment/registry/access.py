"""Rows of the access table: lessors, installers, inspectors, contractors, authorities."""

from equipment.registry.machine import MACHINE
from kernel.access.table import PUBLIC, TABLE, Allow

LESSOR = Allow("lessor_clerk", "owner")
HOME = Allow("equipment_officer", "home_authority")
SITE = Allow("equipment_officer", "site_authority")
USER = Allow("contractor_clerk", "user")
MANAGER = Allow("project_manager", "user")
INSTALLER = Allow("installer_clerk", "installer")
# An inspection body is called by whoever stands there; it reads what it tests.
INSPECTOR = Allow("inspector")

_ACTS: dict[str, tuple[Allow, ...]] = {
    "open": (Allow("lessor_clerk"),),
    "apply": (LESSOR,),
    "file": (HOME,),
    "return": (HOME,),
    "offer": (LESSOR,),
    # Nobody else's hands are on it than those that its user or its owner engaged.
    "engage": (USER, MANAGER, LESSOR),
    "recall_notice": (USER, MANAGER, LESSOR),
    "change_installer": (USER, MANAGER, LESSOR),
    "notify_installation": (INSTALLER,),
    "install": (INSTALLER,),
    "test": (INSPECTOR,),
    "accept": (USER, MANAGER),
    "register_use": (SITE,),
    "use": (USER, MANAGER),
    "attach": (USER, MANAGER),
    "recheck": (USER, MANAGER),
    "block": (SITE, Allow("station_officer", "site_authority")),
    "dismantle": (INSTALLER,),
    "return_idle": (LESSOR,),
    "assess": (LESSOR,),
    "pass_assessment": (INSPECTOR,),
    "fail_assessment": (INSPECTOR,),
    "change_operators": (SITE,),
    "readmit": (SITE,),
    "scrap": (LESSOR,),
    "deregister": (HOME,),
}

TABLE.add(
    acts={
        MACHINE.act_name(act.code): () if act.automatic else _ACTS[act.code]
        for act in MACHINE.transitions
    },
    readers={
        MACHINE.code: (
            LESSOR,
            HOME,
            SITE,
            USER,
            MANAGER,
            INSTALLER,
            INSPECTOR,
            Allow("chief_supervisor", "supervision"),
            Allow("station_officer", "site_authority"),
            Allow("auditor", "home_authority"),
            Allow("auditor", "site_authority"),
        )
    },
    pages={
        "equipment:machines": PUBLIC,
        "equipment:machine": PUBLIC,
        "equipment:market": PUBLIC,
        "equipment:photo": PUBLIC,
    },
)
