"""A small real server of one lot, over the pure formats: what the tool is tested against.

It keeps everything in memory, believes every token's name, and holds the operator's part of the
protocol: receives, logs, lists, draws and opens. The platform's own server is tested elsewhere.
"""

import base64
import hashlib
import io
import json
import socket
import threading
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

from kernel.errors import Conflict, NotFound, Refused
from kernel.evidence import formats, merkle
from kernel.sealing import canonical, demo_tsa, hpke, timestamps
from kernel.sealing.bids import (
    bundles,
    closing,
    container,
    cures,
    draw,
    manifest,
    moments,
    opening,
    receipts,
    receiving,
    refusals,
    releasing,
    tasks,
    trustees,
    unsealing,
)
from kernel.sealing.bids.acknowledgements import Acknowledgement
from kernel.sealing.bids.fields import b64, instant_text
from kernel.sealing.bids.policy_proof import proof_of
from kernel.sealing.certificates import fingerprint, pem
from tests.kernel.sealing.bids.support import LOT, NOW, OPERATOR


class Log:
    """The evidence log, in a list."""

    def __init__(self):
        self.leaves, self.entries, self.salts = [], [], []

    def append(self, kind, body, at):
        index, salt = len(self.leaves), hashlib.sha256(b"salt%d" % len(self.leaves)).digest()
        entry = formats.entry_bytes(
            index=index, kind=kind, case="lot", at=at, body=canonical.encode(body)
        )
        self.leaves.append(formats.entry_leaf(salt, entry))
        self.entries.append(entry)
        self.salts.append(salt)
        return index

    def path(self, index, size=None):
        size = size or len(self.leaves)
        return merkle.inclusion_proof(index, size, self._node)

    def root(self, size=None):
        return merkle.root(self.leaves[: size or len(self.leaves)])

    def _node(self, level, index):
        return merkle.root(self.leaves[index << level : (index + 1) << level])

    def proof(self, index):
        return receipts.LogProof(
            log="ab" * 32, index=index, size=len(self.leaves), root=self.root(),
            leaf=self.leaves[index], salt=self.salts[index],
            entry=self.entries[index].decode(), proof=tuple(self.path(index)),
        )  # fmt: skip


class Lot:
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

    # Before the bids

    def trustee_key(self, who, body):
        data = body["announcement"].encode()
        said = trustees.read_announcement(data)
        self.stage.trust.verify(base64.b64decode(body["p7s"]), data, who, self.now)
        self.announced[who] = said
        return {"key_sha256": trustees.key_name(said.key)}

    def rehearsal(self, who):
        # The same until it is answered, as the platform keeps it.
        if who not in self.challenges:
            self.challenges[who] = trustees.new_challenge(LOT, who, self.announced[who].key)
        stage = self.listed.stage if self.listed and self.listed.follows else ""
        return {"challenge": self.challenges[who][0].decode(), "stage": stage,
                "time": instant_text(self.now)}  # fmt: skip

    def rehearse(self, who, body):
        data = body["answer"].encode()
        self.stage.trust.verify(base64.b64decode(body["p7s"]), data, who, self.now)
        trustees.check_answer(data, *self.challenges.pop(who))
        self.rehearsed.add(who)
        return {"passed": True}

    def make_draft(self, **changes):
        base = self.in_force[-1][0] if self.in_force else None
        if base:
            made = replace(base, version=base.version + 1, supersedes=base.sha256, **changes)
        else:
            rows = tuple(
                replace(t, key=self.announced[t.uscc].key,
                        nonce_commitment=self.announced[t.uscc].nonce_commitment)
                for t in self.stage.policy.trustees
            )  # fmt: skip
            entity = self.stage.policy.procuring_entity
            said = self.announced[entity.uscc].nonce_commitment
            made = replace(
                self.stage.policy, trustees=rows,
                procuring_entity=replace(entity, nonce_commitment=said), **changes,
            )  # fmt: skip
        self.draft, self.signatures = made, {}

    def sign_policy(self, who, body):
        p7s = base64.b64decode(body["p7s"])
        self.stage.trust.verify(p7s, self.draft.encode(), who, self.now)
        self.signatures[who] = bundles.Signature(who, p7s)
        if set(self.signatures) == set(self.draft.parties()):
            self.in_force.append((self.draft, tuple(self.signatures.values())))
            self.draft = None
        return {"signed": len(self.signatures), "needed": len(self.stage.policy.parties())}

    asks = {"ceiling_fen": 0, "security_fen": 0, "bill": False}

    def policy_answer(self):
        if not self.in_force:
            raise NotFound.because("sealing.policy.no_trustee", trustee="-")
        *older, newest = [
            {"policy": p.encode().decode(), "signatures": [s.as_json() for s in signatures],
             "proof": self.proofs.get(p.sha256)}
            for p, signatures in self.in_force
        ]  # fmt: skip
        return {**newest, "previous": older, "asks": self.asks, **self.surroundings()}

    def stamp_policy(self, at=None, bundle=None):
        """The token over the newest policy, or over what the test says instead."""
        policy, signatures = self.in_force[-1]
        said = proof_of(bundle or bundles.Bundle(policy.encode(), signatures)).encode()
        token = self.stamp(hashlib.sha256(said).digest(), at or self.now)
        self.proofs[policy.sha256] = {"text": said.decode(), "token": b64(token)}

    def surroundings(self):
        return {
            "chain": pem([self.stage.authority.issuing.certificate]).decode(),
            "crls": [b64(crl) for crl in self.stage.authority.crls(NOW)],
            "anchors": pem([self.stage.authority.root.certificate]).decode(),
            "demonstration": True,
            "time": instant_text(self.now),
        }

    def draft_answer(self):
        given = [s.as_json() for s in self.signatures.values()]
        return {"policy": self.draft.encode().decode(), "signatures": given, **self.surroundings()}

    # Bids

    def put_bid(self, who, data):
        policy = self.in_force[-1][0]
        accepted = receiving.receive(io.BytesIO(data), policy, who, self.stage.trust, self.now)
        received = accepted.received
        name = received.manifest_sha256
        if name in self.files:
            return 200, self.files[name][1]
        manifest.check_succession(received.manifest, self.last.get(who))
        body = {"manifest_sha256": name, "bidder": who}
        index = self.log.append(receipts.RECEIPT_ENTRY, body, self.now)
        receipt = receipts.Receipt(
            lot=LOT, policy_sha256=policy.sha256, bidder=who, version=received.manifest.version,
            manifest_sha256=name,
            signature_sha256=hashlib.sha256(received.signature).hexdigest(),
            size=received.size, received_at=self.now,
            certificate_sha256=accepted.certificate_sha256,
            certificate_serial=accepted.certificate_serial, timestamp=b"",
            provisional=(*accepted.provisional, "timestamp"), log=self.log.proof(index),
        )  # fmt: skip
        answer = self.spoken("receipt", receipt.encode())
        path = self.folder / name
        path.write_bytes(data)
        self.files[name] = (received, answer, receipt, path)
        self.bids[who], self.last[who] = name, received.manifest
        return 201, answer

    # Uploads in parts. breaks: after how many bytes the line of the next parts is cut.

    def begin_upload(self, who, headers):
        number = hashlib.sha256(b"%d" % len(self.uploads)).hexdigest()[:32]
        self.uploads[number] = [who, int(headers["Upload-Length"]), bytearray(), None]
        return 201, self.upload_answer(number)

    def upload_answer(self, number):
        who, length, data, received = self.uploads[number]
        said = Acknowledgement(number, LOT, who, len(data), length, self.now)
        told = self.spoken("acknowledgement", said.encode())
        return {"upload": number, "state": "open", "offset": len(data), "length": length, **told,
                "received": received}  # fmt: skip

    def patch_upload(self, who, number, headers, data):
        row = self.uploads[number]
        if int(headers["Upload-Offset"]) != len(row[2]):
            raise Conflict.because("procurement.upload.offset", offset=len(row[2]))
        row[2] += data
        if len(row[2]) == row[1]:
            row[3] = self.put_bid(who, bytes(row[2]))[1]
        return 200, self.upload_answer(number)

    def newest(self, name):
        """The receipt with a token, once there is an authority."""
        _received, answer, receipt, _path = self.files[name]
        if self.tsa is None:
            return answer
        token = self.stamp(bytes.fromhex(name), receipt.received_at)
        lacks = tuple(each for each in receipt.provisional if each != "timestamp")
        whole = replace(receipt, timestamp=token, provisional=lacks)
        return self.spoken("receipt", whole.encode())

    def stamp(self, digest, at):
        return demo_tsa.token(timestamps.request(digest), self.tsa, at)

    def spoken(self, field, data):
        p7s = bundles.sign(data, self.stage.signers[OPERATOR], self.now)
        return {field: data.decode(), "p7s": b64(p7s)}

    def refusal(self, who, data, refused):
        self.refused.append((who, refused))
        said = refusals.SignedRefusal(
            LOT, who, hashlib.sha256(data).hexdigest(), "", len(data), self.now,
            refusals.reasons_of(refused.refusals, lambda r: r.code),
        )  # fmt: skip
        return self.spoken("refusal", said.encode())

    def withdrawal(self, who, body):
        data = body["statement"].encode()
        wish = receipts.read_withdrawal(data)
        self.stage.trust.verify(base64.b64decode(body["p7s"]), data, wish.bidder, self.now)
        if wish.bidder != who or self.bids.get(who) != wish.manifest_sha256:
            raise Conflict.because("sealing.receipt.other", part="manifest_sha256")
        del self.bids[who]
        index = self.log.append(
            receipts.WITHDRAWAL_ENTRY, {"manifest_sha256": wish.manifest_sha256}, self.now
        )
        gone = receipts.Withdrawn(
            LOT, who, wish.manifest_sha256, hashlib.sha256(data).hexdigest(), self.now,
            self.log.proof(index),
        )  # fmt: skip
        return self.spoken("receipt", gone.encode())

    # Without a network

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

    # Opening

    def close(self):
        policy = self.in_force[-1][0]
        self.now = max(self.now, policy.deadline) + timedelta(seconds=1)
        kept = [self.files[name] for name in self.bids.values()]
        live = sorted(
            (closing.LiveBid(r.bidder, r.version, r.manifest_sha256, r.received_at, r.log.index)
             for _, _, r, _ in kept),
            key=lambda bid: bid.log_index,
        )  # fmt: skip
        self.listed = closing.ClosingList(
            lot=LOT, policy_sha256=policy.sha256, policy_version=policy.version, stage="opening",
            closed_at=policy.deadline, tree_size=len(self.log.leaves),
            tree_root=self.log.root().hex(),
            session_key=hpke.public_bytes(self.session.public_key()), bids=tuple(live),
        )  # fmt: skip

    def closing_answer(self, who):
        if self.listed is None:
            raise NotFound.because("sealing.closing.stage", stage="opening")
        policy = self.in_force[-1][0]
        data = self.listed.encode()
        if set(self.nonces) == set(policy.parties()) and self.drawn is None:
            self.draw()
        drawn = self.drawn
        told = {
            "state": "opened" if self.record else "listed",
            "over": self.record is not None,
            "cures": self.cures,
            "cured_marks": self.cured,
            "protests": self.protests,
            "replaced": self.replaced,
            "earlier": self.earlier,
            "list": data.decode(),
            "p7s": self.spoken("list", data)["p7s"],
            "signatures": [s.as_json() for s in self.list_signatures.values()],
            "bids": [self._bid_row(bid) for bid in self.listed.bids],
            "sealed_shares": self._shares(who, policy),
            "nonces": [{"uscc": c, "nonce": n.hex()} for c, n in self.nonces.items()],
            "draw": drawn,
            "moments": self.moments,
            "timestamp": self.list_token and {"authority": "-", "token": b64(self.list_token)},
            "marks": [
                {"uscc": c, "marks": text.decode(), "p7s": b64(p7s)}
                for c, (text, p7s) in self.marks.items()
            ],
        }
        return {**told, **self.surroundings()}

    def _bid_row(self, bid):
        received, answer, receipt, _ = self.files[bid.manifest_sha256]
        proof = self.log.path(receipt.log.index, self.listed.tree_size)
        return {
            "bidder": bid.bidder,
            "manifest": received.manifest_bytes.decode(),
            "p7s": b64(received.signature),
            "receipt": answer["receipt"],
            "receipt_p7s": answer["p7s"],
            "proof": [step.hex() for step in proof],
        }

    def _shares(self, who, policy):
        if who not in {t.uscc for t in policy.trustees}:
            return {}
        index = policy.index_of(who)
        return {
            bid.manifest_sha256: {
                name: b64(shares[index])
                for name, shares in self.files[bid.manifest_sha256][0].shares.items()
            }
            for bid in self.listed.bids
        }

    def sign_list(self, who, body):
        p7s = base64.b64decode(body["p7s"])
        self.stage.trust.verify(p7s, self.listed.encode(), who, self.now)
        self.list_signatures[who] = bundles.Signature(who, p7s)
        self.moment("countersigned", [s.p7s for s in self.list_signatures.values()])
        return {}

    def moment(self, name, said):
        """Note and sign when enough had been said, once under each list."""
        policy, sha256 = self.in_force[-1][0], self.listed.sha256
        known = [moments.read_moment(row["moment"].encode()) for row in self.moments]
        needed = 1 if name == "drawn" else policy.threshold
        if len(said) < needed or moments.when(known, name, sha256):
            return
        made = moments.Moment(LOT, sha256, name, self.now, moments.named(said))
        self.moments.append(self.spoken("moment", made.encode()))

    def draw(self):
        """Draw with the nonces that are there."""
        made = draw.draw(self.in_force[-1][0], self.listed.draw_sha256, self.nonces).encode()
        self.drawn = made.decode()
        self.moment("drawn", [made])

    def nonce(self, who, body):
        nonce = bytes.fromhex(body["nonce"])
        draw.check_nonce(self.in_force[-1][0], who, nonce)
        self.nonces[who] = nonce
        return {}

    def mark(self, who, body):
        data, p7s = body["marks"].encode(), base64.b64decode(body["p7s"])
        self.stage.trust.verify(p7s, data, who, self.now)
        assert releasing.read_marks(data).trustee == who
        self.marks[who] = (data, p7s)
        self.moment("marked", [text for text, _p7s in self.marks.values()])
        return {}

    def said(self, rows, name):
        def keep(who, body):
            data = body[name].encode()
            self.stage.trust.verify(base64.b64decode(body["p7s"]), data, who, self.now)
            rows.append({"uscc": who, name: body[name], "p7s": body["p7s"]})
            return {"state": "checked"}

        return keep

    def protest(self, who, body):
        if self.refuse_protests:
            raise Conflict.because("procurement.opening.released_already")
        return self.said(self.protests, "protest")(who, body)

    def told(self):
        return cures.Told(
            tuple(releasing.read_marks(text) for text, _ in self.marks.values()),
            {
                (c.manifest_sha256, c.envelope): c
                for c in (cures.read_cure(row["cure"].encode()) for row in self.cures)
            },
            tuple(cures.read_cured_marks(row["cured_marks"].encode()) for row in self.cured),
        )

    def release(self, who, body):
        data = body["release"].encode()
        self.stage.trust.verify(base64.b64decode(body["p7s"]), data, who, self.now)
        self.releases[who] = releasing.read_release(data)
        return {}

    def open(self):
        policy, bids = self.in_force[-1][0], []
        for bid in self.listed.bids:
            received, _, _, path = self.files[bid.manifest_sha256]
            made, shares = received.manifest, {}
            for who, release in self.releases.items():
                index = policy.index_of(who)
                for row in release.shares:
                    if row.manifest_sha256 == bid.manifest_sha256:
                        again = self.told().again((made.sha256, row.envelope), policy.threshold)
                        share = releasing.open_released(
                            self.listed, made, who, index, row, self.session, again
                        )
                        shares.setdefault(row.envelope, {})[index] = share
            opened = []
            for name in policy.envelopes:
                with path.open("rb") as file:
                    window = container.Window(file, *container.locate(received, name))
                    unsealing.open_with_shares(
                        made, policy, name, shares[name], window,
                        self.folder / "opened" / bid.bidder / name,
                        self.told().again((made.sha256, name), policy.threshold),
                    )  # fmt: skip
                opened.append(opening.OpenedEnvelope(name, "opened"))
            sheet = opening.sheet_of(made, self.folder / "opened" / bid.bidder / "opening_sheet")
            bids.append(opening.OpenedBid(
                bid.bidder, bid.version, bid.manifest_sha256, tuple(opened), sheet))  # fmt: skip
        drawn = (self.drawn or "").encode()
        self.record = opening.OpeningRecord(
            LOT, "opening", self.listed.sha256, opening.draw_hash(drawn), self.now, tuple(bids)
        )
        return self.record

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


__all__ = ["Lot", "Serving", "fingerprint"]
