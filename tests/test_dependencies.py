"""docs/dependencies.md names every pinned package, with the licence that the package declares."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from itertools import chain

import pytest

from tests.dependencies import ROOT, licence, pinned

PAGE = (ROOT / "docs" / "dependencies.md").read_text().split("## System packages")[0]
ROWS = {
    cells[0]: cells[1:]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| package")
    for cells in [[cell.strip() for cell in line.strip("|").split("|")]]
}
ACCEPTED = {
    *("0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "MIT", "MIT-0"),
    *("MIT-CMU", "OFL-1.1", "PSF-2.0", "Zlib"),
    *("LGPL-2.1-or-later", "LGPL-3.0-only", "MPL-1.1", "MPL-2.0"),
}


def test_the_page_lists_exactly_the_pinned_packages():
    assert set(ROWS) == set(pinned("dev.txt")) | set(pinned("runtime.txt"))


@pytest.mark.parametrize("package", sorted(ROWS))
def test_the_licence_is_the_declared_and_an_accepted_one(package):
    stated = ROWS[package][0]
    choices = [choice.split(" AND ") for choice in stated.split(" OR ")]
    assert any(set(parts) <= ACCEPTED for parts in choices), f"{package}: {stated}"
    try:
        assert stated == licence(package)
    except metadata.PackageNotFoundError:
        pytest.skip("not installed on this Python or system")


def test_what_the_project_asks_for_says_what_for_and_why():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"].values()
    for line in chain(project["dependencies"], *extras):
        package = re.split(r"[\[=]", line)[0]
        _licence, purpose, reason = ROWS[package]
        assert purpose and reason, package
