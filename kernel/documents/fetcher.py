"""What a template may reach: our own fonts and pictures drawn into the page; nothing else.

Imports WeasyPrint, so it is imported only by the engine, late.
"""

from __future__ import annotations

from typing import Any

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from kernel.documents import fonts

_INLINE = ("data:image/svg+xml;base64,", "data:image/png;base64,")


class ResourceRefused(FatalURLFetchingError):  # type: ignore[misc]  # noqa: N818
    """A template asked for something outside; stops the rendering instead of leaving a gap."""

    def __init__(self, url: str) -> None:
        self.url = url[:200]
        super().__init__(self.url)


class OwnFilesOnly(URLFetcher):  # type: ignore[misc]
    """Serves inline pictures and the registered font files; every other address is refused."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The resource behind an allowed address."""
        if url.startswith(_INLINE) or url in {face.url for face in fonts.faces()}:
            return super().fetch(url, headers)
        raise ResourceRefused(url)
