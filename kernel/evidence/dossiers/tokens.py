"""Time-stamps of receipts and lists, judged by the authorities that the reader's anchors name."""

from __future__ import annotations

import hashlib
from datetime import datetime

from kernel.errors import Refused
from kernel.evidence import formats
from kernel.evidence.dossiers.work import Work
from kernel.evidence.reading import Unsound
from kernel.sealing import timestamps
from kernel.sealing.bids.bundles import Bundle
from kernel.sealing.bids.policy import Policy
from kernel.sealing.bids.policy_proof import check_moment, check_proof
from kernel.sealing.bids.receipts import Receipt
from kernel.sealing.trust import Anchors


def of_list(work: Work, name: str, file: str, digest: str) -> None:
    """A closing list was there after the deadline, by another clock than the operator's."""
    if not work.policy.timestamp_authorities:
        return
    if name not in work.dossier:
        work.tell("d_unstamped", mark="note", file=file)
        return
    at = _time(work, name, digest, work.policy)
    if at is None:
        return
    if at <= work.policy.deadline:
        raise Unsound("d_stamp_early", file=name, at=formats.instant(at))
    work.tell("d_stamped", file=file, at=formats.instant(at))


def of_receipt(work: Work, name: str, file: str, receipt: Receipt) -> bool:
    """Whether somebody outside vouches for a receipt's moment; clocks that differ are told."""
    if name not in work.dossier:
        return False
    at = _time(work, name, receipt.manifest_sha256, work.policy)
    if at is None:
        return False
    if abs(at - receipt.received_at) > timestamps.WITHIN:
        work.tell(
            "d_stamp_apart", mark="note", file=file, at=formats.instant(at),
            said=formats.instant(receipt.received_at),
        )  # fmt: skip
        return False
    return True


def of_policy(work: Work, root: str, policy: Policy, signed: Bundle) -> datetime | None:
    """By when a policy was under all of its signatures; None where nobody vouches for a time."""
    name, token = f"{root}/proof.json", f"{root}/proof.tsr"
    if (name in work.dossier) != (token in work.dossier):
        raise Unsound("d_missing", file=token if name in work.dossier else name)
    if name not in work.dossier:
        return None
    said = work.data(name)
    with work.about(name):
        check_proof(said, signed)
    at = _time(work, token, hashlib.sha256(said).hexdigest(), policy)
    if at is not None:
        with work.about(token):
            check_moment(at, policy)
        work.tell("d_policy_stamped", version=policy.version, at=formats.instant(at))
    return at


def _time(work: Work, name: str, digest: str, policy: Policy) -> datetime | None:
    """A token's time; None where the anchors vouch for none of its authority's names."""
    data, wanted = work.data(name), policy.timestamp_authorities
    known = work.known.timestamp_authorities if work.known else ()
    with work.about(name):
        names = timestamps.read(data).names
        found = [each for each in known if each.name in names and each.name in wanted]
        if not found:
            if not names & set(wanted):
                raise Refused.because("sealing.timestamp.authority", found=", ".join(sorted(names)))
            work.tell("d_timestamp", mark="note", file=name)
            return None
        token = timestamps.verify(
            data,
            bytes.fromhex(digest),
            Anchors.load(found[0].roots, demonstration=found[0].demonstration),
            crls=work.trust.crls,
            intermediates=work.trust.intermediates,
        )
        return token.gen_time
