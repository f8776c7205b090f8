"""Refused attempts as overseers read them: in their region, with reasons, and nobody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from credit.conduct.machine import RECORD
from kernel import clock
from kernel.access.actors import PLATFORM_ROLE, Actor
from kernel.access.table import TABLE
from kernel.errors import Refusal, Refused, catalogue
from kernel.evidence.models import LogEntry
from kernel.regulation import selectors as law
from kernel.regulation.citing import told
from kernel.sealing import canonical
from kernel.web import entry_words, render, spoken
from kernel.web.case_pages import refusals_of
from kernel.web.viewmodels import Link
from kernel.workflow import attempts, selectors
from kernel.workflow.firing import fire
from kernel.workflow.models import RefusedAct
from procurement.bids.bid_machine import BID
from tests.conftest import member
from tests.credit.conduct.samples import payload
from tests.procurement.projects import samples

pytestmark = pytest.mark.django_db
REFUSED = "/refused/"
OTHER_CITY = {"region": "230600", "serial": 4, "authority": "city"}


def tried(actor: Actor, code: str, act: str, data: object = None) -> RefusedAct:
    """A refused attempt to open a case."""
    with pytest.raises(Refused):
        fire(code, None, act, actor=actor, payload=data, key="try")  # type: ignore[arg-type]
    return RefusedAct.objects.latest("pk")


def without_document(people: dict[str, Actor]) -> RefusedAct:
    """A conduct record of which no document is named, in the city of Harbin."""
    officer = member("capturer", "credit_officer", region="230100", serial=3, authority="city")
    return tried(officer, RECORD.code, "capture", payload(document_number=""))


def page(client: Client, url: str = REFUSED) -> str:
    return client.get(url).content.decode()


def test_a_refused_opening_is_read_with_who_when_and_every_reason(
    people: dict[str, Actor], signed_in: Callable[[str], Client]
) -> None:
    row = without_document(people)
    assert row.case_pk is None
    shown = page(signed_in("auditor"))
    assert f'href="/log/{row.log_index}/"' in shown
    assert "capturer" in shown
    assert "示例单位3" in shown
    assert "未立案" in shown
    for reason in row.refusals:
        assert reason["code"] in shown
        assert reason["article"] in shown


def test_the_way_there_stands_on_the_desks_of_overseers_alone(
    people: dict[str, Actor], signed_in: Callable[[str], Client]
) -> None:
    link = f'href="{reverse("web:refused")}"'
    assert link in page(signed_in("auditor"), "/desk/")
    assert link not in page(signed_in("officer"), "/desk/")


def test_nobody_but_overseers_reads_the_register_of_refused_attempts(
    people: dict[str, Actor], signed_in: Callable[[str], Client]
) -> None:
    for name in ("clerk", "officer", "operator"):
        answer = signed_in(name).get(REFUSED)
        assert answer.status_code == 403
        # No act was asked for, so none is said to be impossible.
        assert "您无权使用这一页</h1>" in answer.content.decode()
    assert Client().get(REFUSED).status_code in {302, 401, 403}
    audience = TABLE.page("web:refused")
    assert audience is not None
    assert audience.roles == {code for code, role in TABLE.roles.items() if role.oversees}


def test_an_overseer_reads_what_was_tried_in_the_own_region(
    people: dict[str, Actor], signed_in: Callable[[str], Client]
) -> None:
    row = without_document(people)
    member("here", "auditor", region="230100", serial=3, authority="city")
    member("there", "auditor", **OTHER_CITY)  # type: ignore[arg-type]
    assert f'href="/log/{row.log_index}/"' in page(signed_in("here"))
    assert f'href="/log/{row.log_index}/"' not in page(signed_in("there"))


def test_whoever_comes_from_outside_the_province_is_seen_by_the_provinces_overseer(
    people: dict[str, Actor],
) -> None:
    foreign = member("foreign", "owner_clerk", region="110101", serial=9)
    row = tried(foreign, "procurement.project", "open", {"none": 1})
    kinds = attempts.overseen(people["auditor"])
    assert row in attempts.refused(people["auditor"], kinds)


def test_kinds_that_a_role_does_not_read_are_not_in_its_register(
    people: dict[str, Actor],
) -> None:
    row = without_document(people)
    supervisor = member(
        "supervisor", "tender_supervisor", region="230100", serial=3, authority="city"
    )
    assert RECORD not in attempts.overseen(supervisor)
    assert row not in attempts.refused(supervisor, attempts.overseen(supervisor))
    assert not attempts.overseen(people["officer"])
    assert not attempts.overseen(people["clerk"])


def test_who_tried_in_vain_to_bid_stays_unknown(
    people: dict[str, Actor], signed_in: Callable[[str], Client]
) -> None:
    bidder = member("bidder", "contractor_clerk", serial=31)
    row = tried(bidder, BID.code, "receive", {})
    auditor = people["auditor"]
    assert row not in attempts.refused(auditor, attempts.overseen(auditor))
    assert not attempts.may_see_opening(auditor, BID.code, row.log_index or 0)
    assert "示例单位31" not in page(signed_in("auditor"))
    assert "procurement.bid.receive" not in page(signed_in("auditor"), f"/log/{row.log_index}/")


def test_attempts_on_a_case_stand_beside_those_that_began_none(
    people: dict[str, Actor],
) -> None:
    project = samples.submitted(people["clerk"])
    with pytest.raises(Refused):
        samples.act(project, "return", people["officer"], {"reason": ""})
    row = RefusedAct.objects.latest("pk")
    auditor = people["auditor"]
    assert row.case_pk == project.pk
    assert row in attempts.refused(auditor, attempts.overseen(auditor))
    there = member("there", "auditor", **OTHER_CITY)  # type: ignore[arg-type]
    assert row not in attempts.refused(there, attempts.overseen(there))


def test_a_case_is_told_by_its_number_and_whom_another_was_faster_than_only_when_asked_for(
    people: dict[str, Actor], signed_in: Callable[[str], Client]
) -> None:
    project = samples.submitted(people["clerk"])
    row = RefusedAct.objects.get(pk=_attempt(project.pk, people["officer"]))
    late = RefusedAct.objects.get(pk=_attempt(project.pk, people["officer"]))
    late.refusals[0]["code"] = attempts.STALE
    late.save()
    shown = attempts.refused(people["auditor"], attempts.overseen(people["auditor"]), stale=False)
    assert list(shown) == [row]
    assert project.reference not in (str(project.pk), "")
    auditor = signed_in("auditor")
    case_url = reverse("web:case", args=["procurement.project", project.pk])
    assert f'<a href="{case_url}" class="zx-number">{project.reference}</a>' in page(auditor)
    assert attempts.STALE not in page(auditor)
    assert attempts.STALE in page(auditor, f"{REFUSED}?stale=1")
    assert auditor.get(f"{REFUSED}?format=xlsx").status_code == 200


def test_the_register_is_filtered_by_kind_and_by_day(
    people: dict[str, Actor], signed_in: Callable[[str], Client]
) -> None:
    row = without_document(people)
    link, today = f'href="/log/{row.log_index}/"', clock.today().isoformat()
    auditor = signed_in("auditor")
    assert link in page(auditor, f"{REFUSED}?machine={RECORD.code}&day={today}")
    assert link not in page(auditor, f"{REFUSED}?machine=procurement.project")
    assert link not in page(auditor, f"{REFUSED}?machine=none.such")
    assert link not in page(auditor, f"{REFUSED}?day=2001-01-01")
    assert link in page(auditor, f"{REFUSED}?day=no-day")
    assert auditor.get(f"{REFUSED}?format=xlsx").status_code == 200


def test_the_log_entry_of_a_refused_opening_is_open_to_whom_the_register_shows_it(
    people: dict[str, Actor], signed_in: Callable[[str], Client]
) -> None:
    row = without_document(people)
    member("there", "auditor", **OTHER_CITY)  # type: ignore[arg-type]
    url, code = f"/log/{row.log_index}/", row.refusals[0]["code"]
    assert code in page(signed_in("auditor"), url)
    for name in ("clerk", "officer", "there"):
        assert code not in page(signed_in(name), url)
    assert code not in page(Client(), url)


def test_a_case_page_shows_a_hundred_refused_attempts_and_leads_to_those_before(
    people: dict[str, Actor], signed_in: Callable[[str], Client]
) -> None:
    project = samples.submitted(people["clerk"])
    url = reverse("web:case", args=["procurement.project", project.pk])
    made = [_attempt(project.pk, people["officer"]) for _ in range(205)]
    rows, before = selectors.refused_on(project)
    assert [row.pk for row in rows] == made[-100:]
    assert before == 105, "its place among the case's own: a row's key counts everybody's"
    rows, before = selectors.refused_on(project, before)
    assert [row.pk for row in rows] == made[-200:-100]
    rows, before = selectors.refused_on(project, before)
    assert [row.pk for row in rows] == made[:5]
    assert before is None
    client = signed_in("officer")
    assert f'href="{url}?before=105"' in page(client, url)
    middle = page(client, f"{url}?before=105")
    assert f'href="{url}?before=5"' in middle
    assert f'href="{url}">' in middle
    assert f'href="{url}?before=' not in page(client, f"{url}?before=5")
    for nothing in ("nothing", "9" * 18):
        assert f'href="{url}?before=105"' in page(client, f"{url}?before={nothing}")
    # What is tried meanwhile moves no page that is being read.
    _attempt(project.pk, people["officer"])
    rows, before = selectors.refused_on(project, 105)
    assert ([row.pk for row in rows], before) == (made[5:105], 5)


def test_attempts_that_are_hidden_from_a_reader_take_no_place_in_what_they_turn_over(
    people: dict[str, Actor], signed_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asked for the page before place N learnt how many attempts of members there were."""
    project = samples.submitted(people["clerk"])
    url = reverse("web:case", args=["procurement.project", project.pk])
    shown = []
    for _ in range(105):
        shown.append(_attempt(project.pk, people["officer"]))
        _attempt(project.pk, people["clerk"])
    hidden = {people["clerk"].role}
    rows, before = selectors.refused_on(project, hidden=hidden)
    assert ([row.pk for row in rows], before) == (shown[-100:], 5)
    rows, before = selectors.refused_on(project, before, hidden=hidden)
    assert ([row.pk for row in rows], before) == (shown[:5], None)
    monkeypatch.setattr(project.machine, "hider", lambda _case, _actor: frozenset(hidden))
    client = signed_in("officer")
    for asked in (url, f"{url}?before={9**9}"):
        told = page(client, asked)
        assert f'href="{url}?before=5"' in told and "before=110" not in told
        assert told.count("zx-step-refused") == 100


def _attempt(pk: int, actor: Actor) -> int:
    return RefusedAct.objects.create(
        machine="procurement.project", case_pk=pk, transition="return",
        refusals=[{"code": "workflow.reason.missing", "facts": {}, "article": "", "field": ""}],
        person_id=actor.person_id, organisation_id=actor.organisation_id, role=actor.role,
        at=clock.now(),
    ).pk  # fmt: skip


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "平台"), ("en", "Platform")])
def test_what_the_platform_tried_of_itself_is_told_in_words(language, words):
    with translation.override(language):
        assert spoken.role(PLATFORM_ROLE) == words


def test_whoever_reads_that_somebody_was_overtaken_is_not_addressed_as_the_one_who_was():
    for code in (attempts.STALE, "workflow.act.version_missing"):
        reason = Refusal(code, {"seen": 1, "current": 2})
        with translation.override("zh-hans"):
            assert "您" not in catalogue.message(reason)
        with translation.override("en"):
            assert " you" not in catalogue.message(reason).lower()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_log_entry_says_in_words_what_its_codes_mean(
    people: dict[str, Actor], signed_in: Callable[[str], Client], language: str
) -> None:
    row = without_document(people)
    client = signed_in("auditor")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    shown = page(client, f"/log/{row.log_index}/")
    with translation.override(language):
        said = [
            spoken.kind(RECORD),
            spoken.act(RECORD, "capture").label,
            spoken.role("credit_officer"),
            *(catalogue.message(one) for one in refusals_of(row)),
        ]
    for one in said:
        assert escape(one) in shown
    for code in ("workflow.refusal", row.refusals[0]["code"], "credit_officer", row.machine):
        assert code in shown


def test_every_kind_of_entry_that_anybody_may_open_has_a_name(people: dict[str, Actor]) -> None:
    samples.submitted(people["clerk"])
    kinds = {
        "evidence.key_changed", "procurement.opening.result", "procurement.bid.given_again",
        "workflow.sandbox_clock", "workflow.sandbox_began",
        *LogEntry.objects.values_list("kind", flat=True),
    }  # fmt: skip
    for kind in kinds:
        assert entry_words.kind_of(LogEntry(kind=kind)), kind


@pytest.mark.parametrize("tried_in", ["zh-hans", "en"])
def test_what_was_tried_in_one_language_is_read_in_the_readers(
    people: dict[str, Actor], signed_in: Callable[[str], Client], tried_in: str
) -> None:
    with translation.override(tried_in):
        row = without_document(people)
    (article,) = {reason["article"] for reason in row.refusals}
    assert chinese(article)
    auditor = signed_in("auditor")
    assert article in page(auditor)
    auditor.cookies["django_language"] = "en"
    english = told(article, "en")
    assert not chinese(english)
    for address in (REFUSED, f"/log/{row.log_index}/"):
        shown = page(auditor, address)
        assert escape(english) in shown
        assert article not in shown


def test_a_number_in_a_table_that_leads_to_its_case_stays_whole() -> None:
    link = render.value(Link("2301022509030101-W01", "/cases/1/"), in_table=True)
    assert 'class="zx-number"' in link
    assert "zx-number" not in render.value(Link("案卷", "/cases/1/"))


def test_whatever_an_entry_of_the_log_says_has_a_label() -> None:
    sealed = {"manifest_sha256", "policy_sha256", "signature_sha256", "size", "stage"}
    stamped = {"token_sha256", "statement_sha256", "cover", "key", "witness", "calendar"}
    body = canonical.encode(dict.fromkeys(sealed | stamped, "1")).decode()
    for one in entry_words.said(LogEntry(kind="procurement.bid.receipt", body=body)):
        assert one.label, one.key


def chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


@pytest.mark.parametrize(("tried_in", "read_in"), [("en", "zh-hans"), ("zh-hans", "en")])
def test_what_was_refused_in_one_language_is_read_in_another(
    people: dict[str, Actor], signed_in: Callable[[str], Client], tried_in: str, read_in: str
) -> None:
    project = samples.opened(people["clerk"], papers=[])
    with translation.override(tried_in), pytest.raises(Refused):
        samples.act(project, "submit", people["clerk"])
    reasons = RefusedAct.objects.latest("pk").refusals
    kept = [one["facts"]["paper"] for one in reasons if one["code"].endswith("paper_missing")]
    assert kept and all(one.keys() == {"list", "code", "zh"} for one in kept)
    client = signed_in("colleague")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = read_in
    shown = page(client, f"/cases/procurement.project/{project.pk}/")
    for one in kept:
        for language, said in (("zh-hans", "zh"), ("en", "en")):
            word = dict(law.options(one["list"], clock.now(), said))[one["code"]]
            assert (escape(word) in shown) == (language == read_in), word
