"""What every registered document form must give, in both languages."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kernel.documents import engine, forms, qr
from kernel.sealing import canonical
from tests.kernel.documents import pdf_facts, sample

Prints = Callable[[str, str], bytes]
CODE = "7M3KQ0ZT9XWA"
AT = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
# The sample form keeps the contract tested even where no package has registered one.
FORMS = {**forms.all(), sample.CERTIFICATE.code: sample.CERTIFICATE}

pytestmark = pytest.mark.skipif(
    not engine.available()[0], reason=f"no Pango: {engine.available()[2]}"
)
each_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
each_language = pytest.mark.parametrize("language", ["zh-hans", "en"])


@pytest.fixture(autouse=True)
def _sample_templates(settings: Any) -> None:
    folder = Path(sample.__file__).parent / "templates"
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [folder]}]


def sheet(form: forms.DocumentForm, language: str = "zh-hans", **changes: Any) -> engine.Sheet:
    made = engine.Sheet(
        form=form,
        number="示建〔2026〕17号",
        language=language,
        issuer="示例市住房和城乡建设局",
        data=form.sample(),
        check_code=CODE,
        written_at=AT,
        marks=form.sources,
        signers=tuple(
            engine.Signatory(str(rule.label), "示例市住房和城乡建设局") for rule in form.signers
        ),
    )
    return replace(made, **changes)


@pytest.fixture
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Prints:
    """
    Printing takes a good part of a second; the tests that only read share one print.

    Those of all processes of a run do. The Chinese print is a sandbox's, the English one is not.
    """
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "prints"
    shared.mkdir(exist_ok=True)

    def made(code: str, language: str) -> bytes:
        kept = shared / f"{code}.{language}.pdf"
        if not kept.exists():
            own = kept.with_suffix(f".{os.getpid()}")
            own.write_bytes(
                engine.render(sheet(FORMS[code], language, sandbox=language == "zh-hans"))
            )
            own.replace(kept)
        return kept.read_bytes()

    return made


@each_form
@each_language
def test_a_form_gives_a_tagged_pdf_a_3a_that_carries_its_data(
    form: forms.DocumentForm, language: str, rendered: Prints
) -> None:
    facts = pdf_facts.read(rendered(form.code, language))
    assert facts.conformance == "3A"
    assert facts.tagged
    assert facts.language.startswith({"zh-hans": "zh-Hans", "en": "en"}[language])
    assert "示建〔2026〕17号" in facts.title
    assert facts.attachments == {"data.json": canonical.encode(form.sample())}
    assert facts.relationships == ["/Data"]
    assert facts.fonts
    assert all(facts.fonts.values())
    assert {name.split("-")[0] for name in facts.fonts} == {"Zhuxin"}


@each_form
def test_the_qr_code_holds_the_check_address(form: forms.DocumentForm, rendered: Prints) -> None:
    page = engine.render_html(sheet(form))
    assert qr.data_uri(engine.check_url(CODE)) in page
    assert engine.check_url(CODE).endswith("/check/7M3K-Q0ZT-9XWA/")
    facts = pdf_facts.read(rendered(form.code, "zh-hans"))
    assert any(engine.check_url(CODE) in text for text in facts.alternatives)


@each_form
@each_language
def test_the_page_says_number_day_code_and_page_x_of_y(
    form: forms.DocumentForm, language: str, tmp_path: Path, rendered: Prints
) -> None:
    pdf = rendered(form.code, language)
    text = "".join(_text(pdf, tmp_path).split())
    assert "示建〔2026〕17号" in text
    assert "7M3K-Q0ZT-9XWA" in text
    # 01:30 of the 24th in legal time, although UTC still writes the 23rd.
    assert ("24November2026" if language == "en" else "2026年11月24日") in text
    pages = pdf_facts.read(pdf).pages
    assert any(wanted in text for wanted in (f"第{pages}页共{pages}页", f"Page{pages}of{pages}"))


@each_form
def test_a_doubtful_source_is_named_on_the_page(form: forms.DocumentForm) -> None:
    doubt = forms.Source("评分办法", "本平台规则 7", "own_default")
    assert "平台默认值，非法定" in engine.render_html(sheet(form, marks=(doubt,)))
    sure = forms.Source("评分办法", "《条例》第七条", "statute_text")
    assert "评分办法" not in engine.render_html(sheet(form, marks=(sure,)))


@each_form
def test_only_an_authority_has_the_red_head(form: forms.DocumentForm) -> None:
    assert ('class="head red"' in engine.render_html(sheet(form))) == form.authority


@each_form
def test_a_sandbox_says_so_on_every_page(
    form: forms.DocumentForm, tmp_path: Path, rendered: Prints
) -> None:
    said = "演示环境出具，不具有法律效力"
    pdf = rendered(form.code, "zh-hans")
    text = _text(pdf, tmp_path)
    assert text.count(said) >= pdf_facts.read(pdf).pages
    # A sentence that stands in the page only where it is shown: no print is needed for its absence.
    assert said in engine.render_html(sheet(form, sandbox=True))
    assert said not in engine.render_html(sheet(form, sandbox=False))


@each_form
def test_build_and_sample_are_canonical_and_signers_have_labels(form: forms.DocumentForm) -> None:
    assert canonical.decode(canonical.encode(form.sample())) == form.sample()
    assert all(form.label(rule.role) for rule in form.signers)
    assert form.version >= 1


def _text(pdf: bytes, folder: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext")
    path = folder / "page.pdf"
    path.write_bytes(pdf)
    return subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, check=True, text=True
    ).stdout
