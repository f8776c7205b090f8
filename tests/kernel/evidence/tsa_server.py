"""A time-stamp authority in a process of its own, good and bad by the path that is asked.

``python -m tests.kernel.evidence.tsa_server FOLDER`` makes an authority there, prints its port
when it is ready, and answers until it is killed.
"""

import sys
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from kernel import clock
from kernel.sealing import demo_tsa
from kernel.sealing.authority import DemoAuthority
from kernel.sealing.certificates import pem


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def do_POST(self):
        asked = self.rfile.read(int(self.headers["Content-Length"]))
        getattr(self, "_" + self.path.strip("/"))(asked)

    def _good(self, asked, *, late=timedelta(), kind=demo_tsa.REPLY):
        at = clock.technical_now() + late
        self._send(demo_tsa.respond(asked, self.server.signer, at), kind)

    def _together(self, asked):
        # Nobody is answered before eight have asked: who asks one after the other waits in vain.
        self.server.eight.wait(20)
        self._good(asked)

    def _lies(self, asked):
        self._good(asked, late=timedelta(hours=2))

    def _wrong_kind(self, asked):
        self._good(asked, kind="text/html")

    def _fails(self, asked):
        self._send(b"out of order", "text/plain", 500)

    def _garbage(self, asked):
        self._send(bytes(range(256)) * 4, demo_tsa.REPLY)

    def _empty(self, asked):
        self._send(b"", demo_tsa.REPLY)

    def _replays(self, asked):
        """The first answer that it ever gave, to every request."""
        kept = self.server.kept or demo_tsa.respond(
            asked, self.server.signer, clock.technical_now()
        )
        self.server.kept = kept
        self._send(kept, demo_tsa.REPLY)

    def _huge(self, asked):
        self._send(bytes(200_000), demo_tsa.REPLY)

    def _elsewhere(self, asked):
        self.send_response(302)
        self.send_header("Location", "/good")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _hangs(self, asked):
        time.sleep(60)

    def _drips(self, asked):
        self.send_response(200)
        self.send_header("Content-Type", demo_tsa.REPLY)
        self.end_headers()
        for _ in range(600):
            self.wfile.write(b"0")
            self.wfile.flush()
            time.sleep(0.1)

    def _send(self, data, kind, status=200):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def main(folder: Path) -> None:
    now = clock.technical_now()
    own = DemoAuthority.create(now - timedelta(days=2))
    signer = own.issue_tsa(now - timedelta(days=1), 30, "Outside TSA")
    (folder / "roots.pem").write_bytes(pem([own.root.certificate]))
    (folder / "issuing.pem").write_bytes(pem([own.issuing.certificate]))
    for name, data in zip(("issuing", "root"), own.crls(now), strict=True):
        (folder / f"{name}.crl").write_bytes(data)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.eight = threading.Barrier(8)
    server.signer, server.kept = signer, b""
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
