"""How often somebody may be wrong at the door: no stranger keeps a named person out.

Counted by address and name together, so that wrong passwords from one place close the name only
there. A looser limit by name alone slows whoever guesses from many places; a browser that somebody
of this name has been let in with (a signed cookie) passes it, and the address's: it has a count of
its own.
"""

from __future__ import annotations

import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

COOKIE = "device"
_SALT = "kernel.web.log_in"
_DAYS = 180
# Names that one browser is known for: a counter's machine has several people.
_MOST_NAMES = 8
# Sessions of one person at a time; our own default.
MOST_SESSIONS = 20
_APP = "allauth.account"
# Wrong passwords: of one address, of one name from one address or known browser, of one name.
_HERE = {"login_failed": "10/m/ip,5/300s/key"}
_KNOWN = {"login_failed_known": "5/300s/key"}
_NAME = {"login_failed_name": "50/h/key"}
_WAYS = {
    "reauthenticate": _("输入密码"),
    "mfa_reauthenticate": _("输入手机数字或恢复代码"),
    "mfa_reauthenticate:webauthn": _("使用安全密钥"),
}


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """The library's account adapter with these limits."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse who was wrong too often; what is counted here a right password takes back."""
        name = self._get_login_attempts_cache_key(request, **credentials)
        device, known = _device(request)
        if _name_of(credentials) in known:
            asked = [(_KNOWN, f"{device} {name}")]
        else:
            asked = [(_HERE, f"{ratelimit.get_ip(request)} {name}"), (_NAME, name)]
        self._login_failed_rl_usage = ratelimit.RateLimitUsage(usage=[])
        for config, key in asked:
            (action,) = config
            used = ratelimit.consume(request, app=_APP, action=action, config=config, key=key)
            if not used:
                raise self.validation_error("too_many_login_attempts")
            self._login_failed_rl_usage.usage += used.usage

    def post_login(self, request: HttpRequest, user: Any, **more: Any) -> HttpResponse:
        """Whoever is in leaves this browser known for its name."""
        answer: HttpResponse = super().post_login(request, user, **more)
        _end_oldest(user)
        device, known = _device(request)
        own = user.get_username().lower()
        names = [own, *(name for name in known if name != own)][:_MOST_NAMES]
        answer.set_cookie(
            COOKIE,
            signing.dumps([device, names], salt=_SALT),
            max_age=_DAYS * 24 * 3600,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return answer

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """How else somebody may confirm who they are, in the words of our pages."""
        found: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [{**one, "description": _WAYS.get(one["id"], one["description"])} for one in found]


def _end_oldest(user: Any) -> None:
    """Nobody has more sessions than this: each is two rows, kept until it is ended.

    Those not used for longest end first, so that this one and who is at work now stay.
    """
    rows = UserSession.objects.filter(user=user).order_by("-last_seen_at", "-pk")
    for row in rows[MOST_SESSIONS:]:
        row.end()


def _name_of(credentials: dict[str, Any]) -> str:
    return str(credentials.get("username", "")).lower()


def _device(request: HttpRequest) -> tuple[str, list[str]]:
    """A browser's own number, and the names that were let in with it."""
    try:
        device, names = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_DAYS * 24 * 3600
        )
        return str(device), [str(name) for name in names]
    except (signing.BadSignature, TypeError, ValueError):
        return secrets.token_urlsafe(12), []
