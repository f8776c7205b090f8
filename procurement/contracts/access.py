"""Rows of the access table: who signs contracts, measures, certifies, pays."""

from kernel.access.table import SIGNED_IN, TABLE, Allow

OWNER = Allow("owner_clerk", "owner")
CONTRACTOR = Allow("contractor_clerk", "contractor")
MANAGER = Allow("project_manager", "contractor")
SUPERVISION = Allow("chief_supervisor", "supervision")
OFFICER = Allow("permit_officer", "authority")
READERS = (
    OWNER,
    CONTRACTOR,
    MANAGER,
    SUPERVISION,
    Allow("labour_clerk", "contractor"),
    OFFICER,
    Allow("registration_officer", "authority"),
    Allow("station_officer", "authority"),
    Allow("wage_officer", "authority"),
    Allow("tender_supervisor", "authority"),
    Allow("auditor", "authority"),
)
ANY_OWNER, ANY_CONTRACTOR = Allow("owner_clerk"), Allow("contractor_clerk")
ANY_SUPERVISION = Allow("chief_supervisor")

TABLE.add(
    # Who of them may read the contract is asked there.
    pages={"procurement:contract-bill": SIGNED_IN},
    acts={
        "procurement.contract.open": (ANY_OWNER,),
        "procurement.contract.amend": (OWNER,),
        "procurement.contract.draft": (OWNER,),
        "procurement.contract.redraft": (OWNER,),
        "procurement.contract.sign": (),
        "procurement.contract.register": (OWNER,),
        "procurement.contract.perform": (),
        "procurement.contract.supplement": (OWNER, CONTRACTOR),
        "procurement.contract.suspend": (OWNER, CONTRACTOR),
        "procurement.contract.resume": (OWNER, CONTRACTOR),
        "procurement.contract.terminate": (OWNER, CONTRACTOR),
        "procurement.contract.note_void": (),
        "procurement.contract.invalidate": (OWNER,),
        "procurement.contract.investigate": (OFFICER,),
        "procurement.contract.clear": (OFFICER,),
        "procurement.contract.begin_settlement": (),
        "procurement.contract.annul_acceptance": (),
        "procurement.contract.await_acceptance": (),
        "procurement.contract.note_acceptance": (),
        "procurement.contract.file_settlement": (CONTRACTOR,),
        "procurement.contract.check_settlement": (SUPERVISION,),
        "procurement.contract.return_settlement": (SUPERVISION, OWNER),
        "procurement.contract.settle": (OWNER,),
        "procurement.contract.deem_settlement": (),
        "procurement.contract.return_retention": (OWNER,),
        "procurement.contract.close": (OWNER,),
        "procurement.payment.open": (ANY_CONTRACTOR,),
        "procurement.payment.measure": (CONTRACTOR,),
        "procurement.payment.submit": (CONTRACTOR,),
        "procurement.payment.certify": (SUPERVISION,),
        "procurement.payment.approve": (OWNER,),
        "procurement.payment.return": (SUPERVISION, OWNER),
        "procurement.payment.pay_wages": (OWNER,),
        "procurement.payment.pay": (OWNER,),
        "procurement.payment.dispute": (OWNER,),
        "procurement.payment.fall_overdue": (),
        "procurement.variation.propose": (ANY_CONTRACTOR, ANY_OWNER, ANY_SUPERVISION),
        "procurement.variation.instruct": (OWNER,),
        "procurement.variation.value": (CONTRACTOR,),
        "procurement.variation.check": (SUPERVISION,),
        "procurement.variation.approve": (OWNER,),
        "procurement.variation.deem_approved": (),
        "procurement.variation.reject": (OWNER,),
        "procurement.variation.pay": (),
        "procurement.variation.close": (),
        "procurement.price_adjustment.propose": (ANY_CONTRACTOR,),
        "procurement.price_adjustment.check": (SUPERVISION,),
        "procurement.price_adjustment.approve": (OWNER,),
        "procurement.price_adjustment.reject": (OWNER,),
        "procurement.price_adjustment.pay": (),
    },
    readers={
        "procurement.contract": READERS,
        "procurement.payment": READERS,
        "procurement.variation": READERS,
        "procurement.price_adjustment": READERS,
    },
)
