"""``python -m procurement.bidder.program_words``: the refusals' words for the browser's programs.

The programs refuse with the same codes as this tool, so they say the same words: they are taken
from the catalogues of both and written as JSON beside the programs' sources.
"""

from __future__ import annotations

import gettext
import json
from pathlib import Path
from typing import Any

from kernel.errors import Wording
from kernel.sealing.bids.messages import WORDINGS as BIDS
from kernel.sealing.messages import WORDINGS as SEALING
from kernel.sealing.words import Text
from procurement.bidder.messages import WORDINGS as BIDDER

ROOT = Path(__file__).parents[2]
TARGET = Path(__file__).parent / "web" / "src" / "ui" / "refusals.json"
_LOCALE = ROOT / "kernel" / "locale"


def words() -> str:
    """JSON of code → language → [message, cure]; templates keep their ``%(fact)s``."""
    english = gettext.translation("django", _LOCALE, languages=["en"])
    told: dict[str, Any] = {}
    for code, wording in sorted({**SEALING, **BIDS, **BIDDER}.items()):
        if isinstance(wording.message, Text):  # else its words depend on the facts
            told[code] = {"zh": _pair(wording, str), "en": _pair(wording, english.gettext)}
    return json.dumps(told, ensure_ascii=False, indent=0, sort_keys=True) + "\n"


def _pair(wording: Wording, said: Any) -> list[str]:
    texts = (wording.message, wording.cure)
    return [said(each.text) if isinstance(each, Text) else str(each) for each in texts]


if __name__ == "__main__":
    TARGET.write_text(words(), encoding="utf-8")
