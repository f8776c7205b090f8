"""The witness's program: ``python -m kernel.evidence.witness COMMAND``; no Django, no database.

``init DIR`` makes a key. ``follow`` looks at a log's newest head, checks that it continues what
was kept, signs it, keeps it for ever and hands the cosignature over. Where it does not fit it
keeps both heads as evidence, raises the alarm, and signs nothing more until a person has run
``acknowledge``. ``programs`` holds what is served to bidders against the policies of lots.
``compare`` holds two witnesses' keeps together, ``prove`` convicts by an evidence file.

Exit status: 0 all is well (``prove``: convicted); 1 alarm, or something does not hold; 2 nothing is
proven either way (no answer, an old head, a proof missing); 64 wrong usage.
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from kernel import clock
from kernel.evidence import formats, reading
from kernel.evidence.anchors import Anchors, read_anchors
from kernel.evidence.reading import Unsound
from kernel.evidence.verify import HOLDS, UNSOUND, UNVOUCHED, Parser
from kernel.evidence.verify_words import language, say
from kernel.evidence.witnessing import comparing, contradiction, words
from kernel.evidence.witnessing.asking import Denied, Server, Unreachable
from kernel.evidence.witnessing.following import Alarm, Bounds, Stale, Witness
from kernel.evidence.witnessing.keep import Keep, read_consistency, write
from kernel.sealing import canonical

__all__ = ["main", "words"]


class Teller:
    """Says what happened: what is well on stdout, the rest on stderr."""

    def __init__(self, lang: str) -> None:
        self._lang = lang

    def __call__(self, code: str, mark: str = "ok", **facts: object) -> None:
        stream = sys.stdout if mark == "ok" else sys.stderr
        line = f"[{say(mark, self._lang)}] {say(code, self._lang, **facts)}"
        print(line, file=stream, flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; the exit status."""
    options = _arguments(argv)
    tell = Teller(options.lang)
    try:
        return int(options.run(options, tell))
    except Unsound as found:
        tell(found.code, mark="failed", **found.facts)
        return UNSOUND


def init(options: argparse.Namespace, tell: Teller) -> int:
    """Make a key."""
    made = Keep(options.folder).create()
    tell("made", witness=made["witness"], name=str(options.folder / "witness.json"))
    return HOLDS


def follow(options: argparse.Namespace, tell: Teller) -> int:
    """Look once, or again and again."""
    known = read_anchors(options.anchors)
    bounds = Bounds(timedelta(seconds=options.tolerance), timedelta(seconds=options.oldest))
    witness = Witness(
        Keep(options.keep), options.server, known,
        # A sandbox's clock runs elsewhere, as for all tools under demonstration anchors.
        None if known.demonstration else bounds,
        clock.technical_now, tell,
    )  # fmt: skip
    witness.keep.key()  # no key, no witness: said at once
    called = ""
    while True:
        status, alarm = _look(witness, tell)
        if alarm and alarm != called and options.alarm:
            _call(options.alarm, alarm)
        called = alarm
        if not options.every:
            return status
        try:
            time.sleep(options.every)
        except KeyboardInterrupt:
            return status


def _look(witness: Witness, tell: Teller) -> tuple[int, str]:
    try:
        witness.look()
    except Alarm as alarm:
        tell(alarm.what, mark="alarm", **alarm.facts)
        tell("evidence_at", mark="alarm", name=str(alarm.evidence))
        return UNSOUND, str(alarm.evidence)
    except Stale as stale:
        tell("stale", mark="alarm", at=stale.at)
        return UNVOUCHED, ""
    except Unreachable as fault:
        tell("unreachable", mark="alarm", reason=fault)
        return UNVOUCHED, ""
    return HOLDS, ""


def _call(command: str, evidence: str) -> None:
    # A witness that cannot call for help goes on shouting all the same.
    try:
        subprocess.run([*shlex.split(command), evidence], check=False, timeout=60)  # noqa: S603
    except (OSError, ValueError, subprocess.TimeoutExpired) as fault:
        print(f"{command}: {fault}", file=sys.stderr)


def acknowledge(options: argparse.Namespace, tell: Teller) -> int:
    """A person has looked into the alarm."""
    tell("acknowledged", name=Keep(options.keep).acknowledge(options.reason, options.by))
    return HOLDS


def compare(options: argparse.Namespace, tell: Teller) -> int:
    """Hold two keeps together."""
    known = read_anchors(options.anchors)
    rows = []
    for folder in (options.one, options.other):
        found = comparing.check_keep(Keep(folder), known)
        size = found[-1].head.size if found else 0
        tell("keep_holds", name=str(folder), heads=len(found), size=size)
        rows.append(found)

    def prove(first: int, second: int) -> Sequence[bytes] | None:
        return _proof(options, first, second)

    try:
        if comparing.compare(rows[0], rows[1], prove):
            tell("same_history")
            return HOLDS
    except comparing.Contradicting as found:
        value = contradiction.value(found.what.code, found.heads)
        write(options.out, canonical.encode(value))
        tell(found.what.code, mark="alarm", **found.what.facts)
        tell("evidence_at", mark="alarm", name=str(options.out))
        return UNSOUND
    tell("undecided", mark="note")
    return UNVOUCHED


def _proof(options: argparse.Namespace, first: int, second: int) -> Sequence[bytes] | None:
    if options.consistency:
        value: object = reading.read_file(options.consistency, formats.CONSISTENCY_FORMAT)
    elif options.server:
        try:
            value = canonical.decode(options.server.consistency(first, second))
        except (Denied, Unreachable):
            return None
    else:
        return None
    said = read_consistency(value, "consistency")
    if said[:2] != (first, second):
        raise Unsound("bad_consistency_sizes", first=said[0], second=said[1])
    return said[2]


def prove(options: argparse.Namespace, tell: Teller) -> int:
    """Convict a log by an evidence file."""
    document = reading.read_file(options.evidence, formats.CONTRADICTION_FORMAT)
    known: Anchors | None = read_anchors(options.anchors) if options.anchors else None
    heads = contradiction.read(document, options.evidence.name)
    what = contradiction.judge(heads, known)
    if what == contradiction.UNPROVEN:
        tell("unproven", mark="note")
        return UNVOUCHED
    small, large = sorted(head.size for head in heads)
    tell(what, size=small, first=small, second=large)
    tell("convicted")
    if known is None:
        print(say("nobody_vouches", options.lang))
    return UNVOUCHED if known is None else HOLDS


def programs(options: argparse.Namespace, tell: Teller) -> int:
    """Hold the programs that are served against the lots' policies."""
    from kernel.evidence.witnessing import programs as served

    try:
        asked = served.ask(options.server, options.lot)
    except (Denied, Unreachable) as fault:
        tell("unreachable", mark="alarm", reason=fault)
        return UNVOUCHED
    read = [(path.name, path.read_bytes()) for path in options.policy]
    known = read_anchors(options.anchors)
    now = clock.technical_now()
    return served.look(options.server, known, [*read, *asked], now, tell, options.out)


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = Parser(prog="python -m kernel.evidence.witness", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)

    made = commands.add_parser("init", help="make a key")
    made.add_argument("folder", type=Path)
    made.set_defaults(run=init)

    made = commands.add_parser("follow", help="check, sign and keep the newest head")
    made.add_argument("--server", type=_server, required=True, metavar="URL")
    made.add_argument("--keep", type=Path, required=True, metavar="DIR")
    made.add_argument("--anchors", type=Path, required=True, metavar="FILE")
    often = made.add_mutually_exclusive_group()
    often.add_argument("--once", action="store_true", help="look once (the default)")
    often.add_argument("--every", type=float, default=0.0, metavar="SECONDS")
    made.add_argument("--tolerance", type=float, default=300.0, metavar="SECONDS",
                      help="how far a head may be ahead of this clock")  # fmt: skip
    made.add_argument("--oldest", type=float, default=7200.0, metavar="SECONDS",
                      help="how old the newest head may be")  # fmt: skip
    made.add_argument("--alarm", default="", metavar="COMMAND",
                      help="run at an alarm, with the evidence file's name")  # fmt: skip
    made.set_defaults(run=follow)

    made = commands.add_parser("acknowledge", help="let an alarm rest that you looked into")
    made.add_argument("--keep", type=Path, required=True, metavar="DIR")
    made.add_argument("--reason", required=True)
    made.add_argument("--by", required=True, help="who looked into it")
    made.set_defaults(run=acknowledge)

    made = commands.add_parser("compare", help="hold two witnesses' keeps together")
    made.add_argument("one", type=Path)
    made.add_argument("other", type=Path)
    made.add_argument("--anchors", type=Path, required=True, metavar="FILE")
    made.add_argument("--server", type=_server, metavar="URL", help="asked for a missing proof")
    made.add_argument("--consistency", type=Path, metavar="FILE", help="the missing proof")
    made.add_argument("--out", type=Path, default=Path("contradiction.json"), metavar="FILE",
                      help="where the evidence goes")  # fmt: skip
    made.set_defaults(run=compare)

    made = commands.add_parser("programs", help="compare the programs served with the policies")
    made.add_argument("--server", type=_server, required=True, metavar="URL")
    made.add_argument("--anchors", type=Path, required=True, metavar="FILE")
    made.add_argument("--lot", action="append", default=[], help="ask for this lot's policy")
    made.add_argument("--policy", type=Path, action="append", default=[], metavar="FILE",
                      help="a policy that you kept")  # fmt: skip
    made.add_argument("--out", type=Path, default=Path("altered"), metavar="DIR",
                      help="where a file that differs goes")  # fmt: skip
    made.set_defaults(run=programs)

    made = commands.add_parser("prove", help="convict a log by an evidence file")
    made.add_argument("evidence", type=Path)
    made.add_argument("--anchors", type=Path, metavar="FILE")
    made.set_defaults(run=prove)
    for command in commands.choices.values():
        command.add_argument("--lang", choices=("zh", "en"), default=language())
    return parser.parse_args(argv)


def _server(address: str) -> Server:
    try:
        return Server(address)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"not an address: {address}") from fault


if __name__ == "__main__":
    sys.exit(main())
