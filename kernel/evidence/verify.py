"""The offline verifier: ``python -m kernel.evidence.verify proof.json --trust anchors.json``.

Needs neither database nor network nor Django. Says what it checked, line by line.

Exit status: 0 everything holds and the anchors vouch for the log's key; 1 something does not hold
(the first such check is named, nothing after it is checked); 2 consistent, but nobody vouches, as
no anchors were given; 64 wrong usage.

The anchors' file is JSON: ``{"format":"zhuxin-anchors/1","logs":[{"name":…,"log":…,"key":…}]}``
with ``key`` the public key (SubjectPublicKeyInfo, DER, base64) and ``log`` its SHA-256 in hex.
Beside ``logs``, ``"timestamp_authorities":[{"name":…,"roots":<PEM>,"demonstration":false}]`` lets
time-stamps of heads count; without it they are named and not believed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from kernel.evidence import formats, merkle, reading
from kernel.evidence.reading import Head, Unsound
from kernel.evidence.verify_stamps import check_stamps
from kernel.evidence.verify_words import language, say
from kernel.sealing import canonical

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
    known = {"case", formats.TIMESTAMPS, formats.CRLS}
    reading.only(document, {"format", "head", "key", "entries"}, known, path.name, "proof")
    tell("format", name=path.name, format=formats.PROOF_FORMAT)
    head = reading.read_head(document, path.name)
    if formats.key_id(head.spki) != head.log:
        raise Unsound("bad_head_key", log=head.log)
    tell("head_key", log=head.log)
    if not formats.signature_holds(head.spki, head.signature, head.signed):
        raise Unsound("bad_head_signature", size=head.size, at=head.at)
    tell("head_signature", size=head.size, at=head.at)
    return Proof(path.name, head, document)


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
    old, new = sorted((one, other), key=lambda head: head.size)
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


def check_anchors(heads: Sequence[Head], anchors: Path, tell: Say) -> None:
    """Check that the anchors vouch for the key of every head. Raises Unsound."""
    names = reading.read_anchors(anchors)
    for log in dict.fromkeys(head.log for head in heads):
        if log not in names:
            raise Unsound("not_anchored", log=log)
        tell("anchored", name=names[log].name)


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


class _Parser(argparse.ArgumentParser):
    # argparse's own status for wrong usage is 2, which means something else here.
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: {message}\n")


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = _Parser(prog="python -m kernel.evidence.verify", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("proof", type=Path, help="proof file of one or many entries")
    parser.add_argument("--trust", type=Path, metavar="ANCHORS", help="log keys you trust")
    parser.add_argument("--head", type=Path, help="another proof file, whose head to compare")
    parser.add_argument("--consistency", type=Path, help="consistency proof between the heads")
    parser.add_argument("--complete", action="store_true", help="refuse withheld entries")
    parser.add_argument("--lang", choices=("zh", "en"), default=language())
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Check what the command line names; the exit status."""
    options = _arguments(argv)

    def tell(code: str, mark: str = "ok", **facts: object) -> None:
        print(f"[{say(mark, options.lang)}] {say(code, options.lang, **facts)}")

    try:
        proofs = [load(options.proof, tell)]
        check_entries(proofs[0], options.complete, tell)
        if options.head:
            proofs.append(load(options.head, tell))
        heads = [proof.head for proof in proofs]
        if options.head:
            check_history(heads[0], heads[1], options.consistency, tell)
        if options.trust:
            check_anchors(heads, options.trust, tell)
        for proof in proofs:
            check_stamps(proof.name, proof.head, proof.document, options.trust, tell)
    except Unsound as found:
        tell(found.code, mark="failed", **found.facts)
        return UNSOUND
    print(say("all_holds" if options.trust else "nobody_vouches", options.lang))
    return HOLDS if options.trust else UNVOUCHED


if __name__ == "__main__":
    sys.exit(main())
