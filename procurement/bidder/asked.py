"""What the lot's notice asks of a bid beyond its policy, as the server tells: said before sealing.

The policy does not hold these, so a bid without them is sealed, received and opened, and then
rejected. Told and never refused: a notice may have changed since, and the bidder may know better.
"""

from __future__ import annotations

import sys
from typing import Any

from kernel.sealing.bids.opening import OpeningSheet
from kernel.sealing.words import Text
from kernel.sealing.words import lazy as _

UNTOLD = "asks_untold"
SECURITY, BILL, CEILING = "security_missing", "bill_missing", "price_above_ceiling"

_NOTICES: dict[str, Text] = {
    UNTOLD: _(
        "注意：没有核对：开启方案文件没有写明本标段的最高投标限价、要求的投标保证和工程量清单；"
        "请对照招标公告逐项核对，或重新下载方案文件"
    ),
    SECURITY: _(
        "注意：本标段要求投标保证 %(yuan)s 元，开标一览表没有写明保函或缴纳编号；"
        "没有投标保证的投标会被否决"
    ),
    BILL: _(
        "注意：本标段附有工程量清单，开标一览表没有写明已标价清单（bill_sha256）；"
        "没有已标价清单的投标会被否决"
    ),
    CEILING: _("注意：报价高于最高投标限价 %(yuan)s 元；高于限价的投标会被否决"),
}


def missing(asks: Any, sheet: OpeningSheet) -> dict[str, int]:
    """What a sheet lacks of what a server says is asked: code, and the sum asked in fen (else 0).

    asks: ``asks`` of ``GET /policy``, absent where the server does not tell or the file is older.
    """
    if not isinstance(asks, dict):
        return {}
    found = {}
    security, ceiling = _fen(asks.get("security_fen")), _fen(asks.get("ceiling_fen"))
    if security and not sheet.bid_security:
        found[SECURITY] = security
    if asks.get("bill") is True and not sheet.bill_sha256:
        found[BILL] = 0
    if ceiling and sheet.price_fen > ceiling:
        found[CEILING] = ceiling
    return found


def tell(asks: Any, sheet: OpeningSheet) -> list[str]:
    """Say on the error stream what a bid lacks, or that nobody could tell; the codes."""
    from procurement.bidder import telling

    found = missing(asks, sheet) if isinstance(asks, dict) else {UNTOLD: 0}
    for code, fen in found.items():
        print(
            telling.printable(_NOTICES[code] % {"yuan": f"{fen // 100:,}.{fen % 100:02d}"}),
            file=sys.stderr,
        )
    return list(found)


def _fen(value: Any) -> int:
    return value if type(value) is int and value > 0 else 0
