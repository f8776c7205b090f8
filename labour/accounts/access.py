"""Rows of the access table: contractors open, the bank receives, labour inspectors watch."""

from kernel.access.table import TABLE, Allow
from labour.accounts.machine import ACCOUNT

CLERK = Allow("labour_clerk", "contractor")
BANK = Allow("bank_clerk", "bank")
INSPECTOR = Allow("wage_officer", "authority")

TABLE.add(
    acts={
        ACCOUNT.act_name("open"): (Allow("labour_clerk"),),
        ACCOUNT.act_name("receive"): (BANK,),
        ACCOUNT.act_name("contradict"): (BANK,),
        ACCOUNT.act_name("announce_close"): (CLERK,),
        ACCOUNT.act_name("object"): (INSPECTOR,),
        ACCOUNT.act_name("close"): (CLERK,),
        **{ACCOUNT.act_name(act.code): () for act in ACCOUNT.transitions if act.automatic},
    },
    readers={
        ACCOUNT.code: (
            CLERK,
            BANK,
            INSPECTOR,
            Allow("contractor_clerk", "contractor"),
            Allow("owner_clerk", "owner"),
            Allow("auditor", "authority"),
        )
    },
)
