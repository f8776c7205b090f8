"""Who takes part is written by one tool, checked against law and table, and logged."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation

from kernel import clock
from kernel.access.actors import confirm, from_membership
from kernel.api import tokens
from kernel.documents import trust
from kernel.errors import NotPermitted, Refusal, Refused, catalogue
from kernel.evidence.models import LogEntry
from kernel.identifiers import resident_id, uscc
from kernel.parties.models import ApiToken, Certificate, Membership, Organisation, Person, User
from kernel.workflow import administration_messages
from tests.kernel.documents import pki

pytestmark = pytest.mark.django_db
CODE = uscc.demonstration("230102", 7)
NUMBER = resident_id.generate("230102", date(1990, 2, 3), 15)


def people(*words: Any, **more: Any) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("people", *map(str, words), stdout=out, stderr=out, **more)
    return out.getvalue()


def refused(*words: Any) -> str:
    """The words of its refusal; nothing may have been written or logged."""
    before = (LogEntry.objects.count(), Membership.objects.count(), Person.objects.count())
    with pytest.raises(CommandError) as raised:
        people(*words)
    assert before == (LogEntry.objects.count(), Membership.objects.count(), Person.objects.count())
    return str(raised.value)


def code_of(*words: Any) -> str:
    """The code of its one refusal, without the family."""
    with pytest.raises(CommandError) as raised:
        people(*words)
    assert isinstance(raised.value.__cause__, Refused)
    (reason,) = raised.value.__cause__.refusals
    return reason.code.removeprefix("administration.")


def logged() -> tuple[str, dict[str, Any]]:
    """The newest entry of the log."""
    entry = LogEntry.objects.latest("pk")
    assert not entry.public
    return entry.kind, json.loads(entry.body)


@pytest.fixture
def firm() -> Organisation:
    people("add-organisation", CODE, "示例建设有限公司", "--region", "230102")
    return Organisation.objects.get(uscc=CODE)


@pytest.fixture
def person() -> Person:
    people("add-person", "张三", "--resident-id", NUMBER, "--phone", "13800001234")
    return Person.objects.get(resident_id=NUMBER)


@pytest.fixture
def membership(firm: Organisation, person: Person) -> Membership:
    words = ("--person", person.pk, "--organisation", firm.pk, "--role", "owner_clerk")
    people("add-membership", *words, "--from", "2026-01-01")
    return Membership.objects.get()


def test_an_organisation_is_registered_and_logged_with_who_and_why() -> None:
    said = people(
        "add-organisation", CODE, "示例", "--region", "230102", "--reason", "函〔2026〕1号"
    )
    assert "示例" in said
    kind, body = logged()
    assert (kind, body["uscc"], body["reason"]) == (
        "administration.organisation_added",
        CODE,
        "函〔2026〕1号",
    )
    assert body["by"]


@pytest.mark.parametrize(
    ("code", "region", "authority", "words"),
    [
        ("123", "230102", "", "18"),
        (CODE[:-1] + ("0" if CODE[-1] != "0" else "1"), "230102", "", None),
        (CODE, "999999", "", "999999"),
        (CODE, "230102", "province", "province"),
        (CODE, "230000", "city", "city"),
    ],
)
def test_codes_regions_and_levels_are_checked(
    code: str, region: str, authority: str, words: str | None
) -> None:
    asked = ("add-organisation", code, "示例", "--region", region, "--authority", authority)
    if words is None:  # one check holds of two: registered, with a warning to ask the register
        assert "校验码" in people(*asked)
        return
    assert words in refused(*asked)


def test_a_level_that_is_not_the_regions_is_refused_by_its_code() -> None:
    asked = ("add-organisation", CODE, "示例", "--region", "230102", "--authority", "province")
    assert code_of(*asked) == "organisation.level"


def test_an_organisation_stands_once(firm: Organisation) -> None:
    assert str(firm.pk) in refused("add-organisation", CODE, "别名", "--region", "230102")
    assert "名称" in refused(
        "add-organisation", uscc.demonstration("230102", 8), "  ", "--region", "230102"
    )


def test_a_person_stands_once_and_their_number_in_no_log(person: Person) -> None:
    kind, body = logged()
    assert (kind, body["person"], body["identified"]) == (
        "administration.person_added",
        person.pk,
        True,
    )
    assert NUMBER not in json.dumps(body) and "张三" not in json.dumps(body)
    said = refused("add-person", "李四", "--resident-id", NUMBER)
    assert str(person.pk) in said and NUMBER not in said
    assert "校验码" in refused("add-person", "李四", "--resident-id", "230102199002030000")
    assert "电话" in refused("add-person", "李四", "--phone", "call me")
    assert code_of("add-person", "李四", "--phone", "call me") == "person.phone"
    people("add-person", "李四")
    people("add-person", "李四")  # two people may share a name


def test_a_temporary_password_opens_nothing_but_its_own_change(
    person: Person, client: Client
) -> None:
    password = people("add-account", "zhang.san", "--person", person.pk).split()[-1]
    assert password not in json.dumps(logged()[1])
    client.post("/accounts/login/", {"login": "zhang.san", "password": password})
    change = "/accounts/password/change/"
    for page in ("/desk/", "/accounts/2fa/", "/accounts/sessions/"):
        assert client.get(page).headers["Location"] == change
    assert client.get(change).status_code == 200

    def change_to(new: str) -> None:
        client.post(change, {"oldpassword": password, "password1": new, "password2": new})

    change_to(password)  # the administrator's own word is no change
    assert client.get("/desk/").status_code == 302
    change_to("a phrase of one's own")
    client.post("/accounts/login/", {"login": "zhang.san", "password": "a phrase of one's own"})
    assert client.get("/desk/").status_code == 200


def test_an_account_has_one_person_and_a_name_of_its_own(person: Person) -> None:
    people("add-account", "zhang.san", "--person", person.pk)
    assert "zhang.san" in refused("add-account", "other", "--person", person.pk)
    people("add-person", "李四")
    other = Person.objects.get(name="李四")
    for name in ("ZHANG.SAN", "with space", "x" * 200, ""):
        assert "用户名" in refused("add-account", name, "--person", other.pk)
        assert code_of("add-account", name, "--person", other.pk) == "account.username"
    assert "999" in refused("add-account", "li.si", "--person", 999)
    assert User.objects.count() == 1


def test_whoever_lost_phone_and_codes_gets_in_again_after_coming_in_person(
    person: Person, client: Client
) -> None:
    password = people("add-account", "zhang.san", "--person", person.pk).split()[-1]
    user = User.objects.get(username="zhang.san")
    totp.TOTP.activate(user, totp.generate_totp_secret())
    wanted = {"login": "zhang.san", "password": password}
    asked = client.post("/accounts/login/", wanted)
    assert asked.headers["Location"].startswith("/accounts/2fa/authenticate/")
    said = people("reset-second-factor", "zhang.san", "--reason", "身份证当面核验")
    assert "zhang.san" in said
    assert logged()[0] == "administration.factors_reset"
    assert logged()[1] | {"account": user.pk, "reason": "身份证当面核验"} == logged()[1]
    entered = Client().post("/accounts/login/", wanted)
    assert not entered.headers["Location"].startswith("/accounts/2fa/")
    assert "li.si" in refused("reset-second-factor", "li.si")
    assert code_of("reset-second-factor", "li.si") == "account.unknown"


def test_a_membership_acts_from_its_day_to_its_last(membership: Membership) -> None:
    assert logged()[0] == "administration.membership_added"
    actor = from_membership(membership)
    confirm(actor, date(2026, 6, 1))
    today = clock.today()
    people("end-membership", membership.pk, "--last", today - timedelta(days=1))
    assert logged()[1]["to"] == (today - timedelta(days=1)).isoformat()
    with pytest.raises(NotPermitted):
        confirm(actor, today)
    assert "终止" in refused("end-membership", membership.pk)


def test_no_membership_is_ended_in_the_past(membership: Membership) -> None:
    early = clock.today() - timedelta(days=2)
    assert early.isoformat() in refused("end-membership", membership.pk, "--last", early)
    assert code_of("end-membership", membership.pk, "--last", early) == "membership.past"
    before = ("end-membership", membership.pk, "--last", "2025-01-01")
    assert "2025" in refused(*before)
    assert code_of(*before) == "membership.period"
    assert "999" in refused("end-membership", 999)


def test_roles_stand_in_the_access_table_and_an_authoritys_are_its_own(
    membership: Membership,
) -> None:
    who = ("--person", membership.person_id, "--organisation", membership.organisation_id)
    day = ("--from", "2026-01-01")
    assert "owner_clerk" in refused("add-membership", *who, "--role", "emperor", *day)
    assert code_of("add-membership", *who, "--role", "emperor", *day) == "membership.role"
    officer = ("add-membership", *who, "--role", "registration_officer", *day)
    assert "主管部门" in refused(*officer)
    assert code_of(*officer) == "membership.not_an_authority"
    code = uscc.generate("230100", "00000009", "1", "1")
    people("add-organisation", code, "示例局", "--region", "230100", "--authority", "city")
    bureau = Organisation.objects.get(uscc=code)
    who = ("--person", membership.person_id, "--organisation", bureau.pk)
    people("add-membership", *who, "--role", "registration_officer", *day)


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        ("2025-01-01", "2025-12-31", ""),
        ("2025-01-01", "2026-01-01", "membership.overlaps"),
        ("2026-05-01", None, "membership.overlaps"),
        ("2025-06-01", "2025-05-31", "membership.period"),
    ],
)
def test_the_same_membership_does_not_overlap(
    membership: Membership, first: str, last: str | None, code: str
) -> None:
    who = ("--person", membership.person_id, "--organisation", membership.organisation_id)
    until = ("--to", last) if last else ()
    asked = ("add-membership", *who, "--role", "owner_clerk", "--from", first, *until)
    if not code:
        people(*asked)
    else:
        refused(*asked)
        assert code_of(*asked) == code


def test_a_token_acts_until_it_is_revoked(membership: Membership) -> None:
    words = ("issue-token", "--membership", membership.pk, "--name", "同步", "--days", 30)
    secret = people(*words).split()[-1]
    assert secret.startswith("zx_") and secret not in json.dumps(logged()[1])
    actor = tokens.actor_of(secret)
    assert actor is not None and actor.uscc == CODE
    token = ApiToken.objects.get()
    assert "同步" in people("revoke-token", token.pk)
    assert (tokens.actor_of(secret), logged()[0]) == (None, "administration.token_revoked")
    assert "撤销" in refused("revoke-token", token.pk)
    assert code_of("revoke-token", token.pk) == "token.revoked"
    for days in (0, 367):
        assert "366" in refused(*words[:-1], days)
        assert code_of(*words[:-1], days) == "token.days"


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch) -> pki.Authority:
    made = pki.Authority()
    found = trust.Trust((made.pem,), (), (made.crl(),))
    monkeypatch.setattr(trust, "_source", lambda: found)
    monkeypatch.setattr(clock, "now", lambda: pki.NOW)
    return made


def _file(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "certificate.pem"
    path.write_bytes(data)
    return path


def _certificate(tmp_path: Path, holder: pki.Holder, membership: Membership) -> tuple[Any, ...]:
    file = _file(tmp_path, holder.certificate)
    who = ("--organisation", membership.organisation_id, "--person", membership.person_id)
    return ("add-certificate", file, *who)


def test_a_certificate_of_the_person_and_the_organisation_is_registered(
    membership: Membership, root: pki.Authority, tmp_path: Path, settings: Any
) -> None:
    settings.SANDBOX = False
    holder = root.issue("张三", organisation="示例建设有限公司", uscc=CODE)
    people(*_certificate(tmp_path, holder, membership))
    made = Certificate.objects.get()
    kind, body = logged()
    assert (kind, body["fingerprint"]) == ("administration.certificate_added", made.fingerprint)
    assert str(made.pk) in refused(*_certificate(tmp_path, holder, membership))


def test_a_certificate_of_another_name_issuer_or_purpose_is_refused(
    membership: Membership, root: pki.Authority, tmp_path: Path
) -> None:
    firm = "示例建设有限公司"
    other = pki.Authority("别的根")
    for holder, words, code in (
        (root.issue("李四", organisation=firm, uscc=CODE), "李四", "certificate.other_person"),
        (root.issue("张三", organisation=firm, uscc=pki.USCC), pki.USCC,
         "certificate.other_organisation"),
        (root.issue(firm, organisation=firm, uscc=CODE), "张三", "certificate.other_person"),
        (other.issue("张三", organisation=firm, uscc=CODE), "", "sealing.certificate.untrusted"),
        (root.issue("张三", organisation=firm, uscc=CODE, lasts=timedelta(days=1)), "",
         "sealing.certificate.expired"),
    ):  # fmt: skip
        assert words in refused(*_certificate(tmp_path, holder, membership))
        assert code_of(*_certificate(tmp_path, holder, membership)) == code
    authority = _file(tmp_path, root.pem)
    refused("add-certificate", authority, "--organisation", membership.organisation_id)
    key = _file(tmp_path, b"-----BEGIN PRIVATE" + b" KEY-----\n")
    said = refused("add-certificate", key, "--organisation", membership.organisation_id)
    assert "私钥" in said
    key_file = ("add-certificate", key, "--organisation", membership.organisation_id)
    assert code_of(*key_file) == "certificate.unreadable"
    refused("add-certificate", tmp_path / "none", "--organisation", membership.organisation_id)
    assert not Certificate.objects.exists()


def test_a_revoked_certificate_and_one_of_no_member_are_refused(
    membership: Membership,
    root: pki.Authority,
    tmp_path: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.SANDBOX = False
    holder = root.issue("张三", organisation="示例建设有限公司", uscc=CODE)
    asked = _certificate(tmp_path, holder, membership)
    for lists, words in (((root.crl(holder),), "吊销"), ((), "吊销列表")):
        found = trust.Trust((root.pem,), (), lists)
        monkeypatch.setattr(trust, "_source", lambda found=found: found)
        assert words in refused(*asked)
    settings.SANDBOX = True
    Membership.objects.update(valid_to=date(2026, 1, 2))
    assert "任职" in refused(*asked)
    assert code_of(*asked) == "certificate.not_a_member"


def test_the_list_names_rows_by_number_and_masks_identity_numbers(membership: Membership) -> None:
    said = people("list")
    assert CODE in said and "owner_clerk" in said
    assert NUMBER not in said and NUMBER[:6] in said
    assert people("list", "tokens").split() == ["tokens"]


def test_every_refusal_of_an_administrator_has_words() -> None:
    room = Path(administration_messages.__file__).parent
    source = "".join(path.read_text("utf-8") for path in room.glob("administration*.py"))
    used = set(re.findall(r'"(administration(?:\.[a-z_]+){2})"', source))
    assert used == administration_messages.WORDINGS.keys()
    with translation.override("zh-hans"):
        assert "2" in catalogue.message(Refusal("administration.person.exists", {"id": 2}))
