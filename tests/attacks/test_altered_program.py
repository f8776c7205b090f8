"""Attacker: the operator serves a sealing or opening program with one byte changed, or another.

The page comes from whom it defends against. Stopped by comparison, not by the page: the hashes of
both programs stand in the policy that every trustee signed before the notice, a later version of
the policy cannot name others, the supervisor's copy and `sha256sum` tell one byte; and a script
that was changed alone does not even run, for the policy inside the file names its hash.
"""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kernel.sealing.bids.policy import Program
from kernel.workflow.firing import fire
from procurement.bidder import programs
from procurement.bids.machines import POLICY
from procurement.bids.models import OpeningPolicy
from tests.e2e.browsing import CHROMIUM, chromium
from tests.kernel.sealing.bids.support import CHAMBER, DEADLINE, ENTITY, NOTARY
from tests.kernel.sealing.bids.support import LOT as TOOLS_LOT
from tests.procurement.bidder.conftest import shared_stage
from tests.procurement.bidder.conftest import world as desks
from tests.procurement.bids.conftest import world  # noqa: F401
from tests.procurement.bids.support import LOT, TRUSTEES

__all__ = ["desks", "shared_stage"]
pytestmark = pytest.mark.django_db
SCRIPT = re.compile(rb"<script[^>]*>(.*?)</script>", re.S)


@pytest.fixture
def altered(tmp_path, monkeypatch):
    """The operator's own copy of the programs, with a byte of a script changed; its maker."""

    def alter(name, change):
        for each in programs.NAMES:
            shutil.copy(programs.__file__.replace("__init__.py", each), tmp_path / each)
        data = (tmp_path / name).read_bytes()
        made = change(data)
        assert made != data
        (tmp_path / name).write_bytes(made)
        monkeypatch.setattr(programs, "__file__", str(tmp_path / "__init__.py"))
        programs.program.cache_clear()

    yield alter
    programs.program.cache_clear()


def one_byte(data):
    """A byte in the middle of the longest script."""
    found = max(SCRIPT.finditer(data), key=lambda match: len(match[1]))
    place = (found.start(1) + found.end(1)) // 2
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def one_byte_and_its_hash(data):
    """The policy inside names the new script's hash too, so that it runs."""
    made = one_byte(data)
    old, new = (max(SCRIPT.findall(each), key=len) for each in (data, made))
    names = [base64.b64encode(hashlib.sha256(each).digest()) for each in (old, new)]
    assert names[0] in data
    return made.replace(*names)


@pytest.mark.parametrize("change", [one_byte, one_byte_and_its_hash])
@pytest.mark.parametrize("name", programs.NAMES)
def test_the_hash_in_the_signed_policy_tells_one_byte(world, altered, name, change):  # noqa: F811
    world.policy()
    signed = {each.name: each.sha256 for each in world.in_force.programs}
    address = reverse("procurement:bids-program", args=[name])
    honest = Client().get(address)
    assert hashlib.sha256(honest.content).hexdigest() == signed[name]
    altered(name, change)
    served = Client().get(address).content
    assert served != honest.content
    assert hashlib.sha256(served).hexdigest() != signed[name]
    # The notice goes on naming what was signed: the operator cannot have its page there.
    assert {each.name: each.sha256 for each in world.in_force.programs} == signed
    page = Client().get(reverse("procurement:bids-policy", args=[LOT])).content
    assert signed[name].encode() in page
    assert hashlib.sha256(served).hexdigest().encode() not in page


@pytest.mark.e2e
@pytest.mark.skipif(not CHROMIUM, reason="no Chromium here")
@pytest.mark.parametrize("name", programs.NAMES)
def test_a_script_that_was_changed_alone_is_not_the_one_its_page_lets_run(altered, tmp_path, name):
    """In a browser, from the disk: the script is refused, and nothing is made by it."""
    honest = programs.program(name).content
    altered(name, one_byte)
    served = Client().get(reverse("procurement:bids-program", args=[name])).content
    assert served == one_byte(honest)
    with chromium() as browser:

        def shown(data):
            (tmp_path / "shown.html").write_bytes(data)
            page, said = browser.new_page(), []
            page.on("console", lambda line: said.append(line.text))
            page.goto((tmp_path / "shown.html").as_uri())
            # All that the page shows, its script makes.
            made = page.evaluate("document.body.querySelectorAll(':not(script)').length")
            page.close()
            return made, [line for line in said if "Content Security Policy" in line]

        made, refused = shown(honest)
        assert made > 20
        assert refused == []
        made, refused = shown(served)
        assert made == 0
        assert len(refused) == 1


def test_no_later_version_of_the_policy_names_other_programs(desks):
    desks.policy()
    lot, notary = desks.lot, desks.desks[NOTARY]
    other = (Program("seal.html", "ab" * 32),)
    lot.make_draft(deadline=DEADLINE + timedelta(days=1))
    lot.draft = replace(lot.draft, programs=other)
    assert notary.codes(*notary.trustee("sign-policy")) == ["sealing.policy.successor"]


def test_an_extension_goes_on_with_the_programs_that_were_signed(world, altered):  # noqa: F811
    """Also where the operator's files have changed meanwhile."""
    signed = world.policy().programs
    altered("seal.html", one_byte_and_its_hash)
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


def test_a_trustees_tool_tells_programs_that_are_not_its_own(desks):
    """Altered before the policy was drawn up, so that the policy names the altered one."""
    named = tuple(Program(name, programs.program(name).sha256) for name in programs.NAMES)
    for code in (ENTITY, NOTARY, CHAMBER):
        desks.desks[code].does(*desks.desks[code].trustee("key", "rehearse"))
    other = Program("open.html", "ab" * 32)
    for desk, rows, told in (
        (desks.desks[NOTARY], named, []),
        (desks.desks[CHAMBER], (named[0], other), [f"open.html {other.sha256}"]),
    ):
        desks.lot.make_draft(programs=rows)
        done = desk.does(*desk.trustee("sign-policy"))
        assert done[TOOLS_LOT]["sign-policy"]["other_programs"] == told
