"""What must hold after any kill, and where to kill so that no stretch of the work is left out."""

from __future__ import annotations

import hashlib
import os
import random
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db.models import Count, Max

from kernel import clock
from kernel.documents import demo_pki
from kernel.documents import trust as documents
from kernel.evidence import audit, keys
from kernel.evidence.models import LogEntry
from kernel.sealing.bids import container
from kernel.workflow import sandbox
from kernel.workflow.models import Act
from procurement.bids import believed, lots, moment_notes, needs, receipts, vault
from procurement.bids.bid_machine import BID
from procurement.bids.machines import OPENING
from procurement.bids.models import Bid, BidVersion, Opening, OpeningStatement, PendingUpload
from tests import conftest
from tests.attacks.forking import Fate
from tests.procurement.bids import support

_TAKEN = ("receive", "replace", "resubmit")
_SAID = ("countersign", "reveal", "mark", "release")


@pytest.fixture
def worlds(committed, settings, tmp_path, monkeypatch) -> Iterator[Callable[[], support.World]]:
    """Makes a lot with a policy in force, each time in an empty database."""
    settings.VAR_DIR = tmp_path
    documents.use(demo_pki.current)
    # As in the children: what credit answers is tested elsewhere.
    monkeypatch.setattr(needs, "_barred", lambda _uscc, _lot, _at: ())
    monkeypatch.setattr(needs, "_credit", lambda _uscc, _lot, _at: None)

    def world() -> support.World:
        conftest.empty_tables()
        believed.forget()
        sandbox.begin_at(datetime(2025, 9, 1, 9, 0, tzinfo=clock.LEGAL_ZONE))
        made = support.make_world()
        lots.use(made.lot.find)
        made.policy()
        return made

    yield world
    lots.use(None)
    believed.forget()


@pytest.fixture
def lot(worlds) -> support.World:
    return worlds()


SEED = "ZHUXIN_SEED"


@pytest.fixture
def chance(record_property: Callable[[str, object], None]) -> random.Random:
    """Other chances in every run; those of one that failed again by ``ZHUXIN_SEED``."""
    seed = int(os.environ.get(SEED, "") or secrets.randbits(32))
    print(f"{SEED}={seed}")
    record_property(SEED, seed)
    return random.Random(seed)


def points(total: int, kills: int, chance: random.Random) -> list[int]:
    """So many numbers from 1..total, in any order: each as often as all can be, and what is left
    from as many equal stretches, one from each.
    """
    found = list(range(1, total + 1)) * (kills // total)
    left = kills - len(found)
    found += [int((place + chance.random()) * total / left) + 1 for place in range(left)]
    chance.shuffle(found)
    return found


class Tally:
    """What the kills of a test met: events by number and kind, and how the work stood then."""

    def __init__(self) -> None:
        self.met: set[tuple[str, int]] = set()
        self.kinds: Counter[str] = Counter()
        self.standing: Counter[str] = Counter()

    def add(self, scene: str, fate: Fate, *standing: str) -> None:
        self.met.add((scene, fate.at))
        self.kinds[fate.kind] += 1
        self.standing.update(standing)

    @property
    def kills(self) -> int:
        return self.kinds.total()

    def hit(self, **least: int) -> None:
        """That so many kills met the work as it stood by these names."""
        told = f"{self.kills} kills, {len(self.met)} events: {self.standing} {self.kinds}"
        print(told)
        assert all(self.standing[name] >= wanted for name, wanted in least.items()), told


def nothing_is_half_done() -> None:
    """What is counted must agree at once after a kill, before anybody repairs anything."""
    versions = BidVersion.objects.count()
    assert Act.objects.filter(machine=BID.code, transition__in=_TAKEN).count() == versions
    assert LogEntry.objects.filter(kind=receipts.RECEIPT).count() == versions
    assert not Bid.objects.filter(versions__isnull=True).exists()
    settled = {
        row.hex
        for row in PendingUpload.objects.filter(status="settled").values_list("pk", flat=True)
    }
    for name, size in BidVersion.objects.exclude(vault="").values_list("vault", "size"):
        assert name in settled
        assert vault.size_of(name) == size, "a version without its file"
    said = Act.objects.filter(machine=OPENING.code, transition__in=_SAID)
    # The platform says by itself from when a time runs, with the act that makes it run.
    moments = OpeningStatement.objects.filter(kind=OpeningStatement.Kind.MOMENT)
    assert said.count() == OpeningStatement.objects.count() - moments.count()
    assert LogEntry.objects.filter(kind=moment_notes.ENTRY).count() == moments.count()
    for machine, model in ((BID, Bid), (OPENING, Opening)):
        acts = Act.objects.filter(machine=machine.code).order_by()
        done = acts.values_list("case_pk").annotate(n=Count("pk"), last=Max("version"))
        assert {pk: (n, last) for pk, n, last in done} == {
            pk: (version, version) for pk, version in model.objects.values_list("pk", "version")
        }


def none_is_half_there() -> None:
    """The same of every byte: the whole log, and every live version's file."""
    nothing_is_half_done()
    audit.check(keys.known())
    for version in BidVersion.objects.select_related("bid"):
        assert version.log_index is not None
        if version.number != version.bid.bid_version:
            continue
        with vault.open_file(version.vault) as file:
            assert hashlib.file_digest(file, "sha256").hexdigest() == version.file_sha256
            file.seek(0)
            assert container.read_bid(file, 2**30).manifest_sha256 == version.manifest_sha256


def receipts_hold(told: dict[str, dict[str, Any]]) -> None:
    """Every receipt that somebody holds (by its manifest's hash) is of a version that is there."""
    kept = dict(BidVersion.objects.values_list("manifest_sha256", "receipt"))
    assert {digest: answer["receipt"] for digest, answer in told.items()}.items() <= kept.items()
