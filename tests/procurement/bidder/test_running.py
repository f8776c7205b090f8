"""The tool tells whether it is the program that a policy names, and refuses nothing for it."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel import offline
from kernel.sealing.bids.policy import Program, read_policy
from procurement.bidder import programs, running, takeaway
from tests.kernel.sealing.bids.support import BIDDERS, CHAMBER, ENTITY, LOT, NOTARY
from tests.procurement.bidder.conftest import TRUSTEES

OTHER = "ab" * 32


def own():
    """The hash of the file that these sources make."""
    return hashlib.sha256(offline.program()).hexdigest()


def command_line(sha256):
    return Program(takeaway.PROGRAM, sha256)


@pytest.fixture
def naming(world):
    """The lot with a policy in force that names these programs, and no others."""

    def made(*rows):
        for code in TRUSTEES:
            world.desks[code].does(*world.desks[code].trustee("key", "rehearse"))
        world.lot.make_draft(programs=rows)
        for code in TRUSTEES:
            world.desks[code].does(*world.desks[code].trustee("sign-policy"))
        return world.desks[BIDDERS[0]]

    return made


@pytest.fixture
def taken(world, tmp_path):
    """Runs a file that was taken away; the path of the file to be changed, and how to run it."""
    path = tmp_path / "taken" / takeaway.PROGRAM
    path.parent.mkdir()
    path.write_bytes(offline.program())

    def run(*words, language="zh_CN"):
        done = subprocess.run(
            [sys.executable, "-I", str(path), "bidder", *words, "--json"], capture_output=True,
            text=True, check=False, encoding="utf-8", env={"LANGUAGE": language, "PYTHONUTF8": "1"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout), done.stderr

    return path, run


def test_the_file_that_the_policy_names_says_nothing(naming, taken):
    desk = naming(command_line(own()))
    told, said = taken[1](*desk.sealing("bid.zxb"))
    assert told["program"] == {"running": "file", "sha256": own(), "named": own()}
    assert said == ""


def test_another_file_than_the_policy_names_says_so_and_seals(naming, taken):
    desk = naming(command_line(OTHER))
    for language, word in (("zh_CN", "不是标段"), ("en_GB", "is not the zhuxin.pyz")):
        told, said = taken[1](*desk.sealing("bid.zxb"), language=language)
        assert word in said
        assert own() in said and OTHER in said and LOT in said
        assert told["program"] == {"running": "file", "sha256": own(), "named": OTHER}


def test_one_more_byte_is_another_file(naming, taken):
    desk = naming(command_line(own()))
    path, run = taken
    # Python runs it as before: what stands behind the directory is a comment to it.
    data = path.read_bytes()
    path.write_bytes(data[:-2] + b"\x01\x00" + b" ")
    told, said = run(*desk.sealing("bid.zxb"))
    assert told["program"]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest() != own()
    assert "可能是另一版本，也可能被改过" in said


def test_running_from_the_sources_is_told_as_what_it_is(naming):
    desk = naming(command_line(own()))
    told = desk.does(*desk.sealing("bid.zxb"))
    assert told["program"] == {"running": "sources", "sha256": own(), "named": own()}
    assert "正在从源码运行；这份源码生成的 zhuxin.pyz 正是" in desk.shown


def test_other_sources_than_the_policys_are_told_and_not_refused(naming):
    desk = naming(command_line(OTHER))
    told = desk.does(*desk.sealing("bid.zxb"))
    assert told["program"]["named"] == OTHER
    assert "正在从源码运行，这是允许的" in desk.shown
    assert OTHER in desk.shown and own() in desk.shown


def test_a_policy_signed_before_there_was_a_command_line_in_one_is_told_and_obeyed(naming, taken):
    rows = tuple(Program(name, programs.program(name).sha256) for name in programs.NAMES)
    desk = naming(*rows)
    told, said = taken[1](*desk.sealing("bid.zxb"))
    assert told["program"]["named"] == ""
    assert "没有载明命令行程序" in said and own() in said
    assert desk.does(*desk.submitting("bid.zxb"))
    desk.does(*desk.sealing("second.zxb", "--replaces", desk.path("bid.zxb")))
    assert "没有载明命令行程序" in desk.shown


def test_a_trustee_is_told_before_it_signs_and_at_every_step_after(world, naming):
    naming(command_line(OTHER))
    notary = world.desks[NOTARY]
    assert "正在从源码运行" in world.desks[CHAMBER].shown
    world.lot.close()
    notary.does(*notary.trustee("check"))
    assert notary.shown.count("不是标段") == 1


def test_before_there_is_a_policy_nothing_is_told(world):
    desk = world.desks[ENTITY]
    desk.does(*desk.trustee("key", "rehearse"))
    assert desk.shown == ""


def test_a_trustee_sees_every_program_and_list_that_is_not_of_its_own_release(world):
    libraries = Program(
        takeaway.LIBRARIES, hashlib.sha256(takeaway.LIBRARIES_FILE.read_bytes()).hexdigest()
    )
    policy = world.stage.policy
    same = replace(policy, programs=(command_line(own()), libraries))
    assert running.other_programs(same) == []
    rows = (command_line(OTHER), replace(libraries, sha256=OTHER))
    assert running.other_programs(replace(policy, programs=rows)) == [
        f"zhuxin.pyz {OTHER}", f"bidder.txt {OTHER}",
    ]  # fmt: skip


def test_the_file_knows_the_list_of_its_libraries(naming, taken):
    """In it as in the sources: else each trustee would see another's list in every policy."""
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); from procurement.bidder import running;"
        "print(running._libraries(), running.running().kind)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", script, str(taken[0])], capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    wanted = hashlib.sha256(takeaway.LIBRARIES_FILE.read_bytes()).hexdigest()
    assert done.stdout.split() == [wanted, "file"]


def test_sources_that_are_not_all_there_know_no_hash_and_go_on(world, monkeypatch, capsys):
    monkeypatch.setattr(offline, "program", lambda: (_ for _ in ()).throw(FileNotFoundError("x")))
    running.running.cache_clear()
    try:
        assert running.running() == running.Running("sources", "")
        policy = replace(world.stage.policy, programs=(command_line(OTHER),))
        assert running.tell(policy)["sha256"] == ""
        assert OTHER in capsys.readouterr().err
    finally:
        running.running.cache_clear()


NAMES = st.sampled_from(["seal.html", "open.html", "bidder-cli", "bidder.txt", "zhuxin.pyz", "x"])
ROWS = st.lists(st.tuples(NAMES, st.binary(min_size=32, max_size=32)), max_size=16)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_a_policy_of_whatever_programs_is_read_as_it_was_signed(shared_stage, capsys, rows):
    named = tuple(Program(name, made.hex()) for name, made in rows)
    text = replace(shared_stage.policy, programs=named).encode()
    policy = read_policy(text)
    assert policy.encode() == text
    assert policy.programs == named
    told = running.tell(policy)
    wanted = [made.hex() for name, made in rows if name == "zhuxin.pyz"]
    assert told["named"] == (wanted[0] if wanted else "")
    assert ("没有载明" in capsys.readouterr().err) == (not wanted)


def test_no_folder_of_an_older_release_is_taken_for_the_file(tmp_path):
    """What runs is asked of where it runs from, and not of a name."""
    folder = tmp_path / takeaway.PROGRAM
    folder.mkdir()
    assert running.running(folder).kind == "sources"
    shutil.rmtree(folder)
    folder.write_bytes(b"file")
    running.running.cache_clear()
    assert running.running(folder) == running.Running("file", hashlib.sha256(b"file").hexdigest())
    running.running.cache_clear()
