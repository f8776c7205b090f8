"""Rows of the access table: who issues and returns securities, and who may know of them."""

from kernel.access.table import TABLE, Allow

GUARANTOR = Allow("guarantor_clerk", "guarantor")
OWNER = Allow("owner_clerk", "beneficiary")
CONTRACTOR = Allow("contractor_clerk", "beneficiary")  # of a payment security
WAGES = Allow("wage_officer", "wage_authority")

TABLE.add(
    acts={
        "procurement.security.issue": (Allow("guarantor_clerk"),),
        "procurement.security.call_back": (),
        "procurement.security.hold": (),
        # The guarantor only where the law has released it already.
        "procurement.security.return": (OWNER, CONTRACTOR, WAGES, GUARANTOR),
        "procurement.security.claim": (OWNER, CONTRACTOR, WAGES),
        "procurement.security.lapse": (),
    },
    readers={
        "procurement.security": (
            GUARANTOR,
            Allow("owner_clerk", "principal"),
            Allow("contractor_clerk", "principal"),
            OWNER,
            CONTRACTOR,
            WAGES,
            *(
                Allow(role, "authority")
                for role in ("tender_supervisor", "permit_officer", "wage_officer", "auditor")
            ),
        ),
    },
)
