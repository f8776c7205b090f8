"""Rows of the access table: who draws policies up, bids, opens, and who may look."""

from kernel.access.table import PUBLIC, SIGNED_IN, TABLE, Allow, roles

_RUNNERS = (Allow("owner_clerk", "runner"), Allow("agency_clerk", "runner"))
_PARTIES = (Allow("trustee", "party"), Allow("owner_clerk", "party"))
_TRUSTEE = (Allow("trustee", "party"),)
_BIDDER = (Allow("contractor_clerk", "bidder"),)
# The second door: whoever takes a bidder's file in at the counter of the lot's supervisor.
_COUNTER = Allow("tender_supervisor", "counter")
# Who judges by the credit of a lot's bidders once their bids are open.
JUDGES = (*_RUNNERS, Allow("tender_supervisor", "authority"))
_AUTHORITIES = (Allow("tender_supervisor", "authority"), Allow("auditor", "authority"))

TABLE.add(
    acts={
        "procurement.policy.draw_up": (Allow("owner_clerk"), Allow("agency_clerk")),
        "procurement.policy.announce_key": _PARTIES,
        "procurement.policy.rehearse": _PARTIES,
        "procurement.policy.freeze": (),
        "procurement.policy.sign": _PARTIES,
        "procurement.policy.settle": (),
        "procurement.policy.extend": _RUNNERS,
        "procurement.policy.supersede": _RUNNERS,
        "procurement.bid.receive": (Allow("contractor_clerk"), _COUNTER),
        "procurement.bid.replace": (*_BIDDER, _COUNTER),
        "procurement.bid.withdraw": _BIDDER,
        "procurement.bid.resubmit": (*_BIDDER, _COUNTER),
        "procurement.bid.fall_back": (),
        "procurement.bid.annul": (),
        "procurement.bid.await_decryption": (),
        "procurement.bid.relist": (),
        "procurement.bid.strike": (),
        "procurement.bid.open_part": (),
        "procurement.bid.drop": (),
        "procurement.bid.lose_file": (),
        "procurement.bid.decrypt": (),
        "procurement.bid.fail_decryption": (),
        "procurement.bid.return_unopened": (),
        "procurement.bid.validate": (),
        "procurement.bid.reject": (),
        "procurement.bid.score": (),
        "procurement.bid.rank": (),
        "procurement.bid.nominate": (),
        "procurement.bid.win": (),
        "procurement.bid.lose": (),
        "procurement.bid.end_with_lot": (),
        "procurement.bid.void": (Allow("tender_supervisor", "authority"),),
        "procurement.opening.list": (),
        "procurement.opening.countersign": _TRUSTEE,
        "procurement.opening.reveal": _PARTIES,
        "procurement.opening.draw": (),
        "procurement.opening.mark": _TRUSTEE,
        "procurement.opening.check": (),
        "procurement.opening.release": _TRUSTEE,
        "procurement.opening.gather": (),
        "procurement.opening.rehearse": _TRUSTEE,
        "procurement.opening.cure": _BIDDER,
        "procurement.opening.mark_cured": _TRUSTEE,
        # Whoever holds a receipt, also where no row here says so: the act looks at the receipt.
        "procurement.opening.protest": (Allow("contractor_clerk"),),
        "procurement.opening.correct": (),
        "procurement.opening.open_stage": (),
        "procurement.opening.conclude": _RUNNERS,
        "procurement.opening.open": (),
        # Two persons of the supervisor: nobody alone keeps a lot closed for ever.
        "procurement.opening.propose_stop": (Allow("tender_supervisor", "authority"),),
        "procurement.opening.stop": (Allow("tender_supervisor", "authority"),),
        "procurement.opening.abandon": (),
        "procurement.opening.end_with_lot": (),
    },
    readers={
        "procurement.policy": (*_RUNNERS, *_PARTIES, *_AUTHORITIES),
        # Before the opening these relations hold for nobody but the bidder.
        "procurement.bid": (*_BIDDER, *_RUNNERS, *_AUTHORITIES),
        "procurement.opening": (*_RUNNERS, *_PARTIES, *_AUTHORITIES),
    },
    pages={
        # A token acts; whose lot it is, is decided by the rows above.
        **dict.fromkeys(
            (
                "api:lot-time", "api:lot-policy", "api:lot-draft", "api:lot-key",
                "api:lot-rehearsal", "api:lot-rehearse", "api:lot-sign", "api:lot-bids",
                "api:lot-receipt",
                "api:lot-withdrawal", "api:lot-closing", "api:lot-list", "api:lot-nonce",
                "api:lot-marks", "api:lot-shares", "api:lot-opening", "api:lot-uploads",
                "api:lot-upload",
                "api:lot-cure", "api:lot-cured-marks", "api:lot-protest", "api:lot-result",
                "api:lot-give-again", "api:lot-archive",
            ),
            SIGNED_IN,
        ),
        "procurement:bids-policy": PUBLIC,
        "procurement:bids-policy-file": PUBLIC,
        "procurement:bids-opening": PUBLIC,
        "procurement:bids-record-file": PUBLIC,
        # One program for all: whoever looks gets the bytes that everybody gets.
        "procurement:bids-program": PUBLIC,
        "procurement:bids-programs": PUBLIC,
        "procurement:bids-trustee": roles("trustee", "owner_clerk"),
        "procurement:bids-task": roles("trustee", "owner_clerk"),
        "procurement:bids-dossier": PUBLIC,
        # A sandbox's own, to try with; a production answers 404.
        "procurement:bids-demonstration-anchors": PUBLIC,
        "procurement:bids-demonstration-roots": PUBLIC,
        # Whose dossier it may be is decided by who may read the lot's bids.
        "procurement:bids-dossier-all": SIGNED_IN,
        "procurement:bids-mine": roles("contractor_clerk"),
        "procurement:bids-lot": roles("contractor_clerk"),
        "procurement:bids-withdraw": roles("contractor_clerk"),
        "procurement:bids-closing": roles("contractor_clerk"),
        "procurement:bids-rescue": roles("contractor_clerk"),
        "procurement:bids-archive": roles("contractor_clerk"),
        "procurement:bids-archive-file": roles("contractor_clerk"),
        "procurement:bids-sheet-facts": roles("contractor_clerk"),
        "procurement:bids-upload": roles("contractor_clerk"),
        "procurement:bids-uploads": roles("contractor_clerk"),
        "procurement:bids-one-upload": roles("contractor_clerk"),
        "procurement:bids-receipt": roles("contractor_clerk"),
        **dict.fromkeys(
            (
                "procurement:bids-counter", "procurement:bids-counter-lot",
                "procurement:bids-counter-uploads", "procurement:bids-counter-upload",
                "procurement:bids-counter-receipt",
            ),
            roles("tender_supervisor"),
        ),
    },
)  # fmt: skip
