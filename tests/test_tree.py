"""The tree itself: nothing of one machine in it, dependencies pinned, packages in their place."""

from __future__ import annotations

import re
import subprocess
import tomllib
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
LONGEST_NAME = 80
LONGEST_PATH = 160
LARGEST_FILE = 4 * 2**20

# Written in parts, so that this file does not hold what it looks for.
INDEX_HOST = re.compile(
    r"https?://[^\s\"']*(?:/simple(?:[/\"'\s]|$)|/packages/[0-9a-f]{2}/|/-/[a-z@])"
    r"|pythonhosted" + r"\.org|registry\.(?:npm|yarn)|\.npmmirror\.|/pypi" + r"/simple"
)
MACHINE_PATH = re.compile(
    r"(?<![\w.~$}/-])/(?:" + "|".join(("work", "opt", "tmp", "root", "home", "Users", "mnt")) + ")/"
)


@cache
def tracked() -> list[str]:
    """Paths that git keeps; the test needs a checkout."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return [name for name in listing.split("\0") if name and (ROOT / name).is_file()]


@cache
def texts() -> dict[str, str]:
    """Every tracked file that is text."""
    found = {}
    for name in tracked():
        data = (ROOT / name).read_bytes()
        if b"\0" not in data[:8000]:
            found[name] = data.decode("utf-8")
    return found


def lines_with(pattern: re.Pattern[str], but: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in texts().items()
        if not name.startswith(but)
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_address_of_a_package_index_is_committed():
    assert lines_with(INDEX_HOST) == []


def test_no_path_of_one_machine_is_committed():
    # A vendored build product is not our text; its hash stands in its manifest.
    vendored = tuple(name for name in texts() if "/vendor/" in name)
    assert lines_with(MACHINE_PATH, but=vendored) == []
    if len(ROOT.parts) > 2:
        # The page on running names the folder of an installation, which may be this one.
        assert lines_with(re.compile(re.escape(f"{ROOT}/")), but=("docs/running.md",)) == []


def test_no_private_key_is_committed():
    pattern = re.compile("-----BEGIN (?:EC |RSA |ENCRYPTED |OPENSSH )?PRIVATE" + " KEY-----")
    assert lines_with(pattern) == []


def test_names_are_short_and_plain_everywhere():
    odd = [name for name in tracked() if not re.fullmatch(r"[A-Za-z0-9._/-]+", name)]
    assert odd == []
    assert [name for name in tracked() if len(name) > LONGEST_PATH] == []
    assert [n for n in tracked() if max(map(len, n.split("/"))) > LONGEST_NAME] == []
    folded = [name.lower() for name in tracked()]
    assert sorted(set(folded)) == sorted(folded), "two names differ only in case"


def test_no_tracked_file_is_huge():
    assert [n for n in tracked() if (ROOT / n).stat().st_size > LARGEST_FILE] == []


def test_nothing_that_is_made_is_committed():
    made = re.compile(r"(^|/)(var|\.venv|node_modules|__pycache__)/|\.(pyc|sqlite3|log)$")
    assert [name for name in tracked() if made.search(name)] == []


@pytest.mark.parametrize("name", ["dev", ".ci/run"])
def test_the_commands_are_executable_and_parse(name):
    assert (ROOT / name).stat().st_mode & 0o111
    shell = "bash" if "bash" in (ROOT / name).read_text().splitlines()[0] else "sh"
    subprocess.run([shell, "-n", ROOT / name], check=True)


def requirements(name: str) -> dict[str, str]:
    """Pinned versions of one requirements file; fails on a line that is no pin with hashes."""
    text = (ROOT / "requirements" / name).read_text().replace("\\\n", " ")
    pins = {}
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = re.fullmatch(
            r"([a-z0-9.-]+)(?:\[[a-z,]+\])?==([^\s;]+)\s*(?:;[^#]*?)?((?:\s+--hash=sha256:[0-9a-f]{64})+)\s*",
            line,
        )
        assert match, f"requirements/{name}: not a pin with hashes: {line[:100]}"
        pins[match[1]] = match[2]
    return pins


@pytest.mark.parametrize("name", ["runtime.txt", "dev.txt"])
def test_requirements_are_pinned_with_hashes_and_name_no_address(name):
    assert len(requirements(name)) > 20
    assert "://" not in (ROOT / "requirements" / name).read_text()


def test_the_development_list_holds_the_whole_runtime_list():
    assert requirements("runtime.txt").items() <= requirements("dev.txt").items()


def test_the_bidders_list_is_the_part_of_the_runtime_list_that_its_three_libraries_need():
    """Line for line, hashes and all: what people install is what the platform runs."""
    needed, asked = set(), ["asn1crypto", "cryptography", "pyrage"]
    while asked:
        needed.add(name := asked.pop())
        for line in metadata.requires(name) or ():
            another = Requirement(line)
            if another.marker is None or another.marker.evaluate({"extra": ""}):
                asked.append(another.name.lower())
    assert set(requirements("bidder.txt")) == needed
    whole = (ROOT / "requirements" / "runtime.txt").read_text()
    text = (ROOT / "requirements" / "bidder.txt").read_text()
    assert "://" not in text
    for block in re.split(r"\n(?=\w)", text.strip()):
        assert f"{block}\n" in whole


def test_the_lists_hold_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    for name, wanted in (
        ("runtime.txt", project["dependencies"] + extras["production"]),
        ("dev.txt", extras["dev"]),
    ):
        pins = requirements(name)
        for line in wanted:
            package, version = re.sub(r"\[.*\]", "", line).split("==")
            assert pins.get(package) == version, f"{line} is not in requirements/{name}"


def test_every_package_stands_under_the_import_rules():
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    packages = {name.split("/")[0] for name in tracked() if re.fullmatch(r"\w+/__init__\.py", name)}
    assert packages - {"tests"} <= set(linter["root_packages"])


def test_pages_fetch_nothing_from_elsewhere():
    pattern = re.compile(
        r"<(?:script|img|iframe|source)\b[^>]*\bsrc=[\"']?(?:https?:)?//"
        r"|<link\b[^>]*\bhref=[\"']?(?:https?:)?//|@import\s+(?:url\()?[\"']?(?:https?:)?//"
    )
    assert [hit for hit in lines_with(pattern) if re.match(r"\S+\.(html|css|svg):", hit)] == []
