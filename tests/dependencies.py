"""What installed packages say of themselves; `python -m tests.dependencies` prints the table.

docs/dependencies.md is written by hand where it says what for and why, and must agree with these
facts where it says which licence; tests/test_dependencies.py holds it to that.
"""

from __future__ import annotations

import re
from collections import defaultdict
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

_SPDX = {
    "Apache 2": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "BSD 2-Clause License": "BSD-2-Clause",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
    "MIT License": "MIT",
    "Mozilla Public License 1.1 (MPL 1.1)": "MPL-1.1",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "New BSD": "BSD-3-Clause",
    "Python Software Foundation License": "PSF-2.0",
    "SIL Open Font License 1.1 (OFL-1.1)": "OFL-1.1",
}
# Read from the licence file that the package carries: pyrage declares none, and of fido2 parts
# stand under each of the three that it names.
_FROM_FILE = {"pyrage": "MIT", "fido2": "BSD-2-Clause AND Apache-2.0 AND MPL-2.0"}
_VAGUE = {"", "Dual License", "LGPL", "BSD"}


def licence(package: str) -> str:
    """The licence that an installed package declares, as an SPDX-like expression."""
    facts = metadata.metadata(package).json
    if package in _FROM_FILE:
        return _FROM_FILE[package]
    declared = str(facts.get("license_expression") or facts.get("license") or "")
    if declared not in _VAGUE and len(declared) < 60:
        return _SPDX.get(declared, declared)
    classifiers = [c for c in facts.get("classifier", []) if c.startswith("License ::")]
    named = [_SPDX[n] for c in classifiers if (n := c.split(" :: ")[-1]) in _SPDX]
    return " OR ".join(sorted(named)) or declared


def pinned(name: str) -> list[str]:
    """The packages of one requirements file."""
    lines = (ROOT / "requirements" / name).read_text().splitlines()
    found = (re.match(r"([a-z0-9.-]+)[^=\s]*==", line) for line in lines)
    return list(dict.fromkeys(match[1] for match in found if match))


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def needed_by() -> dict[str, list[str]]:
    """For each package the pinned ones that ask for it; by an extra only where nobody else does."""
    plain: defaultdict[str, set[str]] = defaultdict(set)
    extra: defaultdict[str, set[str]] = defaultdict(set)
    for asker in pinned("dev.txt"):
        try:
            wanted = metadata.requires(asker) or []
        except metadata.PackageNotFoundError:
            continue
        for line in wanted:
            if match := re.match(r"[A-Za-z0-9._-]+", line):
                (extra if "extra ==" in line else plain)[_canonical(match[0])].add(asker)
    return {name: sorted(plain[name] or extra[name]) for name in plain.keys() | extra.keys()}


def main() -> None:
    """Print every pinned package with its licence and who needs it."""
    askers = needed_by()
    for package in pinned("dev.txt"):
        try:
            stated = licence(package)
        except metadata.PackageNotFoundError:
            stated = "?"
        print(f"| {package} | {stated} | {', '.join(askers.get(package, []))} |")


if __name__ == "__main__":
    main()
