"""The tool asks the server in the language of its own words, and shows what it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from procurement.bidder.http import Client, ServerRefused
from procurement.bidder.main import language


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """A server that refuses everything and notes in which language it was asked."""
    asked: list[str] = []

    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.headers.get("Accept-Language", ""))
            body = json.dumps({"refusals": [{"code": "api.token.invalid", "message": "No."}]})
            self.send_response(401)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_words: object) -> None:
            return

    found = HTTPServer(("127.0.0.1", 0), Refusing)
    thread = threading.Thread(target=found.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{found.server_port}", asked
    found.shutdown()
    thread.join()


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh-hans"),
        ({"LANGUAGE": "en_US:en", "LANG": "zh_CN.UTF-8"}, "en"),
        ({}, "zh-hans"),
    ],
)
def test_the_server_is_asked_in_the_tools_language(server, monkeypatch, environment, wanted):
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    url, asked = server
    with pytest.raises(ServerRefused) as refused:
        Client(url, "LOT", "token", language()).get("/policy")
    assert asked == [wanted]
    assert refused.value.reasons[0]["message"] == "No."
