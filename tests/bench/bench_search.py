"""Search among 100,000 notices: pages of twenty, newest first, by the page's query and the API."""

from __future__ import annotations

import itertools
import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from urllib.parse import urlencode

from tests.bench import server as servers

Figure = tuple[str, float, str, str]
SIZE = 100_000
ROUNDS = 200
BAR = "<= 50"

_PLACES = (
    "哈尔滨市道里区", "哈尔滨市南岗区", "齐齐哈尔市龙沙区", "大庆市萨尔图区",
    "牡丹江市东安区", "佳木斯市前进区", "鸡西市鸡冠区",
    "绥化市北林区", "黑河市爱辉区", "伊春市伊美区",
)  # fmt: skip
_REGIONS = ("230102", "230103", "230202", "230602", "231002", "230804", "230302", "231202",
            "231102", "230717")  # fmt: skip
_NAMES = "安康福禄喜庆吉祥平和长青东西南北中华民新建光明友谊胜利团结幸福先锋红旗向阳松花江"
_WORKS = (
    "道路",
    "桥梁",
    "小学",
    "医院",
    "住宅小区",
    "综合管廊",
    "污水处理厂",
    "标准厂房",
    "体育馆",
    "供热管网",
)
_ACTS = ("新建工程", "改扩建工程", "维修改造工程", "设备采购", "勘察设计", "施工总承包", "监理服务")
_ENDS = ("招标公告", "中标候选人公示", "中标结果公告", "变更公告")


def titles(seed: int = 1) -> Iterator[tuple[str, str]]:
    """Titles as notices have them, and their regions: common words, rare ones, numbers."""
    chance = random.Random(seed)
    for n in itertools.count(1):
        place = chance.randrange(len(_PLACES))
        name = "".join(chance.choices(_NAMES, k=chance.randint(2, 3)))
        title = (
            f"{_PLACES[place]}{name}{chance.choice(_WORKS)}{chance.choice(_ACTS)}"
            f"（第{n % 9 + 1}标段）{chance.choice(_ENDS)}"
        )
        yield title, _REGIONS[place]


def run() -> list[Figure]:
    """p95 of searches by two and by five characters; how long the index took to make."""
    from django.core.management import call_command
    from django.db import connection, connections

    from kernel.search import selectors

    seconds = _fill()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    found: list[Figure] = [(f"enter {SIZE:,} notices", SIZE / seconds, "1/s", "")]
    asked = {length: _queries(length) for length in (2, 5)}
    for length, texts in asked.items():
        found += _figures(f"page's query, {length} characters", texts, _hits)
    found += _figures("page's query with counts, 2 characters", asked[2], _page(selectors.count))
    # Pages name their style sheets by the hashes that this makes.
    call_command("collectstatic", interactive=False, verbosity=0)
    connections.close_all()
    with servers.running() as server:
        for length, texts in asked.items():
            found += _figures(f"API, {length} characters", texts, _api(server, "/api/v1/search"))
            # The same queries and a page drawn around them: drawing is told, not held.
            found += _figures(f"page, {length} characters", texts, _api(server, "/search/"), "")
    return found


def _fill() -> float:
    from kernel.clock import LEGAL_ZONE
    from kernel.search import services
    from kernel.search.kinds import Entry

    start = datetime(2024, 1, 1, tzinfo=LEGAL_ZONE)
    before = time.perf_counter()
    services.put_many(
        Entry(
            kind="project",
            key=str(n),
            title=title,
            url=f"/notices/{n}/",
            published_at=start + timedelta(minutes=10 * n),
            number=f"23{n:014d}",
            region=region,
            text=f"采购编号 HLJ-2026-{n:06d}\n建设单位 {title[:6]}城乡建设投资有限公司",
        )
        for n, (title, region) in enumerate(itertools.islice(titles(), SIZE))
    )
    return time.perf_counter() - before


def _queries(length: int) -> list[str]:
    """Parts of titles as often as they occur, so common words come more often than rare ones."""
    chance = random.Random(length)
    some = list(itertools.islice(titles(2), ROUNDS * 20))
    parts: list[str] = []
    while len(parts) < ROUNDS:
        title = chance.choice(some)[0]
        start = chance.randrange(len(title) - length)
        if (part := title[start : start + length]).isalnum():
            parts.append(part)
    return parts


def _hits(text: str) -> None:
    from kernel.search import selectors

    selectors.find(text, limit=20)


def _page(counts: Callable[[str], object]) -> Callable[[str], None]:
    def ask(text: str) -> None:
        _hits(text)
        counts(text)

    return ask


def _api(server: servers.Server, path: str) -> Callable[[str], None]:
    def ask(text: str) -> None:
        status, body = server.ask("GET", f"{path}?{urlencode({'q': text})}")
        if status != 200:
            raise RuntimeError(f"{text}: {status} {body[:500]!r}")

    return ask


def _figures(
    name: str, texts: list[str], ask: Callable[[str], None], bar: str = BAR
) -> list[Figure]:
    for text in texts[:10]:
        ask(text)
    times = []
    for text in texts:
        before = time.perf_counter()
        ask(text)
        times.append((time.perf_counter() - before) * 1000)
    p95 = statistics.quantiles(times, n=20)[-1]
    return [
        (f"{name}: p95", p95, "ms", bar),
        (f"{name}: median", statistics.median(times), "ms", ""),
        (f"{name}: slowest", max(times), "ms", ""),
    ]
