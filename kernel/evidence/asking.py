"""One question to a time-stamp authority over HTTP (RFC 3161 §3.4), within hard limits."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import urllib.parse

from kernel.errors import Refused, Unavailable

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
MAX_REPLY = 64 * 1024


def ask(url: str, request: bytes, *, timeout: float) -> bytes:
    """The answer's bytes. Unavailable ``evidence.timestamp.unreachable``, Refused ``.answer``.

    timeout: seconds for all of it. An authority that drips byte by byte never keeps us longer: its
    connection is cut. No redirect is followed.
    """
    parts = urllib.parse.urlsplit(url)
    host, port = parts.hostname or "", parts.port
    connection: http.client.HTTPConnection = (
        http.client.HTTPSConnection(
            host, port, timeout=timeout, context=ssl.create_default_context()
        )
        if parts.scheme == "https"
        else http.client.HTTPConnection(host, port, timeout=timeout)
    )
    # Kept apart: the connection lets go of its socket while the answer is still being read.
    opened: list[socket.socket] = []
    over = threading.Event()
    watch = threading.Timer(timeout, _cut, (opened, over))
    watch.daemon = True
    watch.start()
    try:
        connection.connect()
        opened.append(connection.sock)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"Content-Type": QUERY, "Accept": REPLY, "Connection": "close"}
        connection.request("POST", path, request, headers)
        response = connection.getresponse()
        data = response.read(MAX_REPLY + 1)
    except (OSError, http.client.HTTPException, ValueError) as fault:
        told = "time is up" if over.is_set() else str(fault) or repr(fault)
        raise Unavailable.because("evidence.timestamp.unreachable", fault=told[:200]) from fault
    finally:
        watch.cancel()
        connection.close()
    if over.is_set():  # cut off in the middle of a body without a length, which then looks whole
        raise Unavailable.because("evidence.timestamp.unreachable", fault="time is up")
    kind = response.headers.get_content_type()
    if response.status != 200 or kind != REPLY or len(data) > MAX_REPLY:
        raise Refused.because(
            "evidence.timestamp.answer", status=response.status, kind=kind, size=len(data)
        )
    return data


def _cut(opened: list[socket.socket], over: threading.Event) -> None:
    over.set()  # first: whoever reads is told why the answer ends as soon as it does
    for sock in opened:
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
