"""A newer version of an opening policy: the same in everything but a later deadline."""

from __future__ import annotations

from dataclasses import replace

from kernel.errors import Refusal, Refused
from kernel.sealing.bids.fields import instant_text
from kernel.sealing.bids.policy import Policy


def check_successor(new: Policy, old: Policy) -> None:
    """Refuse a newer version that is no mere extension of ``old``.

    ``sealing.policy.successor``: it does not follow, or changes more than version and deadline;
    ``sealing.policy.earlier_deadline``.
    """
    reasons = []
    as_old = replace(new, version=old.version, supersedes=old.supersedes, deadline=old.deadline)
    if new.version != old.version + 1 or new.supersedes != old.sha256 or as_old != old:
        reasons.append(Refusal("sealing.policy.successor", {"version": new.version}))
    if new.deadline < old.deadline:
        reasons.append(
            Refusal(
                "sealing.policy.earlier_deadline",
                {"deadline": instant_text(new.deadline), "before": instant_text(old.deadline)},
            )
        )
    if reasons:
        raise Refused(reasons)
