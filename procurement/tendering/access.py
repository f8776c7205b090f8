"""Rows of the access table: who puts lots out to tender, who is told, who stops them."""

from kernel.access.table import PUBLIC, TABLE, Allow

OWNER = Allow("owner_clerk", "owner")
AGENCY = Allow("agency_clerk", "agency")
SUPERVISOR = Allow("tender_supervisor", "authority")
BOTH = (OWNER, AGENCY)
AUTOMATIC = (
    "close_sale", "pause", "resume", "close", "open_bids", "fail", "start_evaluation",
    "receive_report", "pause_publicity", "resume_publicity", "end_publicity", "contract",
)  # fmt: skip

TABLE.add(
    acts={
        "procurement.tender.open": (Allow("owner_clerk"), Allow("agency_clerk")),
        **{
            f"procurement.tender.{act}": BOTH
            for act in ("amend", "publish", "clarify", "retender", "publicise", "archive")
        },
        **{
            f"procurement.tender.{act}": (OWNER,)
            for act in (
                "approve", "discard", "next_candidate", "fail_award", "issue_award_notice",
                "report_award", "terminate",
            )
        },
        # By the owner upon an objection, by the supervisor upon a complaint.
        "procurement.tender.reevaluate": (OWNER, SUPERVISOR),
        **{
            f"procurement.tender.{act}": (SUPERVISOR,)
            for act in (
                "suspend", "lift", "lift_pause", "lift_evaluation", "lift_publicity",
                "lift_publicity_pause", "lift_award", "lift_awarded",
            )
        },
        **{f"procurement.tender.{act}": () for act in AUTOMATIC},
        "procurement.tender_plan.draw_up": (Allow("owner_clerk"), Allow("agency_clerk")),
        **{f"procurement.tender_plan.{act}": BOTH for act in ("amend", "announce", "end")},
        "procurement.objection.raise": (Allow("contractor_clerk"),),
        "procurement.objection.answer": BOTH,
        "procurement.objection.withdraw": (Allow("contractor_clerk", "raiser"),),
        "procurement.objection.fall_overdue": (),
    },
    readers={
        "procurement.tender_plan": (OWNER, AGENCY, SUPERVISOR, Allow("auditor", "authority")),
        "procurement.objection": (
            Allow("contractor_clerk", "raiser"), OWNER, AGENCY, SUPERVISOR,
            Allow("auditor", "authority"),
        ),
        "procurement.tender": (OWNER, AGENCY, SUPERVISOR, Allow("auditor", "authority")),
    },
    pages={
        "procurement:notices": PUBLIC,
        "procurement:notice": PUBLIC,
        "procurement:notice-file": PUBLIC,
        "procurement:notice-bill": PUBLIC,
        "api:lot-bill": PUBLIC,
    },
)  # fmt: skip
