"""How long nonces, cures and files are waited for: each from the moment since it can come.

The fractions of the decrypt window are the protocol's own, so that platform, trustees' tools,
bidders and verifier reckon alike, from nothing but the signed policy and the opening's signed
moments (:mod:`.moments`). Before its moment none of these times runs: too few trustees take
nobody's time. Pure arithmetic.
"""

from __future__ import annotations

from datetime import datetime, timedelta


def reveal_until(countersigned: datetime, minutes: int) -> datetime:
    """After this a missing nonce is replaced; countersigned: when k trustees had signed the list.

    minutes: of the policy's decrypt window, here and below.
    """
    return countersigned + timedelta(minutes=minutes) / 2


def cure_until(marked: datetime, minutes: int) -> datetime:
    """After this no cure comes; marked: when k trustees had marked every bid."""
    return marked + timedelta(minutes=minutes) * 3 / 4


def files_until(released: datetime, minutes: int) -> datetime:
    """After this neither a file nor another share is waited for; released: when k had released."""
    return released + timedelta(minutes=minutes)
