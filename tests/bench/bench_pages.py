"""Case pages of a project that has lived from registration to completion: queries and CPU.

The project is played first, whole, by the same script as `./dev manage demo`, in this process and
against no server; that takes minutes and is not measured.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.bench import server as servers

Figure = tuple[str, float, str, str]
QUERIES, MILLISECONDS = "<= 30", "<= 25"
WARM, ROUNDS, SERIES = 30, 100, 3
# What opens and closes a transaction asks nothing.
_NO_QUERY = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")


def run() -> list[Figure]:
    """Queries and CPU of each page, the heaviest readers being the ones who ask."""
    from django.core.management import call_command
    from django.db import connections

    call_command("publish_rules", verbosity=0)
    call_command("demo_province", verbosity=0)
    pages = _lived()
    # Pages name their style sheets by the hashes that this makes.
    call_command("collectstatic", interactive=False, verbosity=0)
    client, cookie = _signed_in("owner1")
    found: list[Figure] = [
        (f"{name}: queries", _queries(client, path), "", QUERIES) for name, path in pages.items()
    ]
    connections.close_all()
    with servers.running() as server:
        for name, path in pages.items():
            found.append((f"{name}: CPU", _milliseconds(server, path, cookie), "ms", MILLISECONDS))
        found.append(("web worker", server.resident_mb(), "MB", "< 300"))
    return found


def _lived() -> dict[str, str]:
    """Play the project; its pages, by name."""
    from django.urls import reverse

    from procurement.demonstration import life, telling
    from procurement.demonstration.play import Play

    began = time.monotonic()
    p = Play(telling.people(), telling.pin())
    life.play(p)
    print(f"bench: played {len(p.steps)} steps in {time.monotonic() - began:.0f} s", flush=True)
    cases = {
        "project": ("procurement.project", "project"),
        "lot": ("procurement.tender", "lot"),
        "contract": ("procurement.contract", "contract_id"),
        "works": ("procurement.works", "works"),
    }
    pages = {
        f"case page of the {name}": reverse("web:case", args=[machine, p.store[key]])
        for name, (machine, key) in cases.items()
    }
    number = p.store["project_number"]
    return {"life of the project": reverse("procurement:project-life", args=[number]), **pages}


def _signed_in(name: str) -> tuple[Any, str]:
    """A client that has logged in, and the cookie by which the server knows it."""
    from django.conf import settings
    from django.test import Client

    from kernel.parties.models import User

    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username=name), settings.AUTHENTICATION_BACKENDS[0])
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    return client, f"{settings.SESSION_COOKIE_NAME}={cookie.value}"


def _queries(client: Any, path: str) -> int:
    """How often the page asks the database once everything that is kept has been kept."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ask(path, lambda: client.get(path))
    with CaptureQueriesContext(connection) as captured:
        ask(path, lambda: client.get(path))
    return sum(not query["sql"].startswith(_NO_QUERY) for query in captured.captured_queries)


def ask(path: str, get: Callable[[], Any]) -> None:
    """One request that must show the page itself."""
    answer = get()
    status = answer.status_code if hasattr(answer, "status_code") else answer[0]
    if status != 200:
        raise RuntimeError(f"{path}: {status}")


def _milliseconds(server: servers.Server, path: str, cookie: str) -> float:
    """CPU of the server for one page: the best of some series, since neighbours make it dearer."""
    headers = {"Cookie": cookie}
    for _ in range(WARM):
        ask(path, lambda: server.ask("GET", path, None, headers))
    best = float("inf")
    for _ in range(SERIES):
        before = server.cpu_seconds()
        for _ in range(ROUNDS):
            ask(path, lambda: server.ask("GET", path, None, headers))
        best = min(best, (server.cpu_seconds() - before) / ROUNDS)
    return best * 1000
