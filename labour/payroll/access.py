"""Rows of the access table: crews list, workers confirm, labour clerks check, the bank pays."""

from kernel.access.table import TABLE, Allow
from labour.payroll.machine import PAYROLL

WORKER = Allow("worker", "worker")
LEADER = Allow("crew_leader", "crew")
CLERK = Allow("labour_clerk", "contractor")
BANK = Allow("bank_clerk", "bank")

TABLE.add(
    acts={
        PAYROLL.act_name("list"): (Allow("crew_leader"),),
        PAYROLL.act_name("confirm"): (WORKER,),
        PAYROLL.act_name("dispute"): (WORKER,),
        PAYROLL.act_name("agree"): (),
        PAYROLL.act_name("relist"): (LEADER,),
        PAYROLL.act_name("check"): (CLERK,),
        PAYROLL.act_name("return"): (CLERK,),
        PAYROLL.act_name("pay"): (BANK,),
        PAYROLL.act_name("contradict"): (WORKER, LEADER),
        PAYROLL.act_name("prove"): (BANK,),
        PAYROLL.act_name("fall_overdue"): (),
    },
    readers={
        PAYROLL.code: (
            WORKER,
            LEADER,
            CLERK,
            BANK,
            Allow("wage_officer", "authority"),
            Allow("auditor", "authority"),
        )
    },
)
