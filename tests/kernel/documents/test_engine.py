"""The engine: same sheet, same bytes; nothing fetched; no box instead of a character."""

from __future__ import annotations

import base64
import ctypes.util
import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kernel.documents import engine, fonts, qr
from kernel.errors import Refused, Unavailable
from tests.contracts.test_document_forms import sheet
from tests.kernel.documents import pdf_facts, sample

ROOT = Path(__file__).parents[3]
needs_pango = pytest.mark.skipif(not engine.available()[0], reason=engine.available()[2])
_OTHER_PROCESS = """
import hashlib, django
from django.conf import settings
settings.TEMPLATES[0]["DIRS"] = ["tests/kernel/documents/templates"]
django.setup()
from kernel.documents import engine
from tests.contracts.test_document_forms import sheet
from tests.kernel.documents import sample
print(hashlib.sha256(engine.render(sheet(sample.CERTIFICATE, sandbox=True))).hexdigest())
"""


@needs_pango
def test_the_same_sheet_gives_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    here = hashlib.sha256(engine.render(sheet(sample.CERTIFICATE, sandbox=True))).hexdigest()
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONHASHSEED": "4711",
        "PYTHONPATH": str(ROOT),
        "ZHUXIN_VAR": str(tmp_path),
    }
    there = subprocess.run(
        [sys.executable, "-c", _OTHER_PROCESS],
        capture_output=True,
        check=True,
        cwd=ROOT,
        env=env,
        text=True,
    ).stdout.strip()
    assert there == here


@needs_pango
def test_the_attachment_is_listed_once() -> None:
    assert pdf_facts.read(engine.render(sheet(sample.CERTIFICATE))).associated == 1


def test_without_pango_the_refusal_names_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes.util, "find_library", lambda name: None)
    usable, missing, command = engine.available()
    assert (usable, missing) == (False, "pango-1.0, pangoft2-1.0")
    with pytest.raises(Unavailable) as refused:
        engine.render(sheet(sample.CERTIFICATE))
    refusal = refused.value.refusals[0]
    assert refusal.code == "documents.engine.unavailable"
    assert refusal.facts["command"] == command == engine.INSTALL


@needs_pango
@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/picture.png",
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "data:text/html,x",
        (ROOT / "pyproject.toml").as_uri(),
        fonts.faces()[0].url + "/../METADATA",
    ],
)
@pytest.mark.parametrize(
    "tag",
    [
        '<img src="{}">',
        '<link rel="stylesheet" href="{}">',
        '<style>@import url("{}");</style>',
        '<p style="background-image: url({})">x</p>',
        '<link rel="attachment" href="{}">',
        '<object data="{}"></object>',
    ],
)
def test_a_template_reaches_nothing_outside(
    address: str, tag: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = f"<html><body>{tag.format(address)}</body></html>"
    monkeypatch.setattr(engine, "render_html", lambda sheet: page)
    with pytest.raises(Refused) as refused:
        engine.render(sheet(sample.CERTIFICATE))
    assert refused.value.refusals[0].code == "documents.engine.resource_refused"


@needs_pango
def test_a_character_that_no_font_draws_is_refused_by_name() -> None:
    odd = replace(sheet(sample.CERTIFICATE), issuer="𠮷田市住建局")
    with pytest.raises(Refused) as refused:
        engine.render(odd)
    assert refused.value.refusals[0].code == "documents.engine.missing_glyphs"
    assert refused.value.refusals[0].facts == {"characters": "𠮷"}


@needs_pango
def test_markup_in_data_stays_text() -> None:
    data: dict[str, Any] = sample.data(1)
    data["project"]["name"] = '<img src="file:///etc/passwd">'
    page = engine.render_html(sheet(sample.CERTIFICATE, data=data))
    assert "&lt;img" in page
    engine.render(sheet(sample.CERTIFICATE, data=data))


def test_a_long_name_of_an_authority_still_fits_one_line() -> None:
    assert engine._head_size("住建局") == 34
    assert engine._head_size("哈尔滨新区管理委员会住房和城乡建设管理局") * 20 <= 442


def test_the_qr_code_is_a_picture_without_anything_active() -> None:
    uri = qr.data_uri("http://127.0.0.1:8000/check/7M3K-Q0ZT-9XWA/")
    svg = base64.b64decode(uri.split(",", 1)[1])
    assert svg.startswith(b"<svg")
    assert b"script" not in svg
    assert b"href" not in svg
