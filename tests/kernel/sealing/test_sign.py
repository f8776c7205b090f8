"""The signing client as people run it: its own process, no Django, refusals in words."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import kernel.sealing.sign
from kernel.sealing import cms
from kernel.sealing.certificates import fingerprint
from kernel.sealing.keystore import make_p12
from kernel.sealing.signrequest import Request, read_response
from tests.kernel.sealing.conftest import NOW

ROOT = Path(kernel.sealing.sign.__file__).parents[2]
PIN = "演示123456"
DOCUMENT = "中标通知书正文".encode()

# Django made impossible to import: the client must not even try.
WITHOUT_DJANGO = (
    "import runpy, sys; sys.modules['django'] = None; sys.argv = ['sign', *sys.argv[1:]];"
    "runpy.run_module('kernel.sealing.sign', run_name='__main__', alter_sys=True)"
)


@pytest.fixture
def desk(tmp_path, signer):
    """A directory with a key file, its PIN, a document and a request to sign it."""
    digest = hashlib.sha256(DOCUMENT).digest()
    request = Request(
        title="中标通知书\u202e\x1b[2J",
        number="ZX-2026-0001",
        organisation="示例招标代理有限公司",
        document_sha256=digest.hex(),
        signed_attributes=cms.signed_attributes(digest, signer.certificate, NOW),
        certificate_sha256=fingerprint(signer.certificate),
        signing_time=NOW.replace(microsecond=0),
    )
    (tmp_path / "key.p12").write_bytes(make_p12(signer, PIN, rounds=1000))
    (tmp_path / "pin").write_text(PIN + "\n", "utf-8")
    (tmp_path / "document").write_bytes(DOCUMENT)
    (tmp_path / "request.json").write_bytes(request.encode())
    return tmp_path, request


def run(folder, *more, answer="", pin="pin"):
    command = [sys.executable, "-c", WITHOUT_DJANGO, "request.json", "--p12", "key.p12",
               "--pin-file", pin, "-o", "response.json", *more]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "LANGUAGE": "zh_CN"}
    return subprocess.run(
        command, cwd=folder, env=environment, input=answer, capture_output=True, text=True,
        check=False, encoding="utf-8",
    )  # fmt: skip


def test_a_document_is_signed_without_django(desk, signer):
    folder, request = desk
    result = run(folder, "--document", "document", "--yes")
    assert result.returncode == 0, result.stderr
    response = (folder / "response.json").read_bytes()
    signature = read_response(response, request.encode(), signer.certificate)
    made = cms.assemble(request.signed_attributes, signature, signer.certificate, signer.chain)
    assert cms.check(made, DOCUMENT).certificate == signer.certificate


def test_the_signer_sees_what_is_signed_and_by_whom(desk):
    folder, request = desk
    shown = run(folder, "--document", "document", "--yes").stdout
    document = ("中标通知书", request.number, request.organisation, request.document_sha256)
    signer = ("2026-03-02 09:30:00 (UTC+8)", "张三", "91350000MA2EXAMPL1")
    for text in (*document, *signer, "已核对"):
        assert text in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_who_gives_no_document_is_told_that_nothing_was_compared(desk):
    assert "未核对" in run(desk[0], "--yes").stdout


@pytest.mark.parametrize(("answer", "signed"), [("yes\n", True), ("no\n", False), ("", False)])
def test_nothing_is_signed_without_a_yes(desk, answer, signed):
    result = run(desk[0], answer=answer)
    assert (result.returncode == 0) is signed
    assert (desk[0] / "response.json").exists() is signed


def test_refusals_are_said_in_words_with_their_code(desk, rsa_signer):
    folder, request = desk

    def refused(code, *more, **how):
        result = run(folder, "--yes", *more, **how)
        assert result.returncode == 1
        assert f"[{code}]" in result.stderr
        assert "Traceback" not in result.stderr
        assert not (folder / "response.json").exists()
        return result.stderr

    (folder / "other").write_bytes(b"another document")
    words = refused("sealing.sign.digest_mismatch", "--document", "other")
    assert "文件与签名请求不一致，不得签名" in words
    (folder / "wrong").write_text("1", "utf-8")
    refused("sealing.keystore.cannot_open", pin="wrong")
    assert run(folder, "--yes", pin="missing").returncode == 1
    (folder / "request.json").write_bytes(request.encode() + b" ")
    refused("sealing.canonical.not_canonical")
    asked = replace(request, certificate_sha256=fingerprint(rsa_signer.certificate))
    (folder / "request.json").write_bytes(asked.encode())
    refused("sealing.sign.other_certificate")


def test_the_module_starts_as_documented():
    result = subprocess.run(
        [sys.executable, "-m", "kernel.sealing.sign", "--help"], cwd=ROOT, capture_output=True,
        text=True, check=False, encoding="utf-8", env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert result.returncode == 0
    assert "--pin-file" in result.stdout


def test_no_module_of_the_room_pulls_django_in():
    names = sorted(
        f"kernel.sealing.{path.stem}"
        for path in (ROOT / "kernel" / "sealing").glob("*.py")
        if path.stem != "__init__"
    )
    code = (
        f"import sys\nfor name in {names!r}: __import__(name)\n"
        "assert not [m for m in sys.modules if m.split('.')[0] == 'django']"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
