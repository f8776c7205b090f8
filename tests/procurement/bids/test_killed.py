"""A server killed with SIGKILL in the middle of a receipt: each is whole or not there."""

from __future__ import annotations

import base64
import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from kernel import clock
from kernel.api import tokens
from kernel.documents import demo_pki
from kernel.documents import trust as documents
from kernel.parties.models import Membership
from kernel.sealing.bids.receipts import check_receipt, read_receipt
from kernel.workflow import sandbox
from kernel.workflow.models import Act
from procurement.bids import believed, lots
from procurement.bids.models import Bid, BidVersion, PendingUpload
from tests.procurement.bids import support

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[3]
# A server of its own process. It dies where the file beside it says, and the file with it.
SERVER = """
import json, os, signal, sys
from datetime import datetime, timedelta
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
from procurement.bids import answers, lots, needs, receiving, receipts, upload_parts, vault
from procurement.bids import versions
from tests.procurement.bids.support import FakeLot

where, facts = Path(sys.argv[1]), json.loads(sys.argv[2])
facts["deadline"] = datetime.fromisoformat(facts["deadline"])
lots.use(FakeLot(**facts).find)
needs._barred = lambda uscc, lot, at: ()

def dies(module, name, *, before):
    real = getattr(module, name)
    def deadly(*args, **kwargs):
        told = None if before else real(*args, **kwargs)
        if where.exists() and where.read_text() == name:
            where.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs) if before else told
    setattr(module, name, deadly)

# Parts of an upload are small here, and whoever died is soon no longer waited for.
upload_parts.CHUNK, upload_parts.STEP = 4096, 8192
upload_parts.LEASE = timedelta(seconds=0.5)
dies(vault.Part, "write", before=False)
dies(vault.Part, "sync", before=False)
dies(vault, "_sync", before=False)
dies(receiving, "settle", before=True)
dies(versions, "_written", before=False)
dies(receipts, "of", before=True)
dies(answers, "receipt", before=False)

class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass

server = make_server("127.0.0.1", 0, application, handler_class=Quiet)
print(server.server_port, flush=True)
server.serve_forever()
"""
# Bytes stored but not noted; noted but not checked; written but not committed; committed but not
# signed; signed but not sent.
POINTS = ("_sync", "settle", "_written", "of", "receipt")
KEPT = {"of", "receipt"}


@pytest.fixture
def lot(committed, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    believed.forget()
    documents.use(demo_pki.current)
    sandbox.begin_at(datetime(2025, 9, 1, 9, 0, tzinfo=clock.LEGAL_ZONE))
    made = support.make_world()
    lots.use(made.lot.find)
    made.policy()
    yield made
    lots.use(None)
    believed.forget()


def _address() -> str:
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    return f"postgresql://{told['USER']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"


def environment(folder: Path) -> dict[str, str]:
    """Of a process on the test's own database, with a folder of its own."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ZHUXIN_DATABASE_URL": _address(),
        "ZHUXIN_VAR": str(folder),
        "PYTHONPATH": str(ROOT),
    }


@contextmanager
def server(lot: support.World, folder: Path) -> Iterator[int]:
    """A server that is running; its port."""
    assert lot.lot.deadline is not None
    facts = {**vars(lot.lot), "deadline": lot.lot.deadline.isoformat()}
    command = [sys.executable, "-c", SERVER, str(folder / "dies"), json.dumps(facts)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment(folder), stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait(20)


def put(port: int, token: str, data: bytes) -> tuple[int, dict[str, str]] | None:
    """Submit; status and answer, None where the server died."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/octet-stream"}
    try:
        client.request("PUT", f"/api/v1/lots/{support.LOT}/bids", data, headers)
        answer = client.getresponse()
        return answer.status, json.loads(answer.read())
    except (ConnectionError, http.client.HTTPException):
        return None
    finally:
        client.close()


def test_a_server_killed_anywhere_in_a_receipt_leaves_it_whole_or_not_at_all(lot, tmp_path):
    sealed = {}
    until = clock.technical_now() + timedelta(days=1)
    for name in support.BIDDERS:
        membership = Membership.objects.get(person_id=lot.people[name].person_id)
        _row, token = tokens.issue(membership, name="bids", expires_at=until)
        sealed[name] = token, *lot.seal(name)
    for name, point in zip(support.BIDDERS, POINTS, strict=True):
        token, data, _manifest = sealed[name]
        with server(lot, tmp_path) as port:
            (tmp_path / "dies").write_text(point)
            assert put(port, token, data) is None, point
        assert not (tmp_path / "dies").exists()
        kept = 1 if point in KEPT else 0
        mine = {"bidder_uscc": lot.people[name].uscc}
        bids = Bid.objects.filter(**mine)
        assert bids.count() == kept, point
        assert BidVersion.objects.filter(bid__in=bids).count() == kept
        assert Act.objects.filter(machine="procurement.bid", case_pk__in=bids).count() == kept
        assert PendingUpload.objects.filter(**mine, status="settled").count() == kept
    # It comes back: the same files give receipts, and those given before are the same.
    signed = {row.manifest_sha256: row.receipt for row in BidVersion.objects.exclude(receipt="")}
    assert len(signed) == 1
    with server(lot, tmp_path) as port:
        for name, (token, data, manifest) in sealed.items():
            status, told = put(port, token, data) or (0, {})
            assert status in (200, 201), told
            version = BidVersion.objects.get(bid__bidder_uscc=lot.people[name].uscc)
            receipt = read_receipt(told["receipt"].encode())
            check_receipt(receipt, version.manifest.encode(), bytes(version.signature))
            assert told["receipt"] == signed.get(manifest.sha256, told["receipt"])
            assert version.receipt == told["receipt"]
            assert bytes(version.receipt_p7s) == base64.b64decode(told["p7s"])
    assert BidVersion.objects.count() == len(POINTS)
