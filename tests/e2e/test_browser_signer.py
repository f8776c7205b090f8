"""The page that signs, in a real Chromium under the platform's content security policy."""

from __future__ import annotations

import base64
import hashlib
import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.template.loader import render_to_string
from django.utils.html import json_script

from kernel import clock
from kernel.documents.validation import validate
from kernel.sealing.authority import DemoAuthority
from kernel.sealing.certificates import pem
from kernel.sealing.keystore import KeySigner, make_p12
from tests.e2e import signing_server
from tests.e2e.browsing import CHROMIUM
from tests.e2e.signing_server import CSRF, Platform
from tests.kernel.documents import pki

PIN = "right-PIN-筑信-42"

AXE = Path("tests/e2e/vendor/axe-core/axe.min.js")
AUDIT = "axe.run('[data-signer]').then((r) => r.violations.map((v) => v.id + ': ' + v.help))"

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]
playwright = pytest.importorskip("playwright.sync_api")

# The page compares with the browser's clock, so these certificates are of today.
TODAY = clock.technical_now().replace(microsecond=0)
AUTHORITY = DemoAuthority.create(TODAY - timedelta(days=400))


def issue(key: str = "p256", since: datetime = TODAY - timedelta(days=1)) -> KeySigner:
    return AUTHORITY.issue_signer("张三", "示例建设集团有限公司", pki.USCC, since, 30, key)


def keyfile(signer: KeySigner) -> bytes:
    """A file that opens fast; the rounds of real ones are tried once."""
    return make_p12(signer, PIN, rounds=2048)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def platform(settings: Any) -> Platform:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    chain = [pem([AUTHORITY.issuing.certificate])]
    return Platform(page=write_page(begin_url="/begin"), chain=chain, signing_time=TODAY)


def write_page(extra: str = "", **context: str) -> str:
    signer = render_to_string(
        "kernel/documents/signer.html",
        {"finish_url": "/finish", "pdf_url": "/pdf", "csrf_token": CSRF, **context},
    )
    return (
        f"<!doctype html><html lang=zh-Hans><title>签署</title><body>{extra}{signer}</body></html>"
    )


class Visitor:
    """Somebody at the page."""

    def __init__(self, page: Any, address: str) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(address)

    def part(self, name: str) -> Any:
        return self.page.locator(f'[data-part="{name}"]')

    def check(self, keyfile: bytes, pin: str = PIN) -> None:
        self.part("keyfile").set_input_files(
            {"name": "signer.p12", "mimeType": "application/x-pkcs12", "buffer": keyfile}
        )
        self.part("pin").fill(pin)
        self.page.get_by_role("button", name="核对待签文件").click()

    def sign(self) -> None:
        self.page.get_by_role("button", name="签署", exact=True).click()

    def error(self) -> str:
        self.part("error").wait_for(state="visible")
        return str(self.part("error").inner_text())


@pytest.fixture
def visit(browser: Any, platform: Platform) -> Iterator[Callable[..., Visitor]]:
    server = signing_server.serve(platform)
    contexts = []

    def open_page(**options: Any) -> Visitor:
        contexts.append(browser.new_context(**options))
        return Visitor(contexts[-1].new_page(), f"http://127.0.0.1:{server.server_port}/")

    yield open_page
    for context in contexts:
        context.close()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("key", ["p256", "rsa3072"])
def test_a_person_reads_what_is_signed_then_signs_it(
    visit: Callable[..., Visitor], platform: Platform, key: str
) -> None:
    signer = issue(key)
    visitor = visit()
    visitor.check(make_p12(signer, PIN))
    visitor.part("summary").wait_for(state="visible")

    assert visitor.part("title").inner_text() == "中标通知书 “甲” 第一标段"
    assert visitor.part("number").inner_text() == "闽建招〔2026〕1号"
    assert visitor.part("holder").inner_text() == "张三 / 示例建设集团有限公司"
    assert visitor.part("digest").inner_text() == platform.request["document_sha256"]
    assert visitor.part("pin").input_value() == ""
    assert len(platform.bodies) == 1, "nothing is signed by the first click"

    visitor.sign()
    visitor.page.wait_for_url("**/receipt")

    (report,) = validate(
        platform.signed,
        anchors=[pem([AUTHORITY.root.certificate])],
        at=TODAY + timedelta(minutes=1),
        crls=AUTHORITY.crls(TODAY),
    )
    assert report.holds, report
    assert report.signer == "张三"
    assert visitor.complaints == [], "neither an error nor a breach of the policy"


def test_a_request_that_stands_in_the_page_is_signed_without_asking_for_one(
    visit: Callable[..., Visitor], platform: Platform
) -> None:
    signer = issue()
    request = platform.begin({"certificate_pem": pem([signer.certificate]).decode()})
    platform.page = write_page(json_script(request, "sign-request"), request_id="sign-request")
    visitor = visit()
    visitor.check(keyfile(signer))
    visitor.part("summary").wait_for(state="visible")
    visitor.sign()
    visitor.page.wait_for_url("**/receipt")
    assert len(platform.bodies) == 1
    assert platform.signed.startswith(pki.draft())


def test_neither_key_nor_pin_nor_key_file_leaves_the_page(
    visit: Callable[..., Visitor], platform: Platform
) -> None:
    signer = issue()
    file = keyfile(signer)
    visitor = visit()
    visitor.check(file)
    visitor.part("summary").wait_for(state="visible")
    visitor.sign()
    visitor.page.wait_for_url("**/receipt")

    secret = signer.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    sent = b"".join(platform.bodies)
    assert len(platform.bodies) == 2
    for private in (file, secret, PIN.encode()):
        assert private not in sent
        assert base64.b64encode(private)[:40] not in sent
        assert private.hex().encode()[:40] not in sent


def test_the_file_offered_for_reading_is_the_file_that_is_signed(
    visit: Callable[..., Visitor], platform: Platform
) -> None:
    visitor = visit(accept_downloads=True)
    visitor.check(keyfile(issue()))
    visitor.part("summary").wait_for(state="visible")
    with visitor.page.expect_download() as download:
        visitor.part("file").click()
    offered = download.value.path().read_bytes()
    assert hashlib.sha256(offered).digest() == hashlib.sha256(platform.pdf).digest()


def test_a_wrong_pin_is_said_and_nothing_is_sent(
    visit: Callable[..., Visitor], platform: Platform
) -> None:
    visitor = visit()
    visitor.check(keyfile(issue()), pin="wrong")
    assert "PIN 不正确" in visitor.error()
    assert visitor.part("pin").input_value() == ""
    assert visitor.page.evaluate("document.activeElement.dataset.part") == "error"
    assert platform.bodies == []


def test_something_else_than_a_key_file_is_said(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.check(b"hello")
    assert "不是证书文件" in visitor.error()


def test_an_expired_certificate_is_said_and_nothing_is_sent(
    visit: Callable[..., Visitor], platform: Platform
) -> None:
    visitor = visit()
    visitor.check(keyfile(issue(since=TODAY - timedelta(days=90))))
    assert "不在有效期" in visitor.error()
    assert platform.bodies == []


def _other_document(platform: Platform) -> None:
    platform.pdf = platform.pdf[:5000] + bytes([platform.pdf[5000] ^ 1]) + platform.pdf[5001:]


def _hidden_in_the_gap(platform: Platform) -> None:
    at = platform.request["byte_range"][1] + 9
    platform.pdf = platform.pdf[:at] + b"1" + platform.pdf[at + 1 :]


def _other_range(platform: Platform) -> None:
    platform.request["byte_range"][3] -= 1


def _other_digest(platform: Platform) -> None:
    _patch(platform, bytes.fromhex(platform.request["document_sha256"]), b"\x07" * 32)


def _other_certificate(platform: Platform) -> None:
    _patch(platform, bytes.fromhex(platform.request["certificate_sha256"]), b"\x07" * 32)


def _other_content_type(platform: Platform) -> None:
    _patch(platform, bytes.fromhex("2a864886f70d010701"), bytes.fromhex("2a864886f70d010702"))


def _unknown_attribute(platform: Platform) -> None:
    _patch(platform, bytes.fromhex("2a864886f70d010903"), bytes.fromhex("2a864886f70d010909"))


def _not_attributes(platform: Platform) -> None:
    platform.request["signed_attributes"] = base64.b64encode(b"I owe you").decode()


def _patch(platform: Platform, old: bytes, new: bytes) -> None:
    attributes = base64.b64decode(platform.request["signed_attributes"])
    assert old in attributes
    changed = attributes.replace(old, new)
    platform.request["signed_attributes"] = base64.b64encode(changed).decode()


@pytest.mark.parametrize(
    ("deceive", "told"),
    [
        (_other_document, "摘要不一致"),
        (_hidden_in_the_gap, "摘要不一致"),
        (_other_range, "摘要不一致"),
        (_other_digest, "摘要不一致"),
        (_other_certificate, "证书不一致"),
        (_other_content_type, "不合规范"),
        (_unknown_attribute, "不合规范"),
        (_not_attributes, "不合规范"),
    ],
)
def test_a_request_for_anything_else_is_not_signed(
    visit: Callable[..., Visitor],
    platform: Platform,
    deceive: Callable[[Platform], None],
    told: str,
) -> None:
    platform.tamper = lambda request: deceive(platform)  # type: ignore[method-assign]
    visitor = visit()
    visitor.check(keyfile(issue()))
    assert told in visitor.error()
    assert visitor.part("summary").is_hidden()
    assert len(platform.bodies) == 1


def test_a_refusal_of_the_platform_is_told_in_its_words(
    visit: Callable[..., Visitor], platform: Platform
) -> None:
    visitor = visit()
    visitor.check(keyfile(issue()))
    visitor.part("summary").wait_for(state="visible")
    platform.request = {**platform.request, "title": "another"}
    visitor.sign()
    assert "平台：sealing.sign.other_request" in visitor.error()
    assert platform.signed == b""


def test_going_back_forgets_what_was_checked(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.check(keyfile(issue()))
    visitor.part("summary").wait_for(state="visible")
    visitor.page.get_by_role("button", name="不签").click()
    assert visitor.part("summary").is_hidden()
    assert visitor.part("form").is_visible()


def test_both_steps_are_accessible(visit: Callable[..., Visitor]) -> None:
    visitor = visit(bypass_csp=True)  # for the checker, which the page itself would not load
    visitor.page.add_script_tag(content=AXE.read_text())
    found = visitor.page.evaluate(AUDIT)
    visitor.check(keyfile(issue()))
    visitor.part("summary").wait_for(state="visible")
    found += visitor.page.evaluate(AUDIT)
    assert found == []
    assert visitor.page.evaluate("document.activeElement.dataset.part") == "heading"


def test_without_script_the_page_names_the_other_way(visit: Callable[..., Visitor]) -> None:
    visitor = visit(java_script_enabled=False)
    assert "命令行签名工具" in visitor.part("unscripted").inner_text()
    assert visitor.part("form").is_hidden()


def test_the_committed_program_is_the_one_in_its_manifest() -> None:
    folder = signing_server.SCRIPT.parent
    for row in tomllib.loads((folder / "manifest.toml").read_text())["file"]:
        assert hashlib.sha256((folder / row["file"]).read_bytes()).hexdigest() == row["sha256"]
