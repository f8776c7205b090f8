"""A hundred lots beside the play: notices out, bids received, each by the acts that people do.

A process of its own in a running server's environment. ``make FILE``: make them, and leave in FILE
what the load needs. ``end FILE``: let everything take effect, and leave how it ended.
"""

from __future__ import annotations

import collections
import itertools
import json
import os
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

LOTS = 100
# The last lots are open to the play's last day, and take the bids of the load.
FIRST_DAY, STEP_DAYS, OPEN_TO_THE_END = 24.0, 3.7, 30
FIRMS, LOAD_BIDS_A_LOT = 12, 7
LOT, POLICY = "procurement.tender", "procurement.policy"


def make(path: Path) -> None:
    """Projects of the province's first owner, its agency, trustees and twelve other firms."""
    from procurement.demonstration import telling
    from procurement.demonstration.play import Play
    from procurement.projects.models import Project
    from tests.bench.bench_search import titles
    from tests.procurement.tendering import samples

    # The play counts its acts from nought: no two acts have one key.
    p = Play(telling.people(), telling.pin(), _keys=itertools.count(1_000_000))
    owner, agency = p.actors["owner1"], p.actors["agency1"]
    projects = Project.objects.filter(state="registered", owner__uscc=owner.uscc).order_by("pk")
    numbers = [str(number) for number in projects.values_list("number", flat=True)]
    document = samples.uploaded(agency)
    firms = [_firm(p, index) for index in range(FIRMS)]
    found: list[dict[str, Any]] = []
    bids: list[dict[str, Any]] = []
    folder = path.parent / "load-bids"
    folder.mkdir()
    for index, (title, _region) in zip(range(LOTS), titles(), strict=False):
        form = samples.whole(
            numbers[index % len(numbers)], document, name=title.removesuffix("招标公告"),
            kind="goods", standard_text="goods_2017", bill_sha256="", security_fen=0,
            agency_uscc=agency.uscc, agency_engagement="演示委托〔2025〕2 号",
            bid_deadline_at=samples.at_hour(round(FIRST_DAY + STEP_DAYS * index)),
        )  # fmt: skip
        pk = p.open(LOT, "agency1", form)
        p.act(LOT, pk, "approve", "owner1")
        number = p.case(LOT, pk).number
        world = _policy(p, number, form["factors"])
        p.act(LOT, pk, "publish", "agency1")
        turn = firms[index % FIRMS :] + firms[: index % FIRMS]
        before = 2 + index % 4
        for place, (name, actor, _token) in enumerate(turn[:before]):
            world.people[name] = actor
            data, _manifest = world.seal(name, price=8_000_000_00 - place * 10_000_00)
            world.submit(name, data)
        if index >= LOTS - OPEN_TO_THE_END:
            for name, actor, token in turn[before : before + LOAD_BIDS_A_LOT]:
                world.people[name] = actor
                data, _manifest = world.seal(name, price=7_900_000_00)
                file = folder / f"{number}-{name}.zxb"
                file.write_bytes(data)
                bids.append({"lot": number, "token": token, "file": str(file)})
        found.append({"pk": pk, "number": number})
    p.settle()
    for row in found:
        p.sign(LOT, row["pk"], "owner1")
    told = {
        "lots": [row["number"] for row in found],
        # Every lot has its turn before any has its second one.
        "bids": [b for n in range(LOAD_BIDS_A_LOT) for b in bids[n::LOAD_BIDS_A_LOT]],
        "cookie": _cookie("owner1"),
    }
    path.write_text(json.dumps(told))


def _firm(p: Any, index: int) -> tuple[str, Any, str]:
    """A contractor with its licences, and a token of its clerk."""
    from kernel import clock
    from kernel.api import tokens
    from kernel.parties.models import Membership
    from tests.conftest import member
    from tests.credit.enterprises.samples import document

    name = f"beside{index}"
    actor = member(name, "contractor_clerk", serial=500 + index)
    file = document(p.actors["credit1"])
    for more in (
        {"kind": "qualification", "number": f"D2239{index:05d}", "trade": "building",
         "grade": "first"},
        {"kind": "safety", "number": f"(黑)JZ安许证字[2024]9{index:05d}"},
    ):  # fmt: skip
        common = {
            "uscc": actor.uscc, "name": actor.organisation_name, "issuer": "示例部门",
            "valid_from": date(2024, 1, 1), "valid_to": date(2027, 12, 31),
            "file_sha256": file,
        }  # fmt: skip
        p.open("credit.licence", "credit1", common | more)
    membership = Membership.objects.get(person_id=actor.person_id)
    until = clock.technical_now() + timedelta(days=1)
    return name, actor, tokens.issue(membership, name="bench", expires_at=until)[1]


def _policy(p: Any, number: str, factors: list[str]) -> Any:
    """The lot's opening policy, signed by everybody; what keeps their keys and seals bids."""
    from tests.procurement.bids import support

    support.LOT = number
    names = {"owner": "owner1", "agency": "agency1", "supervisor": "supervisor1"}
    names |= {name: name for name in support.TRUSTEES}
    world = support.World({word: p.actors[name] for word, name in names.items()}, support.FakeLot())
    world.signers = p.store.setdefault("signers", {})
    p.open(
        POLICY, "agency1",
        {
            "lot_number": number,
            "trustees": [{"uscc": world.people[name].uscc} for name in support.TRUSTEES],
            "supervisor": world.people["supervisor"].uscc,
            "threshold": 2,
            "draws": [{"name": "factor", "choices": ", ".join(factors)}],
            "padding_minimum": support.MINIMUM,
            "maximum_size": 4 * 1024 * 1024,
        },
    )  # fmt: skip
    world.announce("owner", share=False)
    for name in support.TRUSTEES:
        world.announce(name)
        world.rehearse(name)
    for name in ("owner", *support.TRUSTEES):
        world.sign_policy(name)
    return world


def _cookie(name: str) -> str:
    from tests.bench.bench_pages import _signed_in

    return _signed_in(name)[1]


def end(path: Path) -> None:
    """Let everything take effect; leave lots and bids by state, and what did not end well."""
    from kernel.events.models import Delivery
    from procurement.bids.models import Bid
    from procurement.demonstration import telling
    from procurement.demonstration.play import Play
    from procurement.tendering.models import Lot

    Play(telling.people(), telling.pin()).settle()
    numbers = json.loads(path.read_text())["lots"]
    lots = Lot.objects.filter(number__in=numbers).values_list("state", flat=True)
    bids = Bid.objects.filter(lot_number__in=numbers).values_list("state", flat=True)
    dead = Delivery.objects.filter(state=Delivery.State.DEAD).values_list("last_error", flat=True)
    told = {
        "lots": collections.Counter(lots), "bids": collections.Counter(bids), "dead": list(dead),
        "retried": Delivery.objects.filter(attempts__gt=1).count(),
    }  # fmt: skip
    path.with_name("end.json").write_text(json.dumps(told))


if __name__ == "__main__":
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    {"make": make, "end": end}[sys.argv[1]](Path(sys.argv[2]))
