"""The offline verifier: ``python -m kernel.evidence.verify proof.json --trust anchors.json``.

Needs neither database nor network nor Django. Says what it checked, line by line.

Exit status: 0 everything holds and the anchors vouch for the log's key; 1 something does not hold
(the first such check is named, nothing after it is checked); 2 consistent, but nobody vouches, as
no anchors were given; 64 wrong usage.

Reads proof files, dossiers of lots (ZIP; :mod:`kernel.evidence.dossiers`) and the evidence files of
witnesses. The anchors' file: :mod:`kernel.evidence.anchors`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from kernel.evidence import formats, merkle, reading
from kernel.evidence.anchors import Anchors, check_witnessed, read_anchors, vouching
from kernel.evidence.reading import Head, Unsound
from kernel.evidence.verify_stamps import check_stamps
from kernel.evidence.verify_words import language, say
from kernel.evidence.witnessing import contradiction
from kernel.sealing import canonical

_OPTIONAL = {"case", "cosignatures", formats.TIMESTAMPS, formats.CRLS}

HOLDS, UNSOUND, UNVOUCHED, USAGE = 0, 1, 2, 64

Say = Callable[..., None]


@dataclass(frozen=True)
class Proof:
    """A proof file as read, its head checked."""

    name: str
    head: Head
    document: dict[str, Any]


def load(path: Path, tell: Say) -> Proof:
    """Read a proof file and check its head. Raises Unsound."""
    document = reading.read_file(path, formats.PROOF_FORMAT)
    return checked(document, path.name, tell)


def checked(document: dict[str, Any], name: str, tell: Say) -> Proof:
    """A proof file at hand, its head checked. Raises Unsound."""
    reading.only(document, {"format", "head", "key", "entries"}, _OPTIONAL, name, "proof")
    tell("format", name=name, format=formats.PROOF_FORMAT)
    head = reading.read_head(document, name)
    if formats.key_id(head.spki) != head.log:
        raise Unsound("bad_head_key", log=head.log)
    tell("head_key", log=head.log)
    if not formats.signature_holds(head.spki, head.signature, head.signed):
        raise Unsound("bad_head_signature", size=head.size, at=head.at)
    tell("head_signature", size=head.size, at=head.at)
    return Proof(name, head, document)


def check_entries(proof: Proof, complete: bool, tell: Say) -> None:
    """Check every entry against the head. Raises Unsound."""
    values = reading.field(proof.document, "entries", list, proof.name)
    withheld, before = 0, -1
    for value in values:
        reading.only(value, {"index", "leaf", "proof"}, {"salt", "entry"}, proof.name, "entries")
        index = reading.field(value, "index", int, proof.name)
        if index <= before:
            raise Unsound("bad_order", index=index)
        before = index
        if "entry" in value or "salt" in value:
            _check_leaf(value, index, proof, tell)
        elif complete:
            raise Unsound("withheld_refused", index=index)
        else:
            withheld += 1
            tell("entry_withheld", index=index)
        _check_inclusion(value, index, proof, tell)
    tell("summary", entries=len(values), withheld=withheld)


def check_history(one: Head, other: Head, consistency: Path | None, tell: Say) -> None:
    """Check that the longer of two trees begins with the shorter. Raises Unsound."""
    old, new = sorted((one, other), key=lambda head: (head.size, head.at))
    if old.at > new.at:
        raise Unsound("shrunk", first=new.size, second=old.size)
    if old.size == new.size:
        if old.root != new.root:
            raise Unsound("forked", size=old.size)
        tell("same_tree", size=old.size)
        return
    if consistency is None:
        raise Unsound("no_consistency", first=old.size, second=new.size)
    value = reading.read_file(consistency, formats.CONSISTENCY_FORMAT)
    first = reading.field(value, "first", int, consistency.name)
    second = reading.field(value, "second", int, consistency.name)
    if (first, second) != (old.size, new.size):
        raise Unsound("bad_consistency_sizes", first=first, second=second)
    steps = reading.field(value, "proof", list, consistency.name)
    path = [reading.hash_of(step, consistency.name, "proof") for step in steps]
    if not merkle.verify_consistency(first, second, old.root, new.root, path):
        raise Unsound("inconsistent", first=first, second=second)
    tell("consistent", first=first, second=second)


def check_anchors(heads: Sequence[Head], known: Anchors, witnesses: int, tell: Say) -> None:
    """Check that the anchors vouch for the key of every head, and enough witnesses for each.

    Raises Unsound.
    """
    for head in heads:
        tell("anchored", name=vouching(head, known).name)
        for witness in check_witnessed(head, known, witnesses):
            tell("witnessed", name=witness.name, size=head.size)


def _check_leaf(value: dict[str, Any], index: int, proof: Proof, tell: Say) -> None:
    entry = reading.field(value, "entry", dict, proof.name)
    known = {"v", "index", "kind", "at", "case", "body"}
    if set(entry) != known or entry["v"] != formats.ENTRY_VERSION:
        raise Unsound("shape", name=proof.name, field="entry")
    salt = reading.hex_field(value, "salt", proof.name)
    leaf = reading.hex_field(value, "leaf", proof.name)
    if entry["index"] != index or formats.entry_leaf(salt, canonical.encode(entry)) != leaf:
        raise Unsound("bad_leaf", index=index)
    case = proof.document.get("case")
    if case is not None and entry["case"] != case:
        raise Unsound("bad_case", index=index, case=case)
    tell("entry_leaf", index=index, kind=entry["kind"], at=entry["at"])


def _check_inclusion(value: dict[str, Any], index: int, proof: Proof, tell: Say) -> None:
    leaf = reading.hex_field(value, "leaf", proof.name)
    steps = reading.field(value, "proof", list, proof.name)
    path = [reading.hash_of(step, proof.name, "proof") for step in steps]
    size = proof.head.size
    if not merkle.verify_inclusion(leaf, index, size, path, proof.head.root):
        raise Unsound("bad_inclusion", index=index, size=size)
    tell("entry_included", index=index, size=size)


class Parser(argparse.ArgumentParser):
    """A command line whose wrong usage is status 64."""

    # argparse's own status for wrong usage is 2, which means something else here.
    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command line, and end."""
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: {message}\n")


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = Parser(prog="python -m kernel.evidence.verify", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add = parser.add_argument
    add("proof", type=Path, help="proof file, dossier (ZIP), or a witness's evidence file")
    add("--trust", type=Path, metavar="ANCHORS", help="whom you trust")
    add("--head", type=Path, help="another proof file, whose head to compare")
    add("--consistency", type=Path, help="consistency proof between the heads")
    add("--witnesses", type=int, default=0, metavar="N", help="witnesses that must have signed")
    add("--receipt", type=Path, action="append", default=[],
        help="a bidder's receipt that a dossier must have")  # fmt: skip
    add("--complete", action="store_true", help="refuse withheld entries")
    add("--lang", choices=("zh", "en"), default=language())
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Check what the command line names; the exit status."""
    options = _arguments(argv)

    def tell(code: str, mark: str = "ok", **facts: object) -> None:
        print(f"[{say(mark, options.lang)}] {say(code, options.lang, **facts)}")

    try:
        known = read_anchors(options.trust) if options.trust else None
        if options.witnesses and known is None:
            raise Unsound("too_few_witnesses", size="?", found=0, wanted=options.witnesses)
        if _begins_like_a_zip(options.proof):
            from kernel.evidence.dossiers import verifying

            heads = [verifying.check(options.proof, known, options.receipt, tell)]
        else:
            heads = [_check_file(options, known, tell)]
        if options.head:
            heads.append(stamped(load(options.head, tell), known, tell).head)
            check_history(heads[0], heads[1], options.consistency, tell)
        if known is not None:
            check_anchors(heads, known, options.witnesses, tell)
    except Unsound as found:
        tell(found.code, mark="failed", **found.facts)
        return UNSOUND
    print(say("all_holds" if known else "nobody_vouches", options.lang))
    return HOLDS if known else UNVOUCHED


def _begins_like_a_zip(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PK\x03\x04"
    except OSError as fault:
        raise Unsound("unreadable", name=path.name, reason=fault.strerror) from None


def stamped(proof: Proof, known: Anchors | None, tell: Say) -> Proof:
    """The same proof, the time-stamps of its head looked at. Raises Unsound."""
    check_stamps(proof.name, proof.head, proof.document, known, tell)
    return proof


def _check_file(options: argparse.Namespace, known: Anchors | None, tell: Say) -> Head:
    """A proof file, which holds; or a witness's evidence file, which says what does not."""
    if options.receipt:
        raise Unsound("no_dossier", name=options.proof.name)
    if is_contradiction(options.proof):
        document = reading.read_file(options.proof, formats.CONTRADICTION_FORMAT)
        heads = contradiction.read(document, options.proof.name)
        for head in heads:
            contradiction.check_signed(head)
            tell("head_signature", size=head.size, at=head.at)
        if len(heads) == 2:
            contradiction.check_pair(*heads)
        raise Unsound("convicts_nobody")
    proof = load(options.proof, tell)
    check_entries(proof, options.complete, tell)
    return stamped(proof, known, tell).head


def is_contradiction(path: Path) -> bool:
    """Whether a file says that it is a witness's evidence."""
    return b'"format":"' + formats.CONTRADICTION_FORMAT.encode() in path.read_bytes()


if __name__ == "__main__":
    sys.exit(main())
