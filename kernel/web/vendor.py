"""Refreshes vendored front-end files from their npm packages and keeps the manifest of hashes.

``python -m kernel.web.vendor kernel/static/vendor/manifest.toml`` fetches every package named in
the manifest, by name and version with the npm client, and writes files and hashes anew. Where npm
fetches from is the machine's own setting and is never written down here.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path

# A manifest storage follows this comment to a map file that is not vendored, and stops.
_SOURCE_MAP = re.compile(rb"\n?(?:/\*#\s*sourceMappingURL=[^*]*\*/|//#\s*sourceMappingURL=\S+)\s*")


@dataclass(frozen=True)
class VendoredFile:
    """One vendored file.

    file: path beside the manifest. source: path inside the package.
    sha256, original_sha256: hex, of the committed file and of the file in the package.
    """

    file: str
    name: str
    version: str
    licence: str
    source: str
    sha256: str = ""
    original_sha256: str = ""


def read_manifest(manifest: Path) -> list[VendoredFile]:
    """Read the files that a manifest names."""
    rows = tomllib.loads(manifest.read_text(encoding="utf-8"))["file"]
    return [VendoredFile(**row) for row in rows]


def problems(manifest: Path) -> list[str]:
    """What does not agree between a manifest and the files beside it; empty when all is well."""
    named = {row.file: row for row in read_manifest(manifest)}
    root = manifest.parent
    found = {str(p.relative_to(root)) for p in root.rglob("*") if p.is_file() and p != manifest}
    missing = [f"missing: {name}" for name in sorted(named.keys() - found)]
    strange = [f"not in the manifest: {name}" for name in sorted(found - named.keys())]
    changed = [
        f"changed: {name}"
        for name in sorted(named.keys() & found)
        if _digest((root / name).read_bytes()) != named[name].sha256
    ]
    return missing + strange + changed


def without_source_map(content: bytes) -> bytes:
    """Take out the comment that names a source map."""
    return _SOURCE_MAP.sub(b"\n", content)


def refresh(manifest: Path) -> None:
    """Fetch every file of a manifest anew; write files and hashes."""
    head = manifest.read_text(encoding="utf-8").split("[[file]]", 1)[0]
    rows = read_manifest(manifest)
    with tempfile.TemporaryDirectory() as work:
        packages = {(r.name, r.version): None for r in rows}
        fetched = {key: _fetch(*key, Path(work)) for key in packages}
        rows = [_copy(row, fetched[row.name, row.version], manifest.parent) for row in rows]
    manifest.write_text(head + "\n".join(map(_as_toml, rows)), encoding="utf-8")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _fetch(name: str, version: str, work: Path) -> Path:
    """Fetch one package; return its archive."""
    target = work / f"{name}-{version}"
    target.mkdir()
    command = ["npm", "pack", "--silent", f"{name}@{version}"]
    packed = subprocess.run(command, cwd=target, check=True, capture_output=True, text=True)  # noqa: S603
    return target / packed.stdout.strip()


def _copy(row: VendoredFile, package: Path, root: Path) -> VendoredFile:
    with tarfile.open(package) as archive:
        member = archive.extractfile(f"package/{row.source}")
        if member is None:
            raise FileNotFoundError(row.source)
        original = member.read()
    content = without_source_map(original)
    target = root / row.file
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return replace(row, sha256=_digest(content), original_sha256=_digest(original))


def _as_toml(row: VendoredFile) -> str:
    lines = (f'{field.name} = "{getattr(row, field.name)}"' for field in fields(row))
    return "[[file]]\n" + "\n".join(lines) + "\n"


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        refresh(Path(argument))
