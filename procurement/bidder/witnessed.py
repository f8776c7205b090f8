"""A receipt's tree, held against a head of the log that witnesses signed."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kernel.errors import Refused
from kernel.evidence import anchors, formats, merkle, reading
from kernel.evidence.reading import Head, Unsound
from kernel.evidence.witnessing import contradiction
from kernel.evidence.witnessing.asking import Denied, Server, Unreachable
from kernel.evidence.witnessing.keep import read_consistency
from kernel.sealing import canonical
from kernel.sealing.bids.receipts import LogProof


def check(options: argparse.Namespace, log: LogProof) -> dict[str, Any]:
    """Refuse a receipt whose tree is no beginning of a witnessed one.

    Head and proof come from ``--head`` and ``--consistency``, else from the server. Refused:
    ``bidder.witnessed.none`` (no head yet that enough witnesses signed), ``.unsound`` (a file, a
    signature or a key that does not hold), ``.file`` (a file that is not there or cannot be
    read: nothing was said against the log), ``.other`` (the log that the witnesses saw does not
    begin with this receipt's).
    """
    try:
        known = anchors.read_anchors(options.witnessed)
        head = _head(options, log)
        contradiction.check_signed(head)
        anchors.vouching(head, known)
        names = [w.name for w in anchors.check_witnessed(head, known, options.witnesses)]
        proof = _proof(options, log, head)
    except Unsound as found:
        raise _refusal(found, log) from found
    if head.size == log.size:
        same = head.root == log.root
    else:
        same = merkle.verify_consistency(log.size, head.size, log.root, head.root, proof)
    if not same:
        raise Refused.because("bidder.witnessed.other", size=log.size, seen=head.size)
    return {"witnessed_size": head.size, "witnessed_at": head.at, "witnesses": names}


def _refusal(found: Unsound, log: LogProof) -> Refused:
    """What is wrong in words: a file that is missing accuses nobody of anything."""
    if found.code == "unreadable":
        facts = {name: str(found.facts.get(name, ""))[:300] for name in ("name", "reason")}
        return Refused.because("bidder.witnessed.file", **facts)
    none = found.code == "too_few_witnesses"
    code = "bidder.witnessed.none" if none else "bidder.witnessed.unsound"
    said = ", ".join(f"{name} {fact}" for name, fact in found.facts.items())
    return Refused.because(code, what=found.code, size=log.size, facts=said[:300])


def _head(options: argparse.Namespace, log: LogProof) -> Head:
    if options.head:
        document = reading.read_file(options.head, formats.PROOF_FORMAT)
        return reading.read_head(document, options.head.name)
    value = _asked(options, log, lambda server: server.covering(log.size))
    return reading.read_head(reading.of_format(value, formats.PROOF_FORMAT, "head"), "head")


def _proof(options: argparse.Namespace, log: LogProof, head: Head) -> tuple[bytes, ...]:
    if head.size <= log.size:
        return ()
    if options.consistency:
        path: Path = options.consistency
        value: Any = reading.read_file(path, formats.CONSISTENCY_FORMAT)
    else:
        value = _asked(options, log, lambda server: server.consistency(log.size, head.size))
    first, second, proof = read_consistency(value, "consistency")
    if (first, second) != (log.size, head.size):
        raise Unsound("bad_consistency_sizes", first=first, second=second)
    return proof


def _asked(options: argparse.Namespace, log: LogProof, ask: Callable[[Server], bytes]) -> Any:
    if not options.server:
        raise Refused.because("bidder.usage.needs", option="--server")
    try:
        return canonical.decode(ask(Server(options.server)))
    except Denied as denied:
        raise Refused.because(
            "bidder.witnessed.none", what=str(denied.status), size=log.size, facts=""
        ) from denied
    except Unreachable as fault:
        raise Refused.because(
            "bidder.server.unreachable", server=options.server, fault=str(fault)
        ) from fault
