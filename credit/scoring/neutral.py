"""No scheme asks where a firm is registered, taxed or from (《优化营商环境条例》第十三条).

The engine is given facts and dates and nothing of the firm, so it cannot ask. What could is a
scheme's row, by naming a place as an item: such words are refused when a scheme is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from kernel.identifiers import regions

# 本市场 is no city, 本地化 no place.
_HOME = re.compile(
    "(?:本|外|该|我)(?:省|市(?!场)|县|区|地(?!化|基|面|下)|埠)|外来(?:企业|施工)|异地企业"
    "|(?:省|市|县|域|境)(?:内|外)(?:的)?(?:企业|单位|施工|承包|建筑业|投标)|省外|市外"
    "|[入进驻落][一-鿿]{1,3}(?:企业|施工企业|备案)|驻地|落户"
    "|(?:注册|登记|纳税|税收|住所|户籍|总部)(?:地|所在|在|于|关系)"
    "|在[一-鿿]{0,6}(?:注册|纳税|登记|落户|设立(?:子|分)公司)|分公司|子公司"
)
_ENGLISH = re.compile(
    r"\blocal\b|registered in|\bresident\b|domicil|headquarter|\b(?:out|in)[- ]of[- ]province"
    r"|of (?:the|this|our|another) (?:province|city|county)|pay(?:s|ing)? tax|local_|_local"
)


def names_a_place(said: Iterable[str]) -> bool:
    """Whether a row's own words say where a firm is at home, or name a place at all."""
    text = " ".join(said).lower()
    return bool(_HOME.search(text) or _ENGLISH.search(text)) or any(
        name in text for name in _places()
    )


@cache
def _places() -> frozenset[str]:
    """Names of divisions; of provinces and cities the short ones too. 市辖区 names none."""
    found = set()
    for rows in regions.everything():
        if rows.kind == "urban":
            continue
        found.add(rows.name)
        short = re.sub(
            "(?:省|市|地区|盟|(?:[一-鿿]{1,3}族)*自治[区州县]|特别行政区)$", "", rows.name
        )
        if rows.kind != "county" and len(short) > 1:
            found.add(short)
    return frozenset(found)
