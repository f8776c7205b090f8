"""Templates hold no inline code; every sample page renders in both languages without a query."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.core.management import call_command
from django.template import Context
from django.template.loader import get_template
from django.test import Client, override_settings

from kernel.templatetags import ui
from kernel.web import samples
from kernel.web.style import SHOWN

KERNEL = Path(__file__).resolve().parents[3] / "kernel"
# Documents become PDFs by their own engine and are never served as pages.
TEMPLATES = [
    path
    for path in sorted((KERNEL / "templates").rglob("*.html"))
    if "kernel/documents" not in path.as_posix()
]
PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
_INLINE = re.compile(
    r"""\sstyle\s*=|\son[a-z]+\s*=\s*["']|javascript:|<style"""
    r"""|<script(?![^>]*(?:\ssrc=|type="application/json"))""",
    re.IGNORECASE,
)


@pytest.fixture
def plain_static(settings):
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN}}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(KERNEL).as_posix())
def test_no_template_has_inline_styles_or_scripts(path):
    assert not _INLINE.search(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(KERNEL).as_posix())
def test_every_template_compiles(path):
    get_template(path.relative_to(KERNEL / "templates").as_posix())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("show", ["", *SHOWN])
def test_a_sample_page_renders_without_the_database(plain_static, show, language):
    client = Client()
    client.cookies["django_language"] = language
    response = client.get("/style/", {"show": show})
    html = response.content.decode()
    assert response.status_code == 200
    assert "<h1" in html
    assert not re.search(r"\{[{%]", html)
    # Every id is there once, or labels and summaries lead astray.
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_the_error_page_of_a_broken_server_needs_no_context(plain_static):
    html = get_template("500.html").render()
    assert "系统出错" in html


def test_static_files_survive_the_hashing_storage(tmp_path):
    hashing = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    storages = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": hashing,
    }
    with override_settings(STATIC_ROOT=str(tmp_path), STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    assert (tmp_path / "staticfiles.json").is_file()


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _themes() -> dict[str, dict[str, str]]:
    css = (KERNEL / "static/kernel/web/css/tokens.css").read_text(encoding="utf-8")
    light, dark = css.split("@media (prefers-color-scheme: dark)", 1)
    dark = dark.split("@media", 1)[0]
    found = [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", part)) for part in (light, dark)]
    return {"light": found[0], "dark": {**found[0], **found[1]}}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_contrast_is_at_least_4_5_on_every_ground(theme):
    colours = _themes()[theme]
    grounds = ("paper", "ground", "sunk", "action-wash")
    pairs = [(ink, on) for ink in ("ink", "ink-quiet", "action") for on in grounds]
    pairs += [(tone, on) for tone in ("stop", "soon", "done") for on in ("paper", f"{tone}-wash")]
    pairs += [("action-on", "action-fill"), ("action-on", "action-fill-strong")]
    pairs += [("top-on", "top"), ("top-quiet", "top"), ("top-on", "top-press")]
    poor = {(a, b): contrast(colours[a], colours[b]) for a, b in pairs}
    assert {pair: ratio for pair, ratio in poor.items() if ratio < 4.5} == {}
    # Borders of controls are seen: 3:1 (WCAG 2.2, 1.4.11).
    assert contrast(colours["line-strong"], colours["paper"]) >= 3


class _Nesting(HTMLParser):
    """Notices a form within a form: a browser closes the outer one at the inner one's end."""

    depth = deepest = 0

    def handle_starttag(self, tag, attrs):
        if tag == "form":
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)

    def handle_endtag(self, tag):
        if tag == "form":
            self.depth -= 1


@pytest.mark.parametrize("show", ["", *SHOWN])
def test_no_form_stands_within_a_form(plain_static, show):
    parser = _Nesting()
    parser.feed(Client().get("/style/", {"show": show}).content.decode())
    assert parser.deepest <= 1
    assert parser.depth == 0


def test_the_frame_finds_its_site_under_another_thing_of_that_name():
    ours = samples.site()
    context = Context({"site": ours})
    with context.push(site="allauth's"):
        assert ui.own_site(context) is ours
    assert ui.own_site(Context({"site": None})) == ""
