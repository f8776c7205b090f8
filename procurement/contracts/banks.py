"""Under which names the same bank is written on a receipt. Names for comparing, not for showing.

Source: the registered names of the national banks and the short names in common use; a bank that
is not listed is compared by its name up to 银行 or 信用社.
"""

from __future__ import annotations

import re

from kernel.identifiers.spelling import folded

# The first name is the one that is compared; a branch's name begins with one of them.
NAMES: tuple[tuple[str, ...], ...] = (
    ("中国工商银行", "工商银行", "中国工行", "工行", "icbc"),
    ("中国农业银行", "农业银行", "中国农行", "农行", "abc"),
    ("中国建设银行", "建设银行", "中国建行", "建行", "ccb"),
    ("中国银行", "中行", "boc"),
    ("交通银行", "交行", "bocom", "bankofcommunications"),
    ("中国邮政储蓄银行", "邮政储蓄银行", "邮储银行", "中国邮储", "邮储", "psbc"),
    ("招商银行", "招行", "cmb"),
    ("中信银行", "citic"),
    ("中国光大银行", "光大银行"),
    ("中国民生银行", "民生银行"),
    ("上海浦东发展银行", "浦东发展银行", "浦发银行", "spdb"),
    ("兴业银行", "cib"),
    ("平安银行",),
    ("华夏银行",),
    ("广发银行", "广东发展银行"),
    ("中国农业发展银行", "农业发展银行", "农发行"),
    ("国家开发银行", "国开行"),
    ("哈尔滨银行", "哈行"),
    ("龙江银行",),
)
_BY_NAME = sorted(
    ((name, names[0]) for names in NAMES for name in names), key=lambda pair: -len(pair[0])
)
_TO_THE_KIND = re.compile(r".*?(?:银行|信用社|信用合作联社)")


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
