"""Pages of the account, of passwords and of second steps are ours: look, words, both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import allauth
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from kernel.access.actors import Actor
from kernel.parties.models import User
from tests.conftest import PASSWORD
from tests.translations import has_han

pytestmark = pytest.mark.django_db
OURS = Path(settings.BASE_DIR) / "kernel" / "templates"
THEIRS = Path(allauth.__file__).parent / "templates"
# What has no Chinese name: a standard, and this key.
NAMES = {"TOTP", "Blue"}
# What an account with a key and recovery codes can reach.
PAGES = (
    "password/change/", "reauthenticate/", "inactive/", "sessions/", "2fa/", "2fa/reauthenticate/",
    "2fa/recovery-codes/", "2fa/recovery-codes/generate/", "2fa/totp/activate/", "2fa/webauthn/",
    "2fa/webauthn/add/", "2fa/webauthn/reauthenticate/", "2fa/webauthn/keys/{key}/edit/",
    "2fa/webauthn/keys/{key}/remove/",
)  # fmt: skip


@pytest.fixture
def key(people: dict[str, Actor]) -> Authenticator:
    """A clerk's security key as a browser registers it, and recovery codes."""
    user = User.objects.get(person_id=people["clerk"].person_id)
    RecoveryCodes.activate(user)
    data = {"name": "Blue", "credential": _registered()}
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)


def _registered() -> dict[str, Any]:
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    held = AttestedCredentialData.create(Aaguid.NONE, b"key 1", public)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    seen = AuthenticatorData.create(bytes(32), flags, 1, held)
    client = CollectedClientData.create("webauthn.create", b"challenge", "https://example.cn")
    return {
        "id": websafe_encode(b"key 1"),
        "rawId": websafe_encode(b"key 1"),
        "type": "public-key",
        "clientExtensionResults": {},
        "response": {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(AttestationObject.create("none", seen, {})),
        },
    }


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_ours_and_speaks_one_language(
    client: Client, key: Authenticator, page: str, language: str
) -> None:
    client.cookies["django_language"] = language
    client.force_login(key.user, settings.AUTHENTICATION_BACKENDS[0])
    confirmed = {"password": PASSWORD, "next": "/accounts/2fa/"}
    assert client.post("/accounts/reauthenticate/", confirmed).status_code == 302
    answer = client.get("/accounts/" + page.format(key=key.pk))
    assert answer.status_code == 200
    assert Path(answer.templates[0].origin.name).is_relative_to(OURS), answer.templates[0].name
    assert answer.content.decode().count("<h1") == 1
    said = _words(answer.content.decode())
    assert has_han(said) == (language == "zh-hans"), said
    if language == "zh-hans":
        assert set(re.findall(r"[A-Za-z]{4,}", said)) <= NAMES


def test_a_keys_name_keeps_its_own_language(client: Client, key: Authenticator) -> None:
    key.data |= {"name": "办公室的蓝色密钥"}
    key.save()
    client.cookies["django_language"] = "en"
    client.force_login(key.user, settings.AUTHENTICATION_BACKENDS[0])
    confirmed = {"password": PASSWORD, "next": "/accounts/2fa/"}
    assert client.post("/accounts/reauthenticate/", confirmed).status_code == 302
    for page, times in (("", 3), (f"keys/{key.pk}/remove/", 1)):
        told = client.get(f"/accounts/2fa/webauthn/{page}").content.decode()
        assert told.count('<span lang="zh-Hans">办公室的蓝色密钥</span>') == times


def test_an_account_that_is_disabled_is_called_so(client: Client) -> None:
    client.cookies["django_language"] = "en"
    page = client.get("/accounts/inactive/").content.decode()
    assert "Account disabled" in page and "enabled again" in page


def test_what_the_library_says_of_what_was_done_is_ours() -> None:
    used = ("mfa", "account/messages/logged_", "account/messages/password_changed", "usersessions")
    for path in THEIRS.rglob("messages/*.txt"):
        name = str(path.relative_to(THEIRS))
        if name.startswith(used):
            assert (OURS / name).exists(), name


def _words(page: str) -> str:
    """What the page's own part says: no scripts, no attributes, no names of people."""
    main = page[page.index("<main") : page.index("</main>")]
    main = re.sub(
        r"<(script|textarea|noscript|svg)\b.*?</\1>|<code>.*?</code>", " ", main, flags=re.S
    )
    return re.sub(r"<[^>]+>", " ", main)
