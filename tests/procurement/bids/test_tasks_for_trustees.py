"""A trustee without a network: its task tells what the API tells, its answer does what it does."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kernel import clock
from kernel.errors import NotPermitted, Refused
from kernel.parties.models import User
from kernel.sealing.bids import tasks
from kernel.sealing.certificates import pem
from kernel.sealing.keystore import make_p12
from procurement.bidder import programs
from procurement.bidder.main import main
from procurement.bids import (
    believed,
    closing,
    opening,
    readings,
    staging,
    stamps,
    tasks_for_trustees,
    tool,
)
from procurement.bids.machines import RELEASED
from procurement.bids.models import Opening, PolicyVersion
from tests.procurement.bids.steps import close, conclude, finish, settle
from tests.procurement.bids.support import LOT, TRUSTEES, told

pytestmark = pytest.mark.django_db
PARTIES = ("owner", *TRUSTEES)


class Machine:
    """A party's own machine: key file, kept folder, and the tool with files instead of a server."""

    def __init__(self, world, name, folder, capsys):
        self.world, self.name, self.folder, self.capsys = world, name, folder, capsys
        folder.mkdir()
        signer = world.signer(name)
        (folder / "key.p12").write_bytes(make_p12(signer, "123456", rounds=1000))
        (folder / "pin").write_text("123456")
        (folder / "pass").write_text("开启口令")
        roots = pem(believed.trust(clock.now()).anchors.certificates)
        (folder / "roots.pem").write_bytes(roots)

    @property
    def actor(self):
        return self.world.people[self.name]

    def answer(self, *steps):
        """The answer file of some steps on the task of now."""
        at = self.folder
        (at / "task.json").write_bytes(tasks_for_trustees.task(LOT, self.actor).encode())
        parties = [self.world.people[name].uscc for name in PARTIES]
        words = ["trustee", *steps, "--task", at / "task.json", "--answer", at / "answer.json",
                 "--p12", at / "key.p12", "--pin-file", at / "pin", "--anchors", at / "roots.pem",
                 "--demonstration", "--keep", at / "keep", "--passphrase-file", at / "pass",
                 *(word for code in parties for word in ("--expect", code)), "--json"]  # fmt: skip
        if self.name == "owner":
            words.append("--no-share")
        status = main([str(word) for word in words])
        told = self.capsys.readouterr().out
        self.codes = [row["code"] for row in json.loads(told).get("refusals", ())]
        assert status == 0, told
        return (at / "answer.json").read_bytes()

    def does(self, *steps):
        """Steps whose statements are all done."""
        taken = tasks_for_trustees.take(LOT, self.actor, self.answer(*steps))
        assert [each.refusals for each in taken] == [()] * len(steps)


@pytest.fixture
def machines(request, world, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(closing, "machine", lambda _code: None)
    world.draw_up(**getattr(request, "param", {}))
    return {name: Machine(world, name, tmp_path / name, capsys) for name in PARTIES}


def in_force(world, machines):
    for name in PARTIES:
        machines[name].does("key")
    for name in TRUSTEES:
        machines[name].does("rehearse")
    for name in PARTIES:
        machines[name].does("sign-policy")
    world.lot.state = "published"


def test_a_lot_opens_by_files_alone(world, machines):
    in_force(world, machines)
    named = {each.name: each.sha256 for each in world.in_force.programs}
    assert named == {
        **{name: programs.program(name).sha256 for name in programs.NAMES},
        **{each.name: each.sha256 for each in tool.files()},
    }
    for name in ("bidder1", "bidder2", "bidder3"):
        world.bid(name)
    world.at(world.lot.deadline + timedelta(seconds=1))
    world.lot.state = "closing"
    closing.close(LOT)
    stamps.stamp_lists()  # as the worker does
    for name in TRUSTEES:
        machines[name].does("check")
    for name in PARTIES:
        machines[name].does("reveal")
    for step in ("mark", "release"):
        for name in TRUSTEES[:2]:
            machines[name].does(step)
    assert opening.of_lot(LOT).state == RELEASED


@pytest.mark.parametrize("machines", [{"stages": "two_envelopes"}], indirect=True)
def test_a_lot_of_two_stages_opens_by_files_alone(world, machines, monkeypatch):
    monkeypatch.setattr(staging, "machine", lambda _code: None)
    in_force(world, machines)
    for name in ("bidder1", "bidder2", "bidder3"):
        world.bid(name)
    close(world)
    stamps.stamp_lists()
    first = ("trustee1", "trustee2")
    for name in TRUSTEES:
        machines[name].does("check")
    for name in PARTIES:
        machines[name].does("reveal")
    for step in ("mark", "release"):
        for name in first:
            machines[name].does(step)
    finish(world)
    conclude(world, {"bidder2": "技术标不合格"})
    settle()
    stamps.stamp_lists()
    task = tasks_for_trustees.task(LOT, world.people["trustee1"])
    assert (task.stage, task.closing["earlier"] is not None) == ("price", True)
    for step in ("rehearse", "check", "mark", "release"):
        for name in first:
            machines[name].does(step)
    assert finish(world).state == "opened"


def test_each_statement_is_done_or_refused_alone_and_the_same_file_does_nothing_more(
    world, machines
):
    for name in PARTIES:
        machines[name].does("key")
    machine = machines["trustee1"]
    answer = tasks.read_answer(machine.answer("rehearse"))
    mixed = tasks.Answer(
        answer.lot, answer.party, (("nonce", {"nonce": "ab" * 32}), *answer.statements)
    )
    first, second = tasks_for_trustees.take(LOT, machine.actor, mixed.encode())
    assert [reason.code for reason in first.refusals] == ["procurement.opening.unknown"]
    assert (second.kind, second.refusals) == ("rehearsal", ())
    again = tasks_for_trustees.take(LOT, machine.actor, mixed.encode())
    assert again[1].refusals == ()
    assert tasks_for_trustees.task(LOT, machine.actor).draft is None


def test_only_the_lots_parties_take_tasks_and_only_their_own_answers_are_taken(world, machines):
    answer = machines["trustee1"].answer("key")
    with pytest.raises(Refused) as refused:
        tasks_for_trustees.take(LOT, world.people["trustee2"], answer)
    assert told(refused) == ["procurement.task.other"]
    for name in ("bidder1", "supervisor", "auditor"):
        with pytest.raises(NotPermitted):
            tasks_for_trustees.task(LOT, world.people[name])
        with pytest.raises(NotPermitted):
            tasks_for_trustees.take(LOT, world.people[name], answer)


def test_a_policy_names_the_command_line_and_the_list_of_its_libraries_as_they_are_served(world):
    named = {each.name: each.sha256 for each in world.policy().programs}
    page = Client().get(reverse("procurement:bids-policy", args=[LOT])).content.decode()
    for name in ("zhuxin.pyz", "bidder.txt"):
        served = Client().get(reverse("procurement:bids-program", args=[name])).content
        assert hashlib.sha256(served).hexdigest() == named[name]
        assert named[name] in page
    assert (
        hashlib.sha256(Client().get("/log/zhuxin.pyz").content).hexdigest() == (named["zhuxin.pyz"])
    )


def test_a_policy_names_the_programs_that_are_served_under_their_own_policy(world, machines):
    in_force(world, machines)
    version = PolicyVersion.objects.get()
    named = {each.name: each.sha256 for each in readings.policy_of(version.text).programs}
    for name in programs.NAMES:
        answer = Client().get(reverse("procurement:bids-program", args=[name]))
        assert hashlib.sha256(answer.content).hexdigest() == named[name]
        assert answer["Content-Security-Policy"].encode() in answer.content
        assert "connect-src 'none'" in answer["Content-Security-Policy"]
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert (
            named[name].encode()
            in Client().get(reverse("procurement:bids-policy", args=[LOT])).content
        )
    assert Client().get(reverse("procurement:bids-program", args=["other.html"])).status_code == 404


def test_the_page_gives_the_task_and_tells_of_each_statement(world, machines):
    browser = Client()
    browser.force_login(User.objects.get(person_id=world.people["trustee1"].person_id))
    page, file = (reverse(f"procurement:bids-{n}", args=[LOT]) for n in ("trustee", "task"))
    told_ = browser.get(file)
    assert tasks.read_task(told_.content).party == world.people["trustee1"].uscc
    assert "attachment" in told_["Content-Disposition"]
    answer = machines["trustee1"].answer("key")
    done = browser.post(page, {"file": SimpleUploadedFile("answer.json", answer)})
    assert done.status_code == 200
    assert "开启密钥公布书" in done.content.decode()
    assert "已办理" in done.content.decode()
    other = json.loads(answer) | {"lot": "X"}
    bad = json.dumps(other, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    refused = browser.post(page, {"file": SimpleUploadedFile("answer.json", bad)})
    assert refused.status_code == 422
    assert browser.post(page, {}).status_code == 422
    stranger = Client()
    stranger.force_login(User.objects.get(person_id=world.people["bidder1"].person_id))
    assert stranger.get(page).status_code in (403, 404)
    assert not Opening.objects.exists()
