"""The API has no session and nobody logged in by cookie; pages speak what the request asks for."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory

from kernel.parties.models import User
from kernel.web import pages_only

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (pages_only.Sessions, "session"),
        (pages_only.LogIn, "user"),
        (pages_only.Messages, "_messages"),
    ],
)
def test_only_pages_have_it(kind, name):
    seen = []

    def view(request):
        seen.append(hasattr(request, name))
        return HttpResponse()

    middleware = kind(view)
    for path in ("/api/v1/lots/1/time", "/desk/"):
        request = RequestFactory().get(path)
        if kind is not pages_only.Sessions:
            pages_only.Sessions(lambda _request: HttpResponse()).process_request(request)
        middleware(request)
    assert seen == [False, True]


def test_a_cookie_opens_no_door_of_the_api(client, people):
    client.force_login(User.objects.get(person_id=people["clerk"].person_id))
    answer = client.get("/api/v1/lots/1/time")
    assert answer.status_code == 401
    assert settings.SESSION_COOKIE_NAME not in answer.cookies


@pytest.mark.parametrize(
    ("asked", "cookie", "spoken"),
    [("en", "", "en"), ("zh-CN,zh;q=0.9", "", "zh-hans"), ("en", "zh-hans", "zh-hans"),
     ("", "", "zh-hans"), ("xx", "", "zh-hans")],
)  # fmt: skip
def test_the_language_is_the_cookies_or_the_headers(client, asked, cookie, spoken):
    if cookie:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = cookie
    answer = client.get("/healthz", headers={"Accept-Language": asked})
    assert answer["Content-Language"] == spoken
    assert "Accept-Language" in answer["Vary"]
