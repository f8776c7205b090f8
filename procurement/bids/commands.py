"""The commands that people type on their own machines, as pages show them."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from django.conf import settings

from kernel.evidence.dossiers import layout
from procurement.bidder import programs
from procurement.bids import tool

# As it is called by whoever took it from the page of the programs; see procurement.bids.tool.
_TOOL = f"python {tool.PROGRAM} bidder"


def _common(server: str, lot: str, expected: Iterable[str]) -> str:
    asking = ["--server", server, "--lot", lot, "--token-file", "token.txt"]
    return f"{shlex.join(asking)} {_believing(expected)}"


def _believing(expected: Iterable[str]) -> str:
    words = ["--anchors", "roots.pem"]
    if settings.SANDBOX:
        words.append("--demonstration")
    for uscc in expected:
        words += ["--expect", uscc]
    return shlex.join(words)


def _kept(lot: str) -> str:
    """A trustee's folder for a lot: each its own, for two keys in one would be one lost."""
    return shlex.quote(f"keep-{lot}")


def trustee(server: str, lot: str, expected: Iterable[str], steps: str, *, share: bool) -> str:
    """What a trustee, or an entity that holds no share, runs for some steps."""
    more = "" if share else " --no-share"
    return (
        f"{_TOOL} trustee {steps} {_common(server, lot, expected)} --p12 key.p12 "
        f"--keep {_kept(lot)} --passphrase-file passphrase.txt{more}"
    )


def trustee_offline(lot: str, expected: Iterable[str], steps: str, *, share: bool) -> str:
    """The same with a task file instead of the platform, on a machine without a network."""
    more = "" if share else " --no-share"
    return (
        f"{_TOOL} trustee {steps} --task task.json --answer answer.json {_believing(expected)} "
        f"--p12 key.p12 --keep {_kept(lot)} "
        f"--passphrase-file passphrase.txt{more}"
    )


def _named(lot: str, version: int) -> str:
    """A version's name on the bidder's machine: each its own, for a receipted one must be kept."""
    return shlex.quote(f"{lot}-{max(version, 1)}")


def seal(server: str, lot: str, expected: Iterable[str], received: int = 0) -> str:
    """What a bidder runs to seal a bid. received: how many versions have their receipts."""
    name = _named(lot, received + 1)
    before = f" --replaces {_named(lot, received)}.zxb" if received else ""
    folders = " ".join(f"--envelope {n}={n}" for n in ("qualification", "technical", "price"))
    return (
        f"{_TOOL} seal {_common(server, lot, expected)} --p12 key.p12 "
        f"{folders} --sheet sheet.json --recovery {name}.recovery "
        f"--passphrase-file passphrase.txt -o {name}.zxb{before}"
    )


def archive(server: str, lot: str) -> str:
    """What a bidder runs to take what the archive has into its qualification envelope."""
    words = shlex.join(["--server", server, "--lot", lot, "--token-file", "token.txt"])
    return f"{_TOOL} archive {words} -o qualification"


def submit(server: str, lot: str, received: int = 0) -> str:
    """What a bidder runs to submit it."""
    return f"{_TOOL} submit {_named(lot, received + 1)}.zxb {_common(server, lot, ())}"


def withdraw(server: str, lot: str, version: int = 1) -> str:
    """What a bidder runs to take it back."""
    words = f"{_TOOL} withdraw {_named(lot, version)}.zxb {_common(server, lot, ())}"
    return f"{words} --p12 key.p12"


def receipt_name(lot: str, version: int, kind: str) -> str:
    """What a receipt is called where it is taken away: as the tool that submits keeps it.

    kind: ``receipt`` (the first), ``completed`` (with its time-stamp), ``withdrawal``.
    """
    return f"{lot}-{version}.zxb.{kind}.json"


def verify(
    server: str, lot: str, version: int, *, kind: str = "receipt", witnessed: bool = True
) -> str:
    """What a bidder runs to check a receipt with the files as the page gives them.

    The server is asked for nothing but a head that witnesses signed, and that only where some did
    (``witnessed``): the rest is checked offline. The witnesses' keys come from a witness, not from
    the operator.
    """
    files = ["--policy", f"{lot}.policy.json", "--receipt", receipt_name(lot, version, kind)]
    words = f"{_TOOL} receipt verify {_named(lot, version)}.zxb {shlex.join(files)}"
    if not witnessed:
        return f"{words} {_believing(())}"
    seen = shlex.join(["--server", server, "--witnessed", "anchors.json"])
    return f"{words} {_believing(())} {seen}"


def rescue(command: str, server: str, lot: str, version: int = 1) -> str:
    """What a bidder runs to cure, to protest, or to give its file again."""
    words = f"{_TOOL} {command} {_named(lot, version)}.zxb {_common(server, lot, ())}"
    if command == "give-again":
        return words
    words += " --p12 key.p12"
    if command == "cure":
        words += f" --recovery {_named(lot, version)}.recovery --passphrase-file passphrase.txt"
    return words


def check_programs() -> str:
    """What anybody runs to have the hashes of the programs that were saved."""
    return shlex.join(["sha256sum", *programs.NAMES, tool.PROGRAM, tool.LIBRARIES])


_INSTALL = f"python -m pip install --require-hashes --only-binary :all: -r {tool.LIBRARIES}"


def install_tool() -> tuple[str, ...]:
    """What anybody runs, once, to have the command line with its libraries and nothing else."""
    return ("python3 -m venv tool", ". tool/bin/activate", _INSTALL, f"{_TOOL} --help")


def install_apart() -> tuple[str, ...]:
    """The same for a machine without a network: the first line on another one of its kind."""
    fetch = f"python -m pip download --require-hashes --only-binary :all: -r {tool.LIBRARIES}"
    return (f"{fetch} -d libraries", f"{_INSTALL} --no-index --find-links libraries")


def rebuild_programs() -> str:
    """What anybody runs to build the same bytes from the sources."""
    return "cd procurement/bidder/web && npm ci --ignore-scripts && node build.mjs ../built"


def rebuild_tool() -> str:
    """The same of the command line; Python is all that it needs."""
    return f"python3 -m procurement.bidder.takeaway {tool.PROGRAM}"


def verify_dossier(lot: str, anchors: str = "anchors.json") -> str:
    """What anybody runs to verify a lot's dossier, with the names that the page's files have."""
    name = shlex.quote(f"{lot}.{layout.PUBLIC}.dossier.zip")
    return f"python {tool.PROGRAM} verify {name} --trust {anchors}"


def install_verifier() -> str:
    """What the verifier of dossiers needs besides Python."""
    return "python -m pip install cryptography asn1crypto pyrage"


def result(server: str, lot: str) -> str:
    """What a procuring entity runs to sign a stage's result."""
    return (
        f"{_TOOL} result {_common(server, lot, ())} --p12 key.p12 "
        "--report report.pdf --failed USCC=REASON"
    )
