"""The real signing page with its real script: from the click to the issued document."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.test import Client

from kernel import clock
from kernel.documents.models import Document, DocumentState
from tests.e2e.browsing import CHROMIUM
from tests.kernel.documents import sample
from tests.kernel.documents.conftest import Office
from tests.kernel.documents.test_ceremony import waiting
from tests.kernel.documents.test_views import AT, log_in

ORIGIN = "http://localhost"  # where browsers allow WebCrypto without https

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.e2e,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]


@contextmanager
def _outside_the_loop() -> Iterator[None]:
    """Django keeps another database connection for running event loops; Playwright runs one."""
    loop = asyncio.events._get_running_loop()
    asyncio.events._set_running_loop(None)
    try:
        yield
    finally:
        asyncio.events._set_running_loop(loop)


def _answer(client: Client, route: Any) -> None:
    """Answer a request of the browser by Django itself, without a socket."""
    asked = route.request
    address = asked.url.removeprefix(ORIGIN)
    if address.startswith("/static/"):
        route.fulfill(path=f"kernel{address.partition('?')[0]}")
        return
    with _outside_the_loop():
        given = _ask(client, asked, address)
    shown = {k: v for k, v in given.headers.items() if k != "Content-Length"}
    route.fulfill(status=given.status_code, headers=shown, body=given.getvalue())


def _ask(client: Client, asked: Any, address: str) -> Any:
    headers = {"Accept": asked.headers.get("accept", "*/*")}
    if asked.method == "GET":
        return client.get(address, headers=headers)
    return client.post(
        address,
        data=asked.post_data_buffer,
        content_type=asked.headers["content-type"],
        headers=headers,
    )


def test_the_last_signature_in_the_page_issues_the_document(
    client: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    monkeypatch.setattr(clock, "now", lambda: AT)
    document: Document = waiting(office, sample.PRIVATE)
    log_in(client, office, "经办甲")
    begun = client.post(
        f"/documents/{document.pk}/sign/begin", {"certificate": office.certificates["经办甲"].pk}
    )
    keyfile = office.holders["经办甲"].p12("PIN-42")
    complaints: list[str] = []

    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        page.clock.set_fixed_time(AT)
        page.route("**/*", lambda route: _answer(client, route))
        page.goto(ORIGIN + begun["Location"])
        page.locator('[data-part="keyfile"]').set_input_files(
            {"name": "my.p12", "mimeType": "application/x-pkcs12", "buffer": keyfile}
        )
        page.locator('[data-part="pin"]').fill("PIN-42")
        page.get_by_role("button", name="核对待签文件").click()
        page.locator('[data-part="summary"]').wait_for(state="visible")
        assert page.locator('[data-part="title"]').inner_text() == document.title
        page.get_by_role("button", name="签署", exact=True).click()
        page.wait_for_url(f"**/check/{document.check_code_grouped}/")
        browser.close()

    document.refresh_from_db()
    assert document.state == DocumentState.ISSUED
    assert [line for line in complaints if "Content Security Policy" in line] == []
