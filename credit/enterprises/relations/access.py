"""Rows of the access table: who records relations, who reads them."""

from kernel.access.table import TABLE, Allow

AUTHORITY = Allow("credit_officer", "authority")

TABLE.add(
    acts={
        "credit.relation.record": (Allow("credit_officer"),),
        "credit.relation.confirm": (AUTHORITY,),
        "credit.relation.decline": (AUTHORITY,),
        "credit.relation.propose_end": (AUTHORITY,),
        "credit.relation.end": (AUTHORITY,),
        "credit.relation.end_on_time": (),
        "credit.relation.propose_change": (AUTHORITY,),
        "credit.relation.propose_taking_back": (AUTHORITY,),
        "credit.relation.confirm_change": (AUTHORITY,),
        "credit.relation.reinstate": (AUTHORITY,),
        "credit.relation.take_back": (AUTHORITY,),
        "credit.relation.drop_proposal": (AUTHORITY,),
    },
    readers={
        "credit.relation": (
            AUTHORITY,
            Allow("auditor", "authority"),
            Allow("contractor_clerk", "related"),
        ),
    },
)
