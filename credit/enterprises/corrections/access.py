"""Rows of the access table: anybody signed in files, an officer decides."""

from credit.enterprises.corrections.machine import CORRECTION
from kernel.access.table import TABLE, Allow

OFFICER = Allow("credit_officer", "authority")
# Everybody who works in the market or looks after it, in whichever role.
ANYBODY = (
    "agency_clerk", "auditor", "bank_clerk", "chief_supervisor", "contractor_clerk",
    "credit_officer", "crew_leader", "design_clerk", "drawing_reviewer", "equipment_officer",
    "expert", "guarantor_clerk", "inspector", "installer_clerk", "labour_clerk", "lessor_clerk",
    "operator", "owner_clerk", "permit_officer", "project_manager", "registration_officer",
    "station_officer", "survey_clerk", "tender_supervisor", "trustee", "wage_officer", "worker",
)  # fmt: skip
_FILER = tuple(Allow(role, "filer") for role in ANYBODY)

TABLE.add(
    acts={
        CORRECTION.act_name("file"): tuple(Allow(role) for role in ANYBODY),
        CORRECTION.act_name("file_import"): (),
        CORRECTION.act_name("file_licence"): (),
        CORRECTION.act_name("propose"): (OFFICER,),
        CORRECTION.act_name("confirm"): (OFFICER,),
        CORRECTION.act_name("accept"): (OFFICER,),
        CORRECTION.act_name("decline"): (OFFICER,),
        CORRECTION.act_name("withdraw"): _FILER,
    },
    readers={
        CORRECTION.code: (
            OFFICER,
            Allow("auditor", "authority"),
            Allow("contractor_clerk", "enterprise"),
            *_FILER,
        )
    },
)
