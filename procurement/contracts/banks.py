"""Under which names the same bank is written on a receipt. Names for comparing, not for showing.

Source: the registered names of the national banks and the short names in common use; a bank that
is not listed is compared by its name up to 银行 or 信用社.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

from kernel.identifiers.spelling import folded

# banks.csv: the name that is compared, and all names with which a branch's name may begin; the row
# without a name holds the words with which the name of any other bank ends.
with (Path(__file__).parent / "banks.csv").open(encoding="utf-8", newline="") as _file:
    _ROWS = [(row["compared"], row["written"].split()) for row in csv.DictReader(_file)]
_BY_NAME = sorted(
    ((name, first) for first, names in _ROWS if first for name in names),
    key=lambda pair: -len(pair[0]),
)
_KINDS = "|".join(name for first, names in _ROWS if not first for name in names)
_TO_THE_KIND = re.compile(rf".*?(?:{_KINDS})")


def compared(bank: str) -> str:
    """A bank as it is compared: whatever its short name, branch, width, case or blanks.

    >>> compared("ＩＣＢＣ"), compared("工行 道里支行"), compared("某某农村商业银行股份有限公司")
    ('中国工商银行', '中国工商银行', '某某农村商业银行')
    """
    name = folded(bank)
    known = next((first for said, first in _BY_NAME if name.startswith(said)), "")
    if known:
        return known
    kind = _TO_THE_KIND.match(name)
    return kind.group() if kind else name


def receipt_key(bank: str, number: str) -> tuple[str, str]:
    """What makes two receipts of one payer the same, however they are written."""
    return compared(bank), folded(number)
