"""What the rule sets of a moment say about bills, as plain values for the checks. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Rates:
    """Numbers, severities and articles of one legal moment and region. Rates in percent.

    severities, articles: by check, C01 to C14. tolerances_fen: by check. vat: by taxation.
    safety: by trade. excludes_specialist: editions whose VAT base leaves out 专业工程暂估价.
    lists_fees: editions that list 规费 apart.
    """

    current_edition: str
    severities: Mapping[str, str]
    articles: Mapping[str, str]
    tolerances_fen: Mapping[str, int]
    vat: Mapping[str, Decimal]
    safety: Mapping[str, Decimal]
    excludes_specialist: frozenset[str]
    lists_fees: frozenset[str]
