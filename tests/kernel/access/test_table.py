"""Every URL stands in the one table, and the table is what the door obeys."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from kernel import clock
from kernel.access.table import TABLE
from kernel.evidence import formats, keys, storage
from kernel.evidence import services as evidence
from kernel.evidence.models import TreeHead
from kernel.parties.models import User
from kernel.regulation.services import publish
from tests.procurement.projects.samples import registered, submitted

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def patterns(resolver=None, namespace=(), arguments=()):
    """(name with namespace, names of its arguments) of every URL there is."""
    for item in (resolver or get_resolver()).url_patterns:
        wanted = (*arguments, *item.pattern.converters)
        if isinstance(item, URLResolver):
            inner = (*namespace, item.namespace) if item.namespace else namespace
            yield from patterns(item, inner, wanted)
        elif isinstance(item, URLPattern):
            yield ":".join([*namespace, item.name or "?"]), wanted


NAMES = sorted({name for name, _ in patterns()})


def test_every_url_has_a_name_and_a_row_in_the_table():
    missing = [name for name in NAMES if TABLE.page(name) is None]
    assert missing == []


def test_the_table_has_no_row_for_a_url_that_is_not_there():
    assert sorted(set(TABLE.pages) - set(NAMES)) == []


ARGUMENTS = {
    "machine": "procurement.project",
    "transition": "submit",
    "field": "manager_phone",
    "code": "0000-0000-0000",
    "number": "2301020000000000",
    "sha256": "0" * 64,
    "pending": "00000000-0000-4000-8000-000000000000",
    "key": "x",
    "case_id": 1,
    "index": 0,
    "pk": 1,
}


def address(name, wanted):
    return reverse(name, kwargs={key: ARGUMENTS.get(key, 1) for key in wanted})


@pytest.fixture
def _covered():
    """Law published, and a head that covers what was logged, as on a running system."""

    def sign():
        publish(clock.now())
        tree = storage.frontier()
        signer = keys.signer()
        at, key_id = clock.now(), formats.key_id(signer.spki)
        signed = formats.head_bytes(size=tree.size, root=tree.root(), at=at, log=key_id)
        TreeHead.objects.create(
            size=tree.size,
            root=tree.root(),
            at=at,
            signature=signer.sign(signed),
            key_id=key_id,
            spki=signer.spki,
        )

    return sign


@pytest.mark.django_db
def test_nobody_enters_unsigned_where_the_table_wants_a_log_in(people, _covered):
    submitted(people["clerk"])
    _covered()
    client = Client()
    for name, wanted in patterns():
        if name.startswith("api:"):
            continue
        audience = TABLE.page(name)
        response = client.get(address(name, wanted))
        if audience.public:
            assert "?next=" not in response.get("Location", ""), name
        else:
            assert response.status_code == 302, name
            assert response.url.startswith("/accounts/login/"), name


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["clerk", "officer", "auditor", "operator"])
def test_a_role_enters_what_the_table_opens_to_it_and_nothing_else(people, who, _covered):
    registered(people["clerk"], people["officer"])
    _covered()
    client = Client()
    client.force_login(User.objects.get(username=who), BACKEND)
    for name, wanted in patterns():
        if name.startswith(("api:", "account_logout", "set_language")):
            continue
        audience = TABLE.page(name)
        response = client.get(address(name, wanted))
        if audience.roles and people[who].role not in audience.roles:
            assert response.status_code == 403, name
        else:
            assert response.status_code < 500, name


@pytest.mark.django_db
def test_the_sandbox_pages_do_not_exist_in_production(people, signed_in, settings):
    settings.SANDBOX = False
    assert signed_in("operator").get("/sandbox/clock/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("clerk", 200),
        ("colleague", 200),
        ("officer", 200),
        ("auditor", 200),
        ("stranger", 403),
        ("elsewhere", 403),
        ("operator", 403),
    ],
)
def test_a_case_is_read_by_its_owner_and_its_authorities_only(people, signed_in, who, status):
    project = submitted(people["clerk"])
    url = f"/cases/procurement.project/{project.pk}/"
    assert signed_in(who).get(url).status_code == status


@pytest.mark.django_db
def test_a_draft_is_no_public_thing_but_its_log_entry_is_provable(people, client):
    project = submitted(people["clerk"])
    assert project.name not in client.get("/projects/").content.decode()
    assert client.get(f"/cases/procurement.project/{project.pk}/public/").status_code == 404
    evidence.sign_head(clock.now(), keys.signer())
    answer = client.get("/log/0/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "submit" not in page and people["clerk"].uscc not in page


@pytest.mark.django_db(transaction=False)
def test_a_switch_of_role_takes_only_memberships_of_ones_own(people, signed_in):
    from kernel.parties.models import Membership

    client = signed_in("clerk")
    foreign = Membership.objects.get(person_id=people["officer"].person_id)
    response = client.post("/account/act-for/", {"membership": foreign.pk})
    assert response.status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("referer", "page"),
    [
        ("http://testserver/cases/procurement.project/1/", "/cases/procurement.project/1/"),
        ("http://evil.example/cases/", "/desk/"),
        ("", "/desk/"),
    ],
)
def test_after_a_log_in_one_is_back_on_the_page_of_the_form(client, referer, page):
    response = client.post("/account/act-for/", {"membership": 1}, headers={"Referer": referer})
    assert response.url == "/accounts/login/?" + urlencode({"next": page}, safe="/")
