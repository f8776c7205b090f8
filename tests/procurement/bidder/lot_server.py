"""A small real server of one lot, over the pure formats: what the tool is tested against.

It keeps everything in memory, believes every token's name, and holds the operator's part of the
protocol: receives, logs, lists, draws and opens. The platform's own server is tested elsewhere.
"""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

from kernel.errors import NotFound, Refused
from kernel.sealing import hpke
from kernel.sealing.bids import (
    tasks,
)
from kernel.sealing.bids.fields import instant_text
from tests.kernel.sealing.bids.support import LOT, NOW
from tests.procurement.bidder.lot_bids import Bids
from tests.procurement.bidder.lot_log import Log
from tests.procurement.bidder.lot_opening import Opening
from tests.procurement.bidder.lot_policy import BeforeBids


class Lot(BeforeBids, Bids, Opening):
    """One lot's life at the operator's."""

    def __init__(self, stage, folder: Path):
        self.stage, self.folder = stage, folder
        self.now = NOW
        self.log = Log()
        self.log.append("lot.published", {"lot": LOT}, NOW)
        self.announced, self.challenges, self.rehearsed = {}, {}, set()
        self.draft, self.signatures, self.in_force = None, {}, []
        self.bids, self.last, self.files, self.by_manifest = {}, {}, {}, {}
        self.moments, self.drawn, self.session = [], None, hpke.new_key()
        self.listed, self.list_signatures, self.nonces = None, {}, {}
        self.marks, self.releases, self.record, self.refused = {}, {}, None, []
        # A time-stamp authority, where the test wants one, and what it stamped.
        self.tsa, self.list_token = None, None
        self.cures, self.cured, self.protests, self.replaced = [], [], [], []
        self.earlier, self.proofs = None, {}
        self.refuse_protests = False
        self.tamper = lambda path, answer: answer
        self.uploads, self.breaks, self.parts = {}, [], []

    def task(self, who, **changes):
        """The task file of a party."""
        around = self.surroundings()
        closing = None
        if self.listed is not None:
            told = self.tamper("/closing", self.closing_answer(who))
            closing = {name: value for name, value in told.items() if name not in around}
        draft = None
        if self.draft is not None:
            told = self.draft_answer()
            draft = {"policy": told["policy"], "signatures": told["signatures"]}
        rehearsal = {"challenge": None, "stage": ""}
        if who in self.announced and who not in self.rehearsed:
            rehearsal = self.rehearsal(who)
        values = {
            "lot": LOT, "party": who, "time": self.now, "demonstration": True,
            "chain": around["chain"], "crls": tuple(around["crls"]), "anchors": around["anchors"],
            "share": any(t.uscc == who for t in self.stage.policy.trustees),
            "challenge": rehearsal["challenge"], "stage": rehearsal["stage"], "draft": draft,
            "closing": closing,
        }  # fmt: skip
        return tasks.Task(**{**values, **changes}).encode()

    def take(self, who, answer):
        """An answer file's statements, each to the service of its kind."""
        read = tasks.read_answer(answer)
        assert (read.lot, read.party) == (LOT, who)
        services = {
            "trustee-key": self.trustee_key, "rehearsal": self.rehearse,
            "policy-signature": self.sign_policy, "closing-signature": self.sign_list,
            "nonce": self.nonce, "marks": self.mark, "shares": self.release,
            "cured-marks": self.said(self.cured, "cured_marks"),
        }  # fmt: skip
        return [services[kind](who, body) for kind, body in read.statements]

    def answer(self, method, path, who, data):
        """Status and answer to a request."""
        if (method, path) == ("PUT", "/bids"):
            return self.put_bid(who, data)
        path, _, query = path.partition("?")
        reads = {
            "/bids/receipt": lambda: self.newest(query.removeprefix("manifest=")),
            "/time": lambda: {"time": instant_text(self.now)},
            "/policy": self.policy_answer,
            "/policy/draft": self.draft_answer,
            "/rehearsal": lambda: self.rehearsal(who),
            "/closing": lambda: self.closing_answer(who),
        }
        writes = {
            "/trustee-key": self.trustee_key,
            "/rehearsal": self.rehearse,
            "/policy/signature": self.sign_policy,
            "/bids/withdrawal": self.withdrawal,
            "/closing/signature": self.sign_list,
            "/closing/nonce": self.nonce,
            "/closing/marks": self.mark,
            "/closing/shares": self.release,
            "/closing/cures": self.said(self.cures, "cure"),
            "/closing/cured-marks": self.said(self.cured, "cured_marks"),
            "/closing/protest": self.protest,
        }
        if method == "GET":
            return 200, reads[path]()
        return 200, writes[path](who, json.loads(data))


class Handler(BaseHTTPRequestHandler):
    """The token is the organisation's code: who may do what is not what is tested here."""

    def log_message(self, *arguments):
        pass

    def _do(self, method):
        lot = self.server.lot
        base, _, rest = self.path.removeprefix("/api/v1/lots/").partition("/")
        assert unquote(base) == LOT
        path, who = "/" + rest, self.headers["Authorization"].removeprefix("Bearer ")
        length = int(self.headers.get("Content-Length", 0))
        if method == "PATCH":
            lot.parts.append(length)
            if lot.breaks:
                data = self.rfile.read(min(lot.breaks.pop(0), length))
                lot.uploads[path.rpartition("/")[2]][2] += data
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
        data = self.rfile.read(length)
        if method != "GET" and "/uploads" not in path:
            assert self.headers["Idempotency-Key"]
        try:
            if "/uploads" in path:
                status, answer = self._uploads(method, path, who, data)
            else:
                status, answer = lot.answer(method, path, who, data)
            answer = lot.tamper(path, answer)
        except Refused as refused:
            status = refused.status
            answer = {
                "refusals": [
                    {"code": r.code, "message": "平台：" + r.code, "facts": dict(r.facts),
                     "article": r.article, "cure": "", "field": r.field}
                    for r in refused.refusals
                ],
                "request_id": "r-1",
            }  # fmt: skip
            if method == "PUT" or (method == "PATCH" and status == 422):
                answer |= lot.refusal(who, data, refused)
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _uploads(self, method, path, who, data):
        lot, number = self.server.lot, path.rpartition("/")[2]
        assert self.headers["Tus-Resumable"] == "1.0.0"
        if method == "POST":
            return lot.begin_upload(who, self.headers)
        if number not in lot.uploads:
            raise NotFound.because("procurement.upload.unknown")
        if method == "PATCH":
            return lot.patch_upload(who, number, self.headers, data)
        return 200, lot.upload_answer(number)

    def do_PATCH(self):
        self._do("PATCH")

    def do_GET(self):
        self._do("GET")

    def do_POST(self):
        self._do("POST")

    def do_PUT(self):
        self._do("PUT")


class Serving:
    """The server on a free port of the loopback, for as long as the block lasts."""

    def __init__(self, lot):
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.lot = lot
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self):
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_port}"

    def __exit__(self, *exception):
        self._server.shutdown()
        self._server.server_close()
