"""Papers that somebody of the play uploads: one page as PDF, where PDFs can be made here."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import lru_cache
from html import escape

from kernel.documents import engine

_STYLE = "@page { size: A4; margin: 25mm } h1 { font-size: 18pt } p { font-size: 11pt }"


@lru_cache(maxsize=16)
def pdf(title: str, paragraphs: Sequence[str]) -> bytes:
    """A page with a title and paragraphs. Where the libraries are missing: a bare PDF header."""
    if not engine.available()[0]:
        return f"%PDF-1.7 {title}".encode()
    # It tells each step of each page at INFO.
    logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
    import weasyprint

    said = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    page = (
        f"<html lang='zh-Hans-CN'><head><title>{escape(title)}</title><style>{_STYLE}</style>"
        f"</head><body><h1>{escape(title)}</h1>{said}</body></html>"
    )
    made: bytes = weasyprint.HTML(string=page).write_pdf(pdf_identifier=title.encode()[:16])
    return made
