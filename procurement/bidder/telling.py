"""What the tool prints: results, what waits to be signed, and refusals whole."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kernel.errors import Catalogue, Refused
from kernel.sealing.words import lazy as _

if TYPE_CHECKING:
    from procurement.bidder.signing import ToSign
    from procurement.bidder.waiting import Waits


def show(result: Mapping[str, Any], as_json: bool) -> None:
    """Print a result, name by name."""
    if as_json:
        print(json.dumps(result, ensure_ascii=False, sort_keys=True))
        return
    for name, value in result.items():
        told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        print(f"{name}: {printable(told)}")


def waiting(to_sign: ToSign, as_json: bool) -> None:
    """Say what is to be signed, one way to sign it, and how to go on."""
    show({"to_sign": str(to_sign.statement), "signature": str(to_sign.signature),
           "command": to_sign.command}, as_json)  # fmt: skip
    words = _("请在保管密钥的机器上对 %(statement)s 作分离式 CMS 签名（CAdES-B，DER），"
              "然后执行同一命令并加 --signature %(signature)s")  # fmt: skip
    facts = {"statement": to_sign.statement, "signature": to_sign.signature}
    print(printable(words % facts), file=sys.stderr)


def held(waits: Waits, as_json: bool) -> None:
    """Say what was done and stands, which step waits, and for what."""
    told: list[dict[str, Any]] = [
        {"lot": each.lot, "step": each.step, "done": list(each.done),
         "reasons": worded(each.refused)}
        for each in waits.halts
    ]  # fmt: skip
    if as_json:
        reasons = [reason for each in told for reason in each["reasons"]]
        show({"done": waits.done, "waits": told, "refusals": reasons}, as_json)
    else:
        show(waits.done, as_json)
    for halt, each in zip(waits.halts, told, strict=True):
        if halt.done:
            words = _("标段 %(lot)s：%(done)s 已办妥并生效，不必再做；%(step)s 须等待其他各方")
        else:
            words = _("标段 %(lot)s：%(step)s 须等待其他各方")
        facts = {"lot": halt.lot, "done": " ".join(halt.done), "step": halt.step}
        print(printable(words % facts), file=sys.stderr)
        refuse(each["reasons"], as_json=False)


def printable(told: str) -> str:
    """A text without control and direction characters, which could show another text."""
    return "".join(c if c.isprintable() or c == chr(0x3000) else "\N{REPLACEMENT CHARACTER}"
                   for c in told)  # fmt: skip


def worded(refused: Refused) -> list[dict[str, Any]]:
    """The reasons of a refusal as the server would tell them."""
    from kernel.sealing.bids.messages import WORDINGS as BIDS
    from kernel.sealing.messages import WORDINGS as SEALING
    from procurement.bidder.messages import WORDINGS

    words = Catalogue()
    for wordings in (SEALING, BIDS, WORDINGS):
        words.register(wordings)
    return [
        {
            "code": reason.code,
            "message": words.message(reason),
            "facts": dict(reason.facts),
            "article": reason.article,
            "cure": words.cure(reason),
            "field": reason.field,
        }
        for reason in refused.refusals
    ]


def refuse(reasons: Sequence[Mapping[str, Any]], as_json: bool, request: str = "") -> None:
    """Print every reason whole."""
    if as_json:
        print(json.dumps({"refusals": reasons, "request_id": request}, ensure_ascii=False,
                         sort_keys=True, default=str))  # fmt: skip
    for reason in reasons:
        article = f" ({reason['article']})" if reason.get("article") else ""
        line = f"{reason.get('message', '')}{article} [{reason.get('code', '')}]"
        print(printable(line), file=sys.stderr)
        if cure := reason.get("cure"):
            print("  " + printable(str(cure)), file=sys.stderr)
    if request:
        print(f"request_id: {printable(request)}", file=sys.stderr)
