"""Attacker: the operator serves another ``zhuxin.pyz`` than the parties agreed to use.

It runs where keys and prices are. Stopped by comparison: its hash and that of the list of its
libraries stand in the policy that every trustee signed before the notice; the same sources make the
same bytes for everybody; a witness fetches it like anybody, from both places. What the file says
of itself is a help against mistakes and no proof, as its last test here shows.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from datetime import timedelta

import pytest
from django.test import Client

from kernel import offline
from kernel.evidence import witness
from kernel.evidence.witnessing import asking
from kernel.sealing.bids.policy import Program
from kernel.workflow.firing import fire
from procurement.bids import named_programs, tool
from procurement.bids.machines import POLICY
from procurement.bids.models import OpeningPolicy, PolicyVersion
from tests.kernel.sealing.bids.support import BIDDERS, CHAMBER, ENTITY, NOTARY
from tests.kernel.sealing.bids.support import LOT as TOOLS_LOT
from tests.procurement.bidder.conftest import TRUSTEES as PARTIES
from tests.procurement.bidder.conftest import shared_stage
from tests.procurement.bidder.conftest import world as desks
from tests.procurement.bids.conftest import world  # noqa: F401
from tests.procurement.bids.dossiers import anchors_of
from tests.procurement.bids.support import LOT, TRUSTEES

__all__ = ["desks", "shared_stage"]
pytestmark = pytest.mark.django_db
PLACES = ("/bids/programs/zhuxin.pyz", "/log/zhuxin.pyz")
# What an attacker would put in: before anything else, and nothing is seen of it.
ADDED = "import os as _o; open(_o.environ['STOLEN'], 'w').write('the key')\n"


SEALS, TELLS = "procurement/bidder/seal.py", "procurement/bidder/running.py"


def rebuilt(*changes):
    """The program with some texts replaced in some files, a ZIP like any other; its bytes."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(offline.program())) as honest,
        zipfile.ZipFile(made, "w") as other,
    ):
        for row in honest.infolist():
            data = honest.read(row).decode("latin-1")
            for name, old, new in changes:
                assert row.filename != name or old in data
                data = data.replace(old, new) if row.filename == name else data
            other.writestr(row, data.encode("latin-1"))
    return made.getvalue()


FUTURE = "from __future__ import annotations\n"
STEALS = (SEALS, FUTURE, FUTURE + ADDED)


def stealing():
    """A command line that does all that the honest one does, and one thing more."""
    return rebuilt(STEALS)


def lying(sha256):
    """The same, which also says of itself that it is the one of the policy."""
    found = "hashlib.sha256(root.read_bytes()).hexdigest()"
    return rebuilt(STEALS, (TELLS, found, f'"{sha256}"'))


@pytest.fixture
def swap(monkeypatch):
    """From now on the operator serves these bytes, everywhere."""

    def change(data):
        monkeypatch.setattr(offline, "program", lambda: data)

    return change


class Anybody:
    """The platform as a witness asks it."""

    def program(self, path):
        answer = Client().get(path)
        if answer.status_code != 200:
            raise asking.Denied(answer.status_code, answer.content)
        return answer.content

    def policy(self, lot):
        return Client().get(f"/bids/policies/{lot}/policy.json").content


@pytest.fixture
def witnessed(world, tmp_path, capsys, monkeypatch):  # noqa: F811
    """What a witness finds: its exit status and what it shouted."""
    monkeypatch.setattr(witness, "_server", lambda _address: Anybody())

    def look():
        status = witness.main(
            ["programs", "--server", "http://platform", "--lot", LOT, "--lang", "en",
             "--anchors", str(anchors_of(world, tmp_path)), "--out", str(tmp_path / "altered")]
        )  # fmt: skip
        return status, capsys.readouterr().err

    return look


def test_a_bidder_who_compares_the_hash_tells_another_command_line_before_it_runs(world, swap):  # noqa: F811
    signed = {each.name: each.sha256 for each in world.policy().programs}
    for place in PLACES:
        served = Client().get(place).content
        assert hashlib.sha256(served).hexdigest() == signed["zhuxin.pyz"]
    swap(stealing())
    for place in PLACES:
        served = Client().get(place).content
        assert hashlib.sha256(served).hexdigest() != signed["zhuxin.pyz"]
    # What was signed stays named; the operator's page of its programs contradicts it.
    page = Client().get(f"/bids/policies/{LOT}/").content.decode()
    assert signed["zhuxin.pyz"] in page
    told = json.loads(Client().get(f"/bids/policies/{LOT}/policy.json").content)
    named = {row["name"]: row["sha256"] for row in json.loads(told["policy"])["programs"]}
    assert named == signed
    assert signed["zhuxin.pyz"] not in Client().get("/bids/programs/").content.decode()


def test_a_witness_shouts_and_keeps_the_other_command_line(world, swap, witnessed, tmp_path):  # noqa: F811
    world.policy()
    status, shouted = witnessed()
    assert (status, shouted) == (0, "")
    other = stealing()
    swap(other)
    status, shouted = witnessed()
    assert status == 1
    for place in PLACES:
        assert f"[ALARM] {place} as it is served is not the program of lot {LOT}" in shouted
    (kept,) = (tmp_path / "altered").iterdir()
    assert kept.read_bytes() == other


def test_a_witness_shouts_where_another_list_of_libraries_is_served(
    world, witnessed, monkeypatch  # noqa: F811
):  # fmt: skip
    """Whoever installs by it runs what stands in it: it is as good as another program."""
    world.policy()
    honest = tool.file("bidder.txt")
    evil = tool.File("bidder.txt", honest.content + b"evil==1\n", "")
    monkeypatch.setattr(tool, "_libraries", lambda: evil)
    status, shouted = witnessed()
    assert status == 1
    assert "[ALARM] /bids/programs/bidder.txt as it is served is not" in shouted


def run(path, folder, *words):
    """Somebody runs the file that it took away; the exit status, its data and its notices."""
    done = subprocess.run(
        [sys.executable, "-I", str(path), "bidder", *words, "--json"], capture_output=True,
        text=True, check=False, encoding="utf-8",
        env={**os.environ, "LANGUAGE": "zh_CN", "STOLEN": str(folder / "stolen")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stderr


@pytest.fixture
def named(desks):
    """A lot whose policy names the honest command line; its first bidder."""
    honest = Program("zhuxin.pyz", hashlib.sha256(offline.program()).hexdigest())
    for code in PARTIES:
        desks.desks[code].does(*desks.desks[code].trustee("key", "rehearse"))
    desks.lot.make_draft(programs=(honest,))
    for code in PARTIES:
        desks.desks[code].does(*desks.desks[code].trustee("sign-policy"))
    return desks.desks[BIDDERS[0]], honest.sha256


def test_an_altered_command_line_that_still_tells_the_truth_is_noticed_as_it_seals(named, tmp_path):
    desk, honest = named
    path = tmp_path / "zhuxin.pyz"
    path.write_bytes(stealing())
    told, said = run(path, tmp_path, *desk.sealing("bid.zxb"))
    assert "可能是另一版本，也可能被改过" in said
    assert told["program"]["sha256"] != told["program"]["named"] == honest
    assert (tmp_path / "stolen").exists()  # told too late for this bidder's key


def test_one_that_lies_of_itself_is_told_by_the_hash_alone(named, tmp_path):
    """Why the page says: compare before it runs, with a program of your own system."""
    desk, honest = named
    path = tmp_path / "zhuxin.pyz"
    path.write_bytes(lying(honest))
    told, said = run(path, tmp_path, *desk.sealing("bid.zxb"))
    assert said == ""
    assert told["program"]["sha256"] == honest
    assert (tmp_path / "stolen").exists()
    summed = subprocess.run(["sha256sum", str(path)], capture_output=True, text=True, check=True)
    assert summed.stdout.split()[0] != honest


def test_a_trustee_sees_a_draft_that_names_another_command_line_or_none(desks):
    """Swapped before the policy was drawn up, so that all would sign the other one's hash."""
    for code in (ENTITY, NOTARY, CHAMBER):
        desks.desks[code].does(*desks.desks[code].trustee("key", "rehearse"))
    other = Program("zhuxin.pyz", hashlib.sha256(stealing()).hexdigest())
    for code, rows, told, words in (
        (NOTARY, (other,), [f"zhuxin.pyz {other.sha256}"], "不是标段"),
        (CHAMBER, (), [], "没有载明命令行程序"),
    ):
        desks.lot.make_draft(programs=rows)
        desk = desks.desks[code]
        done = desk.does(*desk.trustee("sign-policy"))[TOOLS_LOT]["sign-policy"]
        assert done["other_programs"] == told
        assert words in desk.shown


def test_no_extension_brings_in_another_command_line_and_an_old_policy_gets_none(
    world, swap, monkeypatch  # noqa: F811
):  # fmt: skip
    """Signed before there was one in a policy: extended and obeyed as it stands."""
    with monkeypatch.context() as before:
        before.setattr(tool, "files", lambda: ())
        signed = world.policy().programs
    assert [each.name for each in signed] == ["seal.html", "open.html"]
    text = PolicyVersion.objects.get().text
    swap(stealing())
    assert [each.name for each in named_programs.of_now()][2:] == ["zhuxin.pyz", "bidder.txt"]
    case = OpeningPolicy.objects.get()
    world.lot.deadline += timedelta(days=3)
    fire(
        POLICY.code, case.pk, "extend", actor=world.people["agency"], payload={}, key="x",
        seen_version=case.version,
    )  # fmt: skip
    for name in ("owner", *TRUSTEES):
        world.sign_policy(name)
    assert world.in_force.version == 2
    assert world.in_force.programs == signed
    assert PolicyVersion.objects.get(number=1).text == text
    assert world.bid("bidder1")
