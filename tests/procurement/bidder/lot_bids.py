"""How the operator of a lot takes bids: whole, in parts, and back."""

import base64
import hashlib
import io
from dataclasses import replace

from kernel.errors import Conflict
from kernel.sealing import demo_tsa, timestamps
from kernel.sealing.bids import (
    bundles,
    manifest,
    receipts,
    receiving,
    refusals,
)
from kernel.sealing.bids.acknowledgements import Acknowledgement
from kernel.sealing.bids.fields import b64
from tests.kernel.sealing.bids.support import LOT, OPERATOR


class Bids:
    """A lot while bids come; breaks: after how many bytes the line of the next parts is cut."""

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
