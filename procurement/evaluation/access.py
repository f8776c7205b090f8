"""Rows of the access table: who forms a committee, who evaluates, who only looks on."""

from kernel.access.table import PUBLIC, TABLE, Allow, roles

MEMBER = Allow("expert", "member")
AGENCY = Allow("agency_clerk", "agency")
OWNER = Allow("owner_clerk", "owner")
SUPERVISOR = Allow("tender_supervisor", "authority")
_OF_MEMBERS = (
    "check_in", "declare", "step_back", "elect_leader", "start_preliminary", "vote", "clarify",
    "recall_question",
    "score_detail", "rescore", "summarise", "dissent", "note_refusal", "fail", "ask_time",
)  # fmt: skip

TABLE.add(
    acts={
        "procurement.evaluation.open": (Allow("agency_clerk"), Allow("owner_clerk")),
        "procurement.evaluation.draw": (AGENCY, OWNER),
        "procurement.evaluation.allow_late_draw": (SUPERVISOR,),
        **{f"procurement.evaluation.{act}": (MEMBER,) for act in _OF_MEMBERS},
        "procurement.evaluation.clear": (),
        "procurement.evaluation.score_price": (),
        "procurement.evaluation.recount": (),
        "procurement.evaluation.report": (),
        "procurement.evaluation.reply": (Allow("contractor_clerk", "asked"),),
        "procurement.evaluation.hand_over": (AGENCY, OWNER),
        "procurement.evaluation.extend_time": (AGENCY, OWNER),
        "procurement.evaluation.replace_member": (AGENCY, OWNER, SUPERVISOR),
        "procurement.evaluation.review": (MEMBER, SUPERVISOR),
    },
    readers={
        # What of a session they see before its report, their pages decide: no name, no point.
        "procurement.evaluation": (
            MEMBER,
            AGENCY,
            OWNER,
            SUPERVISOR,
            Allow("auditor", "authority"),
        ),
    },
    pages={
        "procurement:evaluation-session": roles("expert"),
        "procurement:evaluation-bid": roles("expert"),
        "procurement:evaluation-file": roles("expert"),
        "procurement:evaluation-questions": roles("contractor_clerk"),
        "procurement:evaluation-result": PUBLIC,
    },
)
