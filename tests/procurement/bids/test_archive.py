"""A bidder takes what the archive has into its envelope: page, files, API, tool; typed nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from credit.enterprises.models import Achievement
from kernel import clock
from kernel.api import tokens
from kernel.parties.models import Membership, User
from kernel.sealing import canonical
from procurement.bidder import archive as tool
from procurement.bidder.http import Client as ToolClient
from procurement.bidder.http import ServerRefused
from procurement.bidder.main import main
from procurement.bids import lots, resume
from tests.credit.conduct import samples as officers
from tests.credit.enterprises import samples
from tests.procurement.bids.support import LOT, FakeLot

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]


@pytest.fixture
def people():
    lots.use(FakeLot(state="published", deadline=clock.now() + timedelta(days=20)).find)
    people = officers.officers()
    samples.licence(people, number="D323000001")
    samples.licence(
        people, kind="person", number="黑2230001", holder="示例经理", trade="building", grade="",
        certificate="constructor_first", holder_id="11010519491231002X",
    )  # fmt: skip
    samples.claim(people)
    samples.finance(people)
    Achievement.objects.create(
        uscc=samples.FIRM, contract_number="HT-1", project_number="", name="本平台工程",
        price_fen=7_00, signed_on=clock.today(),
    )  # fmt: skip
    yield people
    lots.use(None)


def membership(actor):
    return Membership.objects.get(person_id=actor.person_id)


def token(actor):
    until = clock.technical_now() + timedelta(days=1)
    return tokens.issue(membership(actor), name="bids", expires_at=until)[1]


def ask(client, actor, lot=LOT):
    headers = {"authorization": f"Bearer {token(actor)}"}
    return client.get(f"/api/v1/lots/{lot}/archive", headers=headers)


def test_everything_that_is_known_is_there_with_its_level(people):
    facts = resume.compose(LOT, samples.FIRM, clock.now())["facts"]
    assert [row["number"] for row in facts["licences"]] == ["D323000001"]
    assert [(row["name"], row["certificate"]) for row in facts["staff"]] == [
        ("示例经理", "constructor_first")
    ]
    assert {row["name"]: row["level"] for row in facts["achievements"]} == {
        "本平台工程": "A",
        "外省示例大厦": "C",
    }
    assert facts["finances"][0]["level"] == "C"
    assert facts["credit"]["grade"]


def test_what_is_over_is_left_out_and_identity_numbers_never_come_along(people):
    later = clock.now() + timedelta(days=365 * 4)
    made = resume.compose(LOT, samples.FIRM, later)
    assert made["facts"]["licences"] == []
    told = resume.as_json(resume.compose(LOT, samples.FIRM, clock.now())).decode()
    assert "11010519491231002X" not in told


def test_why_a_bid_would_be_refused_now_is_said_with_article(people):
    missing = resume.compose(LOT, samples.FIRM, clock.now())["missing"]
    assert [row["code"] for row in missing] == ["credit.enterprise.safety_licence_missing"]
    assert missing[0]["article"]


def test_what_no_limit_is_held_of_stands_in_page_files_and_answer_in_words(
    people, client, monkeypatch
):
    lot = lots.find(LOT)
    asks = replace(lot, trade="building", grade="second", sizes={"length_m": 77})
    monkeypatch.setattr(lots, "find", lambda number: asks if number == LOT else None)
    samples.licence(people, number="D323000002", trade="building", grade="second")
    made = resume.compose(LOT, samples.FIRM, clock.now())
    (one,) = made["left_to_judge"]
    assert one["code"] == "credit.enterprise.scope_not_held"
    assert "159号" in one["article"] and "须由人判断" in one["message"] and "77" in one["message"]
    client.force_login(User.objects.get(username="firm"), BACKEND)
    address = reverse("procurement:bids-archive", args=[LOT])
    told = [client.get(address), client.get(address + resume.PRINT_NAME)]
    for text in (resume.as_page(made), *(answer.content.decode() for answer in told)):
        assert one["message"] in text and one["article"] in text
    assert ask(client, people["firm"]).json()["left_to_judge"] == [one]


def test_both_files_say_the_same_and_the_page_asks_nobody_for_anything(people):
    made = resume.compose(LOT, samples.FIRM, clock.now())
    data, page = resume.as_json(made), resume.as_page(made)
    assert canonical.encode(json.loads(data)) == data
    for text in ("D323000001", "示例经理", "外省示例大厦", "12,345,678.00", samples.FIRM):
        assert text in page
    assert 'src="http' not in page and "<link" not in page and "<script" not in page


def test_the_page_of_the_lot_gives_both_files_to_the_bidder_alone(people, client):
    address = reverse("procurement:bids-archive", args=[LOT])
    assert client.get(address).status_code in (302, 403)
    client.force_login(User.objects.get(username="firm"), BACKEND)
    page = client.get(address)
    assert page.status_code == 200 and "取用档案资料" in page.content.decode()
    for name in (resume.JSON_NAME, resume.PRINT_NAME):
        file = client.get(address + name)
        assert file["Content-Disposition"] == f'attachment; filename="{name}"'
    assert client.get(address + "secret.json").status_code == 404


def test_the_api_answers_a_bidder_with_its_own_facts_and_nobody_else(people, client):
    answer = ask(client, people["firm"])
    assert answer.status_code == 200
    assert json.loads(answer.json()["archive_json"])["facts"]["enterprise"]["uscc"] == samples.FIRM
    assert ask(client, people["other"]).status_code == 404  # it is not in the archive
    assert ask(client, people["one"]).status_code == 403
    assert ask(client, people["firm"], "no-such-lot").status_code == 404


def test_the_tool_writes_both_files_and_replaces_none_unasked(
    people, client, tmp_path, monkeypatch, capsys
):
    def over_the_test_client(self, method, path, body, headers):
        answer = client.generic(method, self._base + path, headers=self._headers)
        if answer.status_code >= 400:
            raise ServerRefused(answer.status_code, answer.json())
        return answer.status_code, answer.json()

    monkeypatch.setattr(ToolClient, "_ask", over_the_test_client)
    secret = tmp_path / "token.txt"
    secret.write_text(token(people["firm"]))
    words = [
        "archive", "--server", "http://testserver", "--lot", LOT, "--token-file", str(secret),
        "-o", str(tmp_path / "qualification"), "--json",
    ]  # fmt: skip
    assert main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["files"]) == 2 and told["missing"]
    for name in tool._FILES.values():
        assert (tmp_path / "qualification" / name).stat().st_size > 500
    assert main(words) == 1
    assert "bidder.archive.exists" in capsys.readouterr().out
    assert main([*words, "--replace"]) == 0
