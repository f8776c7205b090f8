"""Create, read and list cases by API: per CPU-second of the server, at 1,000 and 100,000 cases."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.bench import server as servers

Figure = tuple[str, float, str, str]
SMALL, LARGE = 1_000, 100_000
ROUNDS = {"create": 400, "read": 4000, "list": 800}
BARS = {"create": ">= 105", "read": ">= 550", "list": ">= 150"}


def run() -> list[Figure]:
    """Figures at both sizes, their ratio, and the worker's memory."""
    from django.core.management import call_command
    from django.db import connections

    call_command("publish_rules", verbosity=0)
    actors, token, numbers = _province()
    _grow(SMALL)
    found: list[Figure] = []
    first: dict[str, float] = {}
    connections.close_all()
    for size in (SMALL, LARGE):
        _grow(size)
        connections.close_all()
        with servers.running() as server:
            for name, ask in _requests(server, token, numbers).items():
                rate = _rate(server, ask, ROUNDS[name])
                found.append((f"{name} at {size:,} cases", rate, "1/CPU-s", BARS[name]))
                if size == SMALL:
                    first[name] = rate
                else:
                    change = (first[name] / rate - 1) * 100
                    found.append((f"{name}: dearer at {LARGE:,}", change, "%", "<= 10"))
            found.append((f"web worker at {size:,} cases", server.resident_mb(), "MB", "< 300"))
    assert actors
    return found


def _rate(server: servers.Server, ask: Callable[[], None], rounds: int) -> float:
    """Best of three series: a neighbour on the machine makes CPU time dearer, never cheaper."""
    for _ in range(rounds // 5):
        ask()
    best = 0.0
    for _ in range(3):
        before = server.cpu_seconds()
        for _ in range(rounds):
            ask()
        best = max(best, rounds / (server.cpu_seconds() - before))
    return best


def _requests(
    server: servers.Server, token: str, numbers: list[str]
) -> dict[str, Callable[[], None]]:
    from tests.procurement.projects.samples import whole

    turn = itertools.cycle(numbers)

    def ask(wanted: int, method: str, path: str, body: Any = None, **headers: str) -> None:
        status, text = server.ask(method, path, body, headers)
        if status != wanted:
            raise RuntimeError(f"{method} {path}: {status} {text[:500]!r}")

    def create() -> None:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid.uuid4().hex}
        ask(201, "POST", "/api/v1/registrations", whole(), **headers)

    return {
        "create": create,
        "read": lambda: ask(200, "GET", f"/api/v1/projects/{next(turn)}"),
        "list": lambda: ask(200, "GET", "/api/v1/projects?limit=100"),
    }


def _province() -> tuple[dict[str, Any], str, list[str]]:
    """People, a token, and some projects registered by real acts."""
    from kernel import clock
    from kernel.api import tokens
    from kernel.parties.models import Membership
    from tests.conftest import province
    from tests.procurement.projects.samples import registered

    actors = province()
    clerk = actors["clerk"]
    membership = Membership.objects.get(person_id=clerk.person_id, role=clerk.role)
    expires = clock.technical_now() + timedelta(days=1)
    _, secret = tokens.issue(membership, name="bench", expires_at=expires)
    numbers = [registered(clerk, actors["officer"]).number for _ in range(20)]
    return actors, secret, numbers


def _grow(size: int) -> None:
    """Copy registered projects, their acts, events and log entries until there are ``size``.

    Straight into the tables: what is measured is how the size is felt, not how it came about.
    """
    from django.db import connection, transaction

    from kernel import clock
    from kernel.evidence import services
    from kernel.workflow.models import Act
    from procurement.projects.models import Project

    have = Project.objects.count()
    template = Project.objects.filter(state="registered").order_by("pk").first()
    assert template is not None
    columns = [f.column for f in Project._meta.concrete_fields if f.column != "id"]
    missing = size - have
    if missing <= 0:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        chosen = ", ".join(
            {
                "number": "substr(number, 1, 6) || lpad((900000 + n)::text, 10, '0')",
                "project_code": "'2512-230102-04-01-' || lpad(n::text, 6, '0')",
                "registered_at": "registered_at - n * interval '1 minute'",
            }.get(c, c)
            for c in columns
        )
        cursor.execute(
            f"INSERT INTO {Project._meta.db_table} ({', '.join(columns)}) SELECT {chosen} "
            f"FROM {Project._meta.db_table}, generate_series(%s, %s) AS n WHERE id = %s",
            [have + 1, size, template.pk],
        )
        act = Act.objects.filter(case_pk=template.pk).order_by("pk").last()
        assert act is not None
        names = [f.column for f in Act._meta.concrete_fields if f.column != "id"]
        picked = ", ".join(
            {"case_pk": "p.id", "scope": "p.id::text", "key": "'grow-' || p.id"}.get(c, f"a.{c}")
            for c in names
        )
        cursor.execute(
            f"INSERT INTO {Act._meta.db_table} ({', '.join(names)}) SELECT {picked} "
            f"FROM {Act._meta.db_table} a, {Project._meta.db_table} p "
            "WHERE a.id = %s AND p.id > %s AND NOT EXISTS "
            f"(SELECT 1 FROM {Act._meta.db_table} b WHERE b.case_pk = p.id)",
            [act.pk, template.pk],
        )
    entry = services.NewEntry("workflow.act", template.case_ref, clock.now(), {"n": 0}, False)
    with transaction.atomic():
        for start in range(0, missing, 20_000):
            services.append_many([entry] * min(20_000, missing - start))
    with connection.cursor() as cursor:
        # What the database would otherwise tidy up beside us, while we measure.
        cursor.execute("VACUUM (ANALYZE, FREEZE)")
        cursor.execute("CHECKPOINT")
