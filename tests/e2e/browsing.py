"""A browser and a server for tests that look at pages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import override_settings
from django.test.testcases import LiveServerThread

# The engine without a window of its own does the same in a third of the processor's time.
CHROMIUM = (
    os.environ.get("ZHUXIN_CHROMIUM")
    or shutil.which("chromium-headless-shell")
    or shutil.which("chromium")
    or ""
)
# What people have: the journeys of a sealed bid are walked in it.
WHOLE = shutil.which("chromium") or CHROMIUM
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


@contextmanager
def served() -> Iterator[str]:
    """Serve the whole site with its static files on a free port; yield its address."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        server = LiveServerThread("127.0.0.1", StaticFilesHandler, connections_override={})
        server.daemon = True
        server.start()
        server.is_ready.wait()
        if server.error:
            raise server.error
        try:
            yield f"http://127.0.0.1:{server.port}"
        finally:
            server.terminate()
            server.join()


@contextmanager
def chromium(*options: str, path: str = CHROMIUM) -> Iterator[Any]:
    """Start the Chromium of this machine; options: what its command line has besides."""
    from playwright.sync_api import sync_playwright

    # Playwright's loop lives in this thread, beside which tests and fixtures read the database.
    with mock.patch.dict(os.environ, DJANGO_ALLOW_ASYNC_UNSAFE="1"), sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=["--no-sandbox", *options])
        yield browser
        browser.close()


@contextmanager
def opened(
    browser: Any, base: str, language: str = "zh-hans", **options: Any
) -> Iterator[tuple[Any, list[str]]]:
    """Open a page in a context of its own; yield it and the list of what went wrong on it."""
    context = browser.new_context(base_url=base, **options)
    context.add_cookies([{"name": "django_language", "value": language, "url": base}])
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "response",
        lambda got: wrong.append(f"{got.status} {got.url}") if got.status >= 400 else None,
    )
    try:
        yield page, wrong
    finally:
        context.close()
