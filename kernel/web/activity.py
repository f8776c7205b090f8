"""When a session was last used, to the minute: looking at a page need not write to the database."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse

from kernel import clock
from kernel.queries import Prepared
from kernel.web.middleware import API_PREFIX, GetResponse

# How old what the list of sessions says may be; our own default.
PRECISION = timedelta(minutes=1)

_known = Prepared(
    lambda slots: (
        UserSession.objects.order_by()
        .filter(session_key=slots.text(0))
        .values_list("user_id", "ip", "user_agent", "last_seen_at")
    )
)


class SessionActivityMiddleware:
    """Keeps the list of somebody's sessions.

    allauth's own writes at every request, which makes readers wait for whoever holds the
    database's lock. A new session, and one that comes from elsewhere, is still noted at once.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Note where the request comes from, and go on."""
        if request.path.startswith(API_PREFIX):
            return self.get_response(request)
        if request.session.session_key and request.user.is_authenticated and _is_news(request):
            UserSession.objects.create_from_request(request)
        return self.get_response(request)


def _is_news(request: HttpRequest) -> bool:
    rows = _known.rows(str(request.session.session_key))
    if not rows:
        return True
    user, ip, agent, seen = rows[0]
    length = UserSession._meta.get_field("user_agent").max_length
    said = request.META.get("HTTP_USER_AGENT", "")[:length]
    if (user, ip, agent) != (request.user.pk, get_adapter().get_client_ip(request), said):
        return True
    # A clock that was set back makes no session seen for ever.
    return not timedelta() <= clock.technical_now() - seen < PRECISION
