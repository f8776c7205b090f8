"""The PDF engine: one sheet of data in, one PDF/A-3a out; nothing is fetched from anywhere.

WeasyPrint needs the system's Pango and costs a second to import, so it is imported late; without
Pango everything else of the platform still runs. The same sheet gives the same bytes.
"""

from __future__ import annotations

import ctypes.util
import html
import logging
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from kernel import clock
from kernel.documents import codes, fonts, qr
from kernel.documents.forms import DocumentForm, Source
from kernel.errors import Refused, Unavailable
from kernel.sealing import canonical

if TYPE_CHECKING:
    import pydyf  # type: ignore[import-untyped]
    import weasyprint

INSTALL = "apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0"
STYLESHEET = "kernel/documents/base.css"
ATTACHMENT = "data.json"
VARIANT = "pdf/a-3a"
_LIBRARIES = ("pango-1.0", "pangoft2-1.0")
_LANGUAGE_TAGS = {"zh-hans": "zh-Hans-CN", "en": "en"}


@dataclass(frozen=True)
class Signatory:
    """A signer as printed: the label of the role, the organisation, the person if already known."""

    label: str
    organisation: str
    person: str = ""


@dataclass(frozen=True)
class Sheet:
    """Everything a document's bytes depend on.

    written_at: the instant of 成文; its legal day is printed, and it dates the metadata.
    issuer: name of the issuing organisation; the platform's own name when it speaks itself.
    """

    form: DocumentForm
    number: str
    language: str
    issuer: str
    data: dict[str, Any]
    check_code: str
    written_at: datetime
    title: str = ""
    marks: tuple[Source, ...] = ()
    signers: tuple[Signatory, ...] = ()
    sandbox: bool = field(default_factory=lambda: bool(settings.SANDBOX))


def available() -> tuple[bool, str, str]:
    """Whether PDFs can be made here: (yes or no, what is missing, the command that installs it)."""
    missing = [name for name in _LIBRARIES if ctypes.util.find_library(name) is None]
    if missing:
        return False, ", ".join(missing), INSTALL
    return True, "", ""


def check_url(code: str) -> str:
    """The public address that answers for a check code; the QR code holds exactly this."""
    return f"{settings.PUBLIC_URL}/check/{codes.grouped(code)}/"


def render_html(sheet: Sheet) -> str:
    """The page as HTML, also good as a preview where no PDF can be made."""
    with translation.override(sheet.language):
        return render_to_string(sheet.form.template, _context(sheet))


def render(sheet: Sheet) -> bytes:
    """The PDF/A-3a of a sheet, tagged, with its data attached as canonical JSON.

    Refuses ``documents.engine.unavailable`` (503, with the command that cures it),
    ``documents.engine.missing_glyphs`` (the characters) and ``documents.engine.resource_refused``
    (a template that reaches outside).
    """
    weasyprint = _weasyprint()
    from weasyprint.text.fonts import FontConfiguration

    from kernel.documents.fetcher import OwnFilesOnly, ResourceRefused

    page = render_html(sheet)
    if missing := fonts.uncovered(_visible(page)):
        raise Refused.because("documents.engine.missing_glyphs", characters=missing)
    fetcher = OwnFilesOnly()
    configuration = FontConfiguration()
    try:
        style = weasyprint.CSS(
            string=_stylesheet(sheet), url_fetcher=fetcher, font_config=configuration
        )
        document = weasyprint.HTML(string=page, url_fetcher=fetcher).render(
            font_config=configuration, stylesheets=[style], pdf_variant=VARIANT
        )
        pdf: bytes = document.write_pdf(
            finisher=_finish,
            pdf_variant=VARIANT,
            pdf_version="1.7",
            pdf_identifier=canonical.digest([sheet.form.code, sheet.check_code])[:16],
            output_intent="srgb",
            attachments=[_attachment(weasyprint, sheet)],
        )
    except ResourceRefused as refusal:
        raise Refused.because("documents.engine.resource_refused", url=refusal.url) from None
    return pdf


def _weasyprint() -> Any:
    usable, missing, command = available()
    if not usable:
        raise Unavailable.because("documents.engine.unavailable", missing=missing, command=command)
    # It tells each step of each document at INFO, which drowns what matters.
    logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    import weasyprint

    return weasyprint


def _context(sheet: Sheet) -> dict[str, Any]:
    """What a form's template sees beside its own ``data``."""
    return {
        "form": sheet.form,
        "title": sheet.title or str(sheet.form.title),
        "number": sheet.number,
        "issuer": sheet.issuer,
        "head_size": _head_size(sheet.issuer),
        "data": sheet.data,
        "lang": _LANGUAGE_TAGS.get(sheet.language, sheet.language),
        "written_at": sheet.written_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "written_on": clock.legal_date(sheet.written_at),
        "signers": sheet.signers,
        "doubtful": [mark for mark in sheet.marks if mark.must_be_marked],
        "sandbox": sheet.sandbox,
        "check_url": check_url(sheet.check_code),
        "check_site": f"{settings.PUBLIC_URL}/check/",
        "check_code": codes.grouped(sheet.check_code),
        "qr": qr.data_uri(check_url(sheet.check_code)),
    }


def _head_size(issuer: str) -> int:
    """Points at which an authority's name fills one line of 156 mm, at most 34."""
    width = sum(1.0 if ord(character) > 0x2E7F else 0.55 for character in issuer)
    return max(16, min(34, int(436 / max(width, 1))))


def _stylesheet(sheet: Sheet) -> str:
    with translation.override(sheet.language):
        return render_to_string(
            STYLESHEET,
            {
                "faces": fonts.faces(),
                "serif": fonts.stack(fonts.SERIF),
                "sans": fonts.stack(fonts.SANS),
                "authority": sheet.form.authority,
                "sandbox": sheet.sandbox,
                "check_code": codes.grouped(sheet.check_code),
            },
        )


def _attachment(weasyprint: Any, sheet: Sheet) -> weasyprint.Attachment:
    return weasyprint.Attachment(
        string=canonical.encode(sheet.data),
        name=ATTACHMENT,
        description=f"{sheet.form.code} v{sheet.form.version} (RFC 8785)",
        relationship="Data",
        created=sheet.written_at.astimezone(UTC),
        modified=sheet.written_at.astimezone(UTC),
    )


def _finish(_document: Any, pdf: pydyf.PDF) -> None:
    import pydyf

    # WeasyPrint 70 lists each attachment twice among the associated files (ISO 19005-3, 6.8).
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
    # ISO 14289-1, 7.1: a reader's window shows the title, not the name of a file.
    pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})


def _visible(page: str) -> str:
    """The text of a page without tags, enough to ask which characters it will draw."""
    return html.unescape(re.sub(r"<[^>]*>", " ", re.sub(r"(?s)<(style|head).*?</\1>", " ", page)))
