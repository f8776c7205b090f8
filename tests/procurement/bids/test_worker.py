"""What a web worker spends on a bid: no statement written anew, no library that bids do not need.

Both are counts, the same on every machine; docs/figures.md has the seconds and the bytes.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db.models.sql import compiler

from kernel import clock
from kernel.api import tokens
from kernel.parties.models import Membership
from tests.kernel.api.test_contract import bearer
from tests.procurement.bids import test_killed
from tests.procurement.bids.support import LOT, World
from tests.procurement.bids.test_killed import ROOT, lot

__all__ = ["lot"]
WRITERS = (
    compiler.SQLCompiler, compiler.SQLInsertCompiler, compiler.SQLDeleteCompiler,
    compiler.SQLUpdateCompiler, compiler.SQLAggregateCompiler,
)  # fmt: skip
# What prints, draws, signs PDFs, reads tables and counts whole populations.
HEAVY = (
    "PIL", "aiohttp", "fontTools", "lxml", "numpy", "openpyxl", "pandas", "pyhanko", "segno",
    "stdnum", "weasyprint", "xlsxwriter",
)  # fmt: skip
# A worker's entry point, a bid by the API, and then what its bidder looks at.
WORKER = """
import json, sys
from datetime import datetime
from django.conf import settings

plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
from config.wsgi import application
from procurement.bids import lots, needs
from tests.procurement.bids.support import LOT, FakeLot

facts, token, person, path = json.loads(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]
facts["deadline"] = datetime.fromisoformat(facts["deadline"])
lots.use(FakeLot(**facts).find)
needs._barred = lambda uscc, lot, at: ()

from django.test import Client
from django.urls import reverse
from kernel.parties.models import User

with open(path, "rb") as file:
    answer = Client().put(
        f"/api/v1/lots/{LOT}/bids", file.read(), content_type="application/octet-stream",
        headers={"Authorization": f"Bearer {token}"},
    )
client = Client()
client.force_login(User.objects.get(person_id=person))
statuses = [answer.status_code]
for name, args in (("mine", []), ("lot", [LOT]), ("policy", [LOT])):
    statuses.append(client.get(reverse(f"procurement:bids-{name}", args=args)).status_code)
print(json.dumps([statuses, [n for n in sys.argv[5].split() if n in sys.modules]]))
"""


def token_of(lot: World, name: str) -> str:
    membership = Membership.objects.get(person_id=lot.people[name].person_id)
    until = clock.technical_now() + timedelta(days=1)
    return tokens.issue(membership, name="bids", expires_at=until)[1]


def test_a_worker_that_receives_bids_and_shows_them_loads_nothing_else(lot, tmp_path):
    data, _manifest = lot.seal("bidder1")
    (tmp_path / "bid.zxb").write_bytes(data)
    facts = {**vars(lot.lot), "deadline": lot.lot.deadline.isoformat()}
    person = lot.people["bidder1"].person_id
    command = [
        sys.executable, "-c", WORKER, json.dumps(facts), token_of(lot, "bidder1"), str(person),
        str(tmp_path / "bid.zxb"), " ".join(HEAVY),
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=ROOT, env=test_killed.environment(tmp_path), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    statuses, loaded = json.loads(done.stdout.splitlines()[-1])
    assert statuses == [201, 200, 200, 200]
    assert loaded == []


@pytest.mark.django_db
def test_of_a_receipt_no_statement_is_written_anew(world, client, monkeypatch):
    world.policy()
    written = []
    for kind in WRITERS:
        real = kind.as_sql

        def as_sql(self, *args, real=real, **kwargs):
            sql = real(self, *args, **kwargs)
            written.append(sql)
            return sql

        monkeypatch.setattr(kind, "as_sql", as_sql)
    for name in ("bidder1", "bidder2"):
        (sealed, _manifest), headers = world.seal(name), bearer(world.people[name])
        written.clear()
        answer = client.put(
            f"/api/v1/lots/{LOT}/bids", sealed, "application/octet-stream", **headers
        )
        assert answer.status_code == 201, answer.content
    assert written == []
