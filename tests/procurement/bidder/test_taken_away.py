"""The tool as people get it: one file, three libraries, and no Django anywhere.

The environment is made of the very packages that ``requirements/bidder.txt`` pins, linked from
where the tests run: no index is asked, so whether pip fetches them by the file is not tested here.
"""

from __future__ import annotations

import json
import subprocess
import venv
from importlib import metadata
from pathlib import Path

import pytest

from kernel import offline
from tests.kernel.sealing.bids.support import BIDDERS, NOTARY
from tests.test_tree import requirements


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    """The interpreter of an environment that holds the pinned packages and nothing else."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=False, symlinks=True)
    (packages,) = folder.glob("lib/python3.*/site-packages")
    for name, version in requirements("bidder.txt").items():
        found = metadata.distribution(name)
        assert found.version == version
        for top in {Path(str(file)).parts[0] for file in found.files or ()} - {".."}:
            if not (packages / top).exists():
                (packages / top).symlink_to(found.locate_file(top))
    return folder / "bin" / "python"


@pytest.fixture
def tool(clean, tmp_path):
    """Runs the file that was taken away, with no word of ours beside it."""
    (tmp_path / "zhuxin.pyz").write_bytes(offline.program())

    def run(*words, language="zh_CN"):
        return subprocess.run(
            [clean, "-s", "zhuxin.pyz", "bidder", *words], cwd=tmp_path, capture_output=True,
            text=True, check=False, encoding="utf-8",
            env={"LANGUAGE": language, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip

    return run


def test_a_bid_is_sealed_submitted_and_withdrawn_by_what_people_can_get(world, tool):
    world.policy()
    desk = world.desks[BIDDERS[0]]
    for words, status in (
        (desk.sealing("bid.zxb"), 0),
        (desk.submitting("bid.zxb"), 0),
        (desk.verifying("bid.zxb"), 3),  # nobody stamped it
        (desk.withdrawing("bid.zxb"), 0),
    ):
        done = tool(*words, "--json")
        assert done.returncode == status, done.stderr
        assert json.loads(done.stdout)


def test_a_trustees_steps_are_in_it_and_it_knows_the_programs_of_its_release(world, tool):
    desk = world.desks[NOTARY]
    assert tool(*desk.trustee("key", "rehearse")).returncode == 0
    for code in world.desks:
        if code in world.stage.policy.parties() and code != NOTARY:
            world.desks[code].does(*world.desks[code].trustee("key", "rehearse"))
    world.lot.make_draft()
    done = tool(*desk.trustee("sign-policy"), "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told[next(iter(told))]["sign-policy"]["other_programs"] == [
        f"{row.name} {row.sha256}" for row in world.lot.draft.programs
    ]
    assert "no package" not in done.stderr


def test_django_is_not_there(clean):
    done = subprocess.run(
        [clean, "-c", "import django"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "ModuleNotFoundError" in done.stderr


def test_it_speaks_both_languages_and_calls_itself_as_it_was_called(tool):
    refused = ["receipt", "verify", "no.zxb", "--anchors", "no.pem"]
    for language, word in (("zh_CN", "文件读写失败"), ("en_GB", "could not be read or written")):
        done = tool(*refused, language=language)
        assert done.returncode == 1
        assert word in done.stderr, done.stderr
    usage = tool("--help").stdout
    assert usage.startswith("usage: python zhuxin.pyz bidder ")
