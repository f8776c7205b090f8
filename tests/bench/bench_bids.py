"""Submit small sealed bids by API: per CPU-second of the server, from the 1st to the 500th."""

from __future__ import annotations

import os
from datetime import date, timedelta
from typing import Any
from unittest import mock

from tests.bench import primitives
from tests.bench import server as servers

Figure = tuple[str, float, str, str]
WARM, WINDOW, LAST = 40, 60, 500
BAR = ">= 162"


def run() -> list[Figure]:
    """The rate at a lot's first and at its 500th bid, how much dearer, and the worker's memory."""
    from django.core.management import call_command
    from django.db import connections

    call_command("publish_rules", verbosity=0)
    # The tests' people come with the tests' own folder and database; the server keeps ours.
    own = dict(os.environ)
    number, sealed = _sealed(LAST + WARM)
    os.environ |= own
    connections.close_all()
    found: list[Figure] = []
    with servers.running() as server:
        for token, data in sealed[:WARM]:
            _put(server, number, token, data)
        rates = []
        for start in range(WARM, len(sealed) - WINDOW + 1, WINDOW):
            before = server.cpu_seconds()
            for token, data in sealed[start : start + WINDOW]:
                _put(server, number, token, data)
            rates.append(WINDOW / (server.cpu_seconds() - before))
        half = len(rates) // 2
        first, last = max(rates[:half]), max(rates[half:])
        found.append(("submit a small bid, 1st to 250th", first, "1/CPU-s", BAR))
        found.append(("submit a small bid, 250th to 500th", last, "1/CPU-s", BAR))
        # Of the best of each half the ends would be lost, where it shows.
        dearer = sum(rates[:2]) / sum(rates[-2:]) - 1
        found.append(("submit: dearer at the 500th", dearer * 100, "%", "<= 10"))
        floor = primitives.receipt(sealed[0][1])
        alone = "submit: two verifications, a signature, a SHA-256"
        found.append((alone, 1 / floor, "1/CPU-s", ""))
        found.append(("submit: to these primitives", floor * max(first, last) * 100, "%", ""))
        found.append(("web worker", server.resident_mb(), "MB", "< 300"))
    return found


def _put(server: servers.Server, number: str, token: str, data: bytes) -> None:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/octet-stream"}
    server.connection.request("PUT", f"/api/v1/lots/{number}/bids", data, headers)
    answer = server.connection.getresponse()
    text = answer.read()
    if answer.status != 201:
        raise RuntimeError(f"{answer.status} {text[:800]!r}")


def _sealed(bids: int, **policy_says: Any) -> tuple[str, list[tuple[str, bytes]]]:
    """A published lot, and for each bidder a token and a sealed bid; on their own machines."""
    from django.conf import settings

    from procurement.bids import policy_stamps
    from procurement.tendering import needs
    from tests.conftest import member
    from tests.procurement.bids import support
    from tests.procurement.tendering import samples

    # Nobody logs in by password here, and a strong hash of each would be most of the work.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    world = support.make_world()
    people = world.people
    officer = member("officer", "registration_officer", region="230100", serial=3, authority="city")
    crew = {"owner": people["owner"], "agency": people["agency"], "officer": officer}
    answers: dict[str, Any] = {
        "bill": lambda sha256: needs.BillFacts(sha256, "GB/T 50500-2024", 7_900_000_00),
        "drawings_passed": lambda _number, _at: True,
    }
    for name, answer in answers.items():
        mock.patch.object(getattr(needs, name), "_answer", answer).start()
    lot = samples.approved(
        crew,
        agency_uscc=people["agency"].uscc,
        agency_engagement="WT-1",
        qualification_grade="third",
    )
    support.LOT = lot.number
    world.policy(**policy_says)
    policy_stamps.stamp_policies()
    samples.act(lot, "publish", people["owner"])
    policy = world.in_force
    return lot.number, [_bidder(world, index, policy) for index in range(bids)]


def _bidder(world: Any, index: int, policy: Any) -> tuple[str, bytes]:
    from kernel import clock
    from kernel.api import tokens
    from kernel.parties.models import Membership
    from kernel.workflow.firing import fire
    from kernel.workflow.machines import machine
    from tests.conftest import member
    from tests.credit.enterprises.samples import document

    name = f"firm{index}"
    actor = member(name, "contractor_clerk", serial=100 + index)
    world.people[name] = actor
    if index == 0:
        world.people["credit"] = member(
            "credit", "credit_officer", region="230100", serial=3, authority="city"
        )
    for kind, number, more in (
        ("qualification", f"D223{index + 1:06d}", {"trade": "building", "grade": "first"}),
        ("safety", f"(黑)JZ安许证字[2024]{index + 1:06d}", {}),
    ):
        payload = {
            "uscc": actor.uscc, "name": actor.organisation_name, "kind": kind,
            "number": number, "issuer": "示例部门", "valid_from": date(2024, 1, 1),
            "valid_to": date(2036, 1, 1), "file_sha256": document(world.people["credit"]), **more,
        }  # fmt: skip
        licence = machine("credit.licence")
        assert licence is not None and licence.opening is not None
        fire(
            licence.code, None, licence.opening.code,
            actor=world.people["credit"], payload=payload, key=f"{kind}-{index}",
        )  # fmt: skip
    membership = Membership.objects.get(person_id=actor.person_id)
    until = clock.technical_now() + timedelta(days=1)
    _, secret = tokens.issue(membership, name="bench", expires_at=until)
    data, _manifest = world.seal(name, price=1_000_000_00 + index, policy=policy)
    return secret, data
