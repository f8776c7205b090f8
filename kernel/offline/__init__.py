"""One file to take away: verify, witness, sign, and what others add, on a machine of one's own.

``python zhuxin.pyz verify proof.json --trust anchors.json``, ``… witness …`` and ``… sign …`` need
Python 3.11 and the package ``cryptography``, and nothing of ours but this file. A lot's dossier and
the tool of bidders ask for ``asn1crypto`` and ``pyrage`` too: signatures of any maker, and age.
"""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

# The folder of the sources; inside the one file, that file.
ROOT = Path(__file__).parents[2]
NAME = "zhuxin.pyz"
_EVIDENCE = (
    "__init__", "anchors", "formats", "merkle", "reading", "verify", "verify_stamps",
    "verify_words", "witness",
)  # fmt: skip
# The programs of the kernel: what each is called by, and the module whose ``main`` runs it.
_OWN = {
    "verify": "kernel.evidence.verify",
    "witness": "kernel.evidence.witness",
    "sign": "kernel.sealing.sign",
}
_MAIN = "import sys\nfrom kernel.offline import main\nsys.exit(main(sys.argv[1:], {}))\n"


@dataclass(frozen=True)
class Carried:
    """A program of another package: the module whose ``main`` runs it, and its files."""

    module: str
    files: tuple[Path, ...]


_carried: dict[str, Carried] = {}


def carry(command: str, module: str, files: Sequence[Path]) -> None:
    """Take a program of another package along: ``python zhuxin.pyz COMMAND …``.

    module: imports no Django, and its ``main`` takes the arguments and the words that called it.
    files: all that it needs beyond what the kernel's own programs bring.
    """
    more = Carried(module, tuple(files))
    if _carried.get(command) != more:
        _carried[command] = more
        program.cache_clear()


def _sources() -> Iterator[Path]:
    kernel = ROOT / "kernel"
    yield from (kernel / name for name in ("__init__.py", "clock.py", "errors.py"))
    yield from (kernel / "offline" / name for name in ("__init__.py", "words.py"))
    yield from (kernel / "evidence" / f"{name}.py" for name in _EVIDENCE)
    for folder in ("evidence/dossiers", "evidence/witnessing", "sealing", "sealing/bids"):
        yield from modules(kernel / folder)
    for command in sorted(_carried):
        yield from _carried[command].files


def modules(folder: Path) -> list[Path]:
    """The modules of a folder, without what an editor or a file system left beside them."""
    return [path for path in sorted(folder.glob("*.py")) if not path.name.startswith(".")]


@functools.cache
def program() -> bytes:
    """The zip application; the same sources give the same bytes, so that its hash can be told.

    On every machine and by every Python: stored and not compressed, in the order of the names, with
    one date and one mode for all, nothing compiled, lines that end as the sources have them in the
    repository. OSError where the sources are not all there.
    """
    from kernel.offline import words
    from kernel.sealing.bids import stored_zip

    more = json.dumps({name: _carried[name].module for name in sorted(_carried)})
    files = {path.relative_to(ROOT).as_posix(): _text(path) for path in _sources()}
    files |= words.catalogues(data.decode() for name, data in files.items() if name[-3:] == ".py")
    files["__main__.py"] = _MAIN.replace("{}", more).encode()
    entries = (stored_zip.Entry.of(name, files[name]) for name in sorted(files))
    # Not by zipfile: what that writes follows the system it runs on and may change with Python.
    return b"".join(stored_zip.stream(entries))


def _text(path: Path) -> bytes:
    # A checkout on Windows may have ended the lines otherwise.
    return path.read_bytes().replace(b"\r\n", b"\n")


def main(arguments: Sequence[str], more: Mapping[str, str]) -> int:
    """Run one of the programs; 64 where none is named or a package is missing.

    more: the modules of the programs that this file carries beyond the kernel's own.
    """
    command, *rest = arguments or [""]
    try:
        if command in _OWN:
            return _told(_OWN[command], rest)
        if command in more:
            return int(import_module(more[command]).main(rest, f"python zhuxin.pyz {command}"))
    except ModuleNotFoundError as missing:
        print(f"zhuxin.pyz: no package {missing.name!r} here", file=sys.stderr)
        return _needs()
    print("zhuxin.pyz verify PROOF|DOSSIER --trust ANCHORS | zhuxin.pyz witness --help")
    print("zhuxin.pyz sign REQUEST --p12 FILE -o OUT")
    for name in more:
        print(f"zhuxin.pyz {name} --help")
    return _needs()


def _told(module: str, rest: Sequence[str]) -> int:
    """Run a program of the kernel; 141 where its reader went away (``… | head``), as shells do."""
    try:
        status = int(import_module(module).main(rest))
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still to be written goes nowhere: else Python complains of it at the exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return status


def _needs() -> int:
    print("needs Python 3.11 or newer and: pip install cryptography", file=sys.stderr)
    print("for dossiers and sealed bids also: pip install asn1crypto pyrage", file=sys.stderr)
    return 64
