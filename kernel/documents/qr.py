"""QR codes as SVG: one function makes what is printed and what tests read back. Pure."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import segno


def make(payload: str) -> segno.QRCode:
    """The QR code of an address, error correction M (15 %), good for a stamp across a corner."""
    import segno  # a web worker that prints no document does without it

    return segno.make(payload, error="m", micro=False, boost_error=False)


def svg(payload: str) -> bytes:
    """The QR code as a standalone SVG without a declaration, four modules of quiet zone."""
    buffer = BytesIO()
    make(payload).save(buffer, kind="svg", xmldecl=False, border=4, dark="#000", light="#fff")
    return buffer.getvalue()


def data_uri(payload: str) -> str:
    """The SVG as a ``data:`` address for an ``img``, which can carry an alternative text."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg(payload)).decode("ascii")
