"""One file to take away: verify, witness, or sign, on a machine of one's own.

``python zhuxin.pyz verify proof.json --trust anchors.json``, ``… witness …`` and ``… sign …`` need
Python 3.11 and the package ``cryptography``, and nothing of ours but this file. A lot's dossier
asks for ``asn1crypto`` and ``pyrage`` too: signatures of any maker, and age.
"""

from __future__ import annotations

import functools
import io
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

HERE = Path(__file__).parent
_EVIDENCE = (
    "__init__", "anchors", "formats", "merkle", "reading", "verify", "verify_stamps",
    "verify_words", "witness",
)  # fmt: skip
_MAIN = "import sys\nfrom kernel.offline import main\nsys.exit(main(sys.argv[1:]))\n"
# A date that says nothing, so that the same sources are the same bytes.
_DATE = (2020, 1, 1, 0, 0, 0)


def _sources() -> Iterator[Path]:
    yield from (HERE / f"{name}.py" for name in ("__init__", "clock", "errors", "offline"))
    yield from (HERE / "evidence" / f"{name}.py" for name in _EVIDENCE)
    for folder in ("evidence/dossiers", "evidence/witnessing", "sealing", "sealing/bids"):
        yield from sorted((HERE / folder).glob("*.py"))


@functools.cache
def program() -> bytes:
    """The zip application; the same sources give the same bytes, so that its hash can be told."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo("__main__.py", _DATE), _MAIN)
        for path in _sources():
            name = f"kernel/{path.relative_to(HERE).as_posix()}"
            archive.writestr(zipfile.ZipInfo(name, _DATE), path.read_bytes())
    return file.getvalue()


def main(arguments: Sequence[str]) -> int:
    """Run one of the three programs; 64 where none is named or a package is missing."""
    try:
        return _run(*(arguments or [""]))
    except ModuleNotFoundError as missing:
        print(f"zhuxin.pyz: no package {missing.name!r} here", file=sys.stderr)
        return _needs()


def _run(command: str, *rest: str) -> int:
    if command == "verify":
        from kernel.evidence import verify

        return verify.main(list(rest))
    if command == "witness":
        from kernel.evidence import witness

        return witness.main(list(rest))
    if command == "sign":
        from kernel.sealing import sign

        return sign.main(list(rest))
    print("zhuxin.pyz verify PROOF|DOSSIER --trust ANCHORS | zhuxin.pyz witness --help")
    print("zhuxin.pyz sign REQUEST --p12 FILE -o OUT")
    return _needs()


def _needs() -> int:
    print("needs Python 3.11 or newer and: pip install cryptography", file=sys.stderr)
    print("for dossiers also: pip install asn1crypto pyrage", file=sys.stderr)
    return 64
