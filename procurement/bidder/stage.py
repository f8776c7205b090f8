"""``result``: the procuring entity signs which bids passed a stage; the others stay closed."""

from __future__ import annotations

import argparse
import base64
import hashlib
from typing import Any

from kernel.errors import Refusal, Refused
from kernel.sealing.bids import closing, opening, results
from procurement.bidder import signing
from procurement.bidder.answers import moment, raw, text, trust
from procurement.bidder.submit import client, policy_by_hash


def result(options: argparse.Namespace) -> dict[str, Any]:
    """Sign the result over what the stage's signed record says was opened, and send it."""
    server = client(options)
    answer, told, spoken = server.get("/policy"), server.get("/closing"), server.get("/opening")
    listed = closing.read_list(text(told, "list"))
    policy, believed = policy_by_hash(listed.policy_sha256, answer), trust(options, answer)
    now = moment(options, told)
    data = text(spoken, "record")
    believed.verify(raw(spoken, "p7s"), data, policy.operator.uscc, now)
    record = opening.read_record(data)
    if record.list_sha256 != listed.sha256:
        raise Refused.because("bidder.server.answer", part="record")
    opened = {bid.bidder: bid.manifest_sha256 for bid in record.bids if bid.whole}
    reasons = dict(each.partition("=")[::2] for each in options.failed)
    if unknown := [uscc for uscc, why in reasons.items() if uscc not in opened or not why]:
        raise Refused([Refusal("bidder.stage.unknown", {"bidder": uscc}) for uscc in unknown])
    made = results.StageResult(
        lot=policy.lot,
        stage=listed.stage,
        list_sha256=listed.sha256,
        report_sha256=hashlib.sha256(options.report.read_bytes()).hexdigest(),
        passed=tuple(name for uscc, name in opened.items() if uscc not in reasons),
        failed=tuple(results.Failed(opened[uscc], why) for uscc, why in reasons.items()),
    )
    statement = signing.beside(options.report, "stage-result")
    p7s = base64.b64encode(signing.hand(options).signed(made.encode(), now, statement)).decode()
    state = server.post("/closing/result", result=made.encode().decode(), p7s=p7s)
    return {"lot": policy.lot, "stage": made.stage, "result_sha256": made.sha256,
            "passed": len(made.passed), "failed": len(made.failed), **state}  # fmt: skip
