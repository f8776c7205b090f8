"""The opening policy: every version under every signature, keys and rehearsals of its parties."""

from __future__ import annotations

import hashlib

from kernel.evidence.dossiers import tokens
from kernel.evidence.dossiers.work import Work
from kernel.evidence.reading import Unsound
from kernel.sealing.bids import trustees
from kernel.sealing.bids.bundles import Bundle, Signature
from kernel.sealing.bids.policy import Policy, read_policy
from kernel.sealing.bids.policy_succession import check_successor
from kernel.sealing.certificates import fingerprint


def check(work: Work) -> None:
    """Every version from the first, and what the parties said before it."""
    before: Policy | None = None
    for place, folder in enumerate(work.dossier.under("policy"), start=1):
        policy = _version(work, f"policy/{folder}", folder, place, before)
        work.policies[policy.sha256] = before = policy
    if before is None:
        raise Unsound("d_missing", file="policy/00001/policy.json")
    _check_known(work, before)
    for party in before.parties():
        _party(work, before, party)
    if set(work.dossier.under("parties")) != set(before.parties()):
        raise Unsound("d_stray", file="parties")


def _version(work: Work, root: str, folder: str, place: int, before: Policy | None) -> Policy:
    name = f"{root}/policy.json"
    with work.about(name):
        policy = read_policy(work.data(name))
        if before is not None:
            check_successor(policy, before)
    if policy.lot != work.dossier.index.lot or folder != f"{policy.version:05d}":
        raise Unsound("d_other_lot", file=name)
    if policy.version != place:
        raise Unsound("d_version", file=name)
    signers = {file.removesuffix(".p7s") for file in work.dossier.under(f"{root}/signatures")}
    for uscc in policy.parties():
        if uscc not in signers:
            raise Unsound("d_unsigned", file=name, party=uscc)
    for uscc in sorted(signers):
        if uscc not in policy.parties():
            raise Unsound("d_stranger", file=name, party=uscc)
    given = {uscc: work.data(f"{root}/signatures/{uscc}.p7s") for uscc in sorted(signers)}
    rows = tuple(Signature(uscc, p7s) for uscc, p7s in given.items())
    stamped = tokens.of_policy(work, root, policy, Bundle(work.data(name), rows))
    for uscc, p7s in given.items():
        # A proven moment counts before the signer's own word.
        work.signed(name, p7s, uscc, earliest=stamped, latest=stamped or policy.deadline)
    work.tell(
        "d_policy", version=policy.version, signers=len(signers), k=policy.threshold,
        n=len(policy.trustees),
    )  # fmt: skip
    return policy


def _check_known(work: Work, policy: Policy) -> None:
    roots = {fingerprint(root) for root in work.trust.anchors.certificates}
    if not roots & set(policy.authorities):
        raise Unsound("d_authority", file="policy")
    if work.known is None:
        return
    for uscc in (*policy.parties(), policy.operator.uscc):
        if uscc not in work.known.organisations:
            raise Unsound("d_organisation", party=uscc)
    work.tell("d_organisations", count=len(policy.parties()) + 1)


def _party(work: Work, policy: Policy, uscc: str) -> None:
    root = f"parties/{uscc}"
    name = f"{root}/announcement.json"
    with work.about(name):
        said = trustees.read_announcement(work.data(name))
    work.signed(name, work.data(f"{root}/announcement.p7s"), uscc, latest=policy.deadline)
    keys = {trustee.uscc: trustee.key for trustee in policy.trustees}
    wanted = policy.parties()[uscc]
    if (said.lot, said.uscc, said.key) != (policy.lot, uscc, keys.get(uscc, b"")):
        raise Unsound("d_key_other", file=name, party=uscc)
    if wanted and said.nonce_commitment != wanted:
        raise Unsound("d_key_other", file=name, party=uscc)
    if uscc not in keys:
        work.tell("d_party", party=uscc)
        return
    name = f"{root}/rehearsal/answer.json"
    answer, challenge = work.data(name), work.data(f"{root}/rehearsal/challenge.json")
    work.signed(name, work.data(f"{root}/rehearsal/answer.p7s"), uscc, latest=policy.deadline)
    with work.about(name):
        trustees.check_answer(answer, challenge, work.data(f"{root}/rehearsal/secret.bin"))
        named = trustees.challenged_key(challenge)
    if named != hashlib.sha256(keys[uscc]).hexdigest():
        raise Unsound("d_key_other", file=name, party=uscc)
    work.tell("d_trustee", party=uscc)
