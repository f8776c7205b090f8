"""Scores of a province: 100,000 enterprises of fifty facts, from PostgreSQL, to the last bit."""

from __future__ import annotations

import random
import resource
import time
from datetime import date, datetime, timedelta
from typing import Any

Figure = tuple[str, float, str, str]
FIRMS, FACTS = 100_000, 50
DAY = date(2026, 3, 2)
_BLOCK = 200_000
_ASKED, _WARM = 2_200, 200
_REPLAYS, _DAYS, _BACK = 10_000, 20, 365


def run() -> list[Figure]:
    """Load, one day's scores, a quarter's, one enterprise alone, and certificates replayed."""
    from django.core.management import call_command

    from credit.scoring import bulk, population, selectors
    from kernel import clock

    call_command("publish_rules", verbosity=0)
    now = datetime(2026, 3, 2, 9, tzinfo=clock.LEGAL_ZONE)
    scheme = selectors.scheme(now)
    _fill(sorted(scheme.items), now)
    found: list[Figure] = []

    began = time.perf_counter()
    ledger = population.load()
    loaded = time.perf_counter() - began
    weights = bulk.Weights(scheme, ledger.items)
    took = min(_timed(bulk.score, ledger, weights, DAY, now) for _ in range(3))
    whole = loaded + took
    found.append(("facts", len(ledger) / 1e6, "million", ""))
    found.append(("scores of 100,000 x 50, worst case: compute", took, "s", "<= 0.4"))
    found.append(("scores of 100,000 x 50, end to end", whole, "s", "<= 10"))
    began = time.perf_counter()
    for back in range(92):
        bulk.score(ledger, weights, DAY - timedelta(days=back), now)
    found.append(("92 daily scores of all", time.perf_counter() - began, "s", "<= 30"))
    chance = random.Random(1)
    found += _by_rows(ledger, weights, now, chance)
    found += _replayed(ledger.holders, now, chance)
    found += _by_api(ledger.holders, chance)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    found.append(("peak memory", peak, "MB", "<= 1000"))
    return found


def _by_rows(ledger: Any, weights: Any, now: datetime, chance: random.Random) -> list[Figure]:
    """Columns against rows, bit for bit, each day as known at an instant of its own."""
    from credit.scoring import bulk, selectors

    times, wrong = [], 0
    for _ in range(_DAYS):
        day = DAY - timedelta(days=chance.randrange(_BACK))
        known = now - timedelta(minutes=chance.randrange(_BACK * 1440))
        totals = bulk.score(ledger, weights, day, known)
        for place in chance.sample(range(FIRMS), _REPLAYS // _DAYS):
            began = time.perf_counter()
            one = selectors.score(ledger.holders[place], day, known)
            times.append(time.perf_counter() - began)
            wrong += one.millionths != int(totals.millionths[place])
    times.sort()
    return [
        ("10,000 scores from columns and from rows: differences", wrong, "", "<= 0"),
        ("one score from its rows, p99", times[len(times) * 99 // 100] * 1000, "ms", "<= 5"),
    ]


def _replayed(holders: Any, now: datetime, chance: random.Random) -> list[Figure]:
    """Certificates of random enterprises at random instants, then each by its number."""
    from credit.scoring import services
    from kernel.errors import Refused

    numbers = []
    began = time.perf_counter()
    for each in range(_REPLAYS):
        at = now - timedelta(seconds=chance.randrange(_BACK * 86_400))
        uscc = holders[chance.randrange(FIRMS)]
        numbers.append(services.certificate(uscc, at=at, purpose=f"bench:{each}").number)
    issued = time.perf_counter() - began
    began, wrong = time.perf_counter(), 0
    for number in numbers:
        try:
            services.replay(number)
        except Refused:
            wrong += 1
    took = time.perf_counter() - began
    return [
        ("one certificate issued, mean", issued / _REPLAYS * 1000, "ms", ""),
        ("10,000 random certificates replayed: differences", wrong, "", "<= 0"),
        ("one certificate replayed, mean", took / _REPLAYS * 1000, "ms", ""),
    ]


def _by_api(holders: Any, chance: random.Random) -> list[Figure]:
    """One explained score over HTTP, each of another enterprise, one request after the other.

    Outside a sandbox: no row of its clock is asked for.
    """
    from django.db import connections

    from kernel import clock
    from kernel.api import tokens
    from kernel.parties.models import Membership
    from tests.bench import server as servers
    from tests.conftest import member

    officer = member("officer", "credit_officer", serial=3, region="230100", authority="city")
    membership = Membership.objects.get(person_id=officer.person_id)
    expires = clock.technical_now() + timedelta(days=1)
    _, secret = tokens.issue(membership, name="bench", expires_at=expires)
    head = {"Authorization": f"Bearer {secret}"}
    connections.close_all()
    times: list[float] = []
    with servers.running({"ZHUXIN_SANDBOX": "0"}) as server:
        for place in chance.sample(range(FIRMS), _ASKED):
            path = f"/api/v1/credit/scores/{holders[place]}?valid_on={DAY}&known_on={DAY}"
            began = time.perf_counter()
            status, answer = server.ask("GET", path, headers=head)
            times.append(time.perf_counter() - began)
            if status != 200:
                raise RuntimeError(f"{status} {answer[:500]!r}")
    warm = sorted(times[_WARM:])
    return [
        ("one score by API, p99", warm[len(warm) * 99 // 100] * 1000, "ms", "<= 5"),
        ("one score by API, median", warm[len(warm) // 2] * 1000, "ms", ""),
    ]


def _timed(what: Any, *arguments: Any) -> float:
    began = time.perf_counter()
    what(*arguments)
    return time.perf_counter() - began


def _fill(items: list[str], now: datetime) -> None:
    """Facts of the last year, so that nearly all weigh; one in a hundred is taken back.

    Five of an enterprise's fifty are one fact told five times.
    """
    from django.db import connection

    from credit.scoring.models import PointEntry

    table = PointEntry._meta.db_table
    with connection.cursor() as cursor:
        for start in range(0, FIRMS * FACTS, _BLOCK):
            cursor.execute(
                f"""INSERT INTO {table} (uscc, item, "group", effective_on, recorded_at, cause,
                    record_id, article, document_number, points, days, section, price_fen)
                SELECT 'BENCH' || lpad((n %% {FIRMS})::text, 13, '0'),
                    (%s::text[])[1 + (n * 7919) %% %s],
                    CASE WHEN (n / {FIRMS}) %% 10 = 0 THEN 'same' ELSE 'F' || n END,
                    %s::date - (1 + (n * 104729) %% 350)::int,
                    %s::timestamptz - ((n * 104729) %% 350) * interval '1 day', 'bench:' || n, n,
                    '', '', 0, 0, '', 0 FROM generate_series(%s::bigint, %s::bigint) n""",
                [items, len(items), DAY, now, start, start + _BLOCK - 1],
            )
        cursor.execute(
            f"""INSERT INTO {table} (uscc, item, "group", effective_on, recorded_at, cause,
                record_id, article, document_number, points, days, section, price_fen, revokes_id)
            SELECT uscc, item, "group", effective_on, %s, cause || ':gone', record_id, '', '',
                0, 0, '', 0, id
            FROM {table} WHERE id %% 100 = 0""",
            [now - timedelta(days=1)],
        )
        cursor.execute(f"ANALYZE {table}")
