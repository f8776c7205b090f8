"""The English of the product: whole, compiled, the same placeholders, no Chinese left over."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from tests import catalogue, translations

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / catalogue.ENGLISH
HELD = catalogue.read(PO.read_text("utf-8"))
COMPLETE = [entry for entry in HELD.values() if entry.complete]
SOURCES = [path for name in translations.PACKAGES for path in sorted((ROOT / name).rglob("*.py"))]
# The programs for a browser are no templates; their words stand in both languages in their sources.
TEMPLATES = sorted(
    path
    for name in translations.PACKAGES
    for path in (ROOT / name).rglob("*.html")
    if "templates" in path.parts
)

# What may hold Chinese outside gettext, and why. A folder or a file.
NOT_WORDS_OF_PAGES = {
    "equipment/registry/certificates.py": "the sample of a document; articles of law",
    "config": "a terminal's lines, in both languages",
    "credit/management": "a terminal's lines, in both languages",
    "credit/scoring/neutral.py": "words that no scheme may have",
    "kernel/management": "a terminal's lines, in both languages",
    "procurement/management": "a terminal's lines, in both languages",
    "kernel/evidence/verify_words.py": "both languages stand there: it runs without Django",
    "kernel/evidence/dossiers/words.py": "both languages stand there: it runs without Django",
    "kernel/evidence/witnessing/words.py": "both languages stand there: it runs without Django",
    "kernel/access/actors.py": "the platform's own name",
    "kernel/documents/issuing.py": "the platform's own name",
    "kernel/sealing/bids/articles.py": "an article of law, names of our own rules",
    "kernel/sealing/authority.py": "the name of a demonstration issuer",
    "kernel/api/main.py": "the name of the API",
    "kernel/documents/codes.py": "full-width forms that people type",
    "kernel/documents/ceremony.py": "an article of law",
    "kernel/documents/workbook_values.py": "a number format of spreadsheets",
    "kernel/identifiers": "code lists and articles of standards",
    "kernel/money.py": "amounts in capitals",
    "kernel/web/samples": "sample data of the style page, in both languages",
    "kernel/web/style.py": "sample data of the style page, in both languages",
    "procurement/bids/record.py": "the sample of a document",
    "procurement/bids/rules": "names of our own rules",
    "procurement/contracts/adjustments/rules.py": "articles of standards, names of our own rules",
    "procurement/contracts/documents.py": "articles of law",
    "procurement/contracts/invented.py": "the sample of a document",
    "procurement/contracts/payments/documents.py": "the sample of a document",
    "procurement/contracts/payments/rules.py": "names of our own rules",
    "procurement/contracts/rules": "articles of law, names of our own rules",
    "procurement/contracts/variations/documents.py": "the sample of a document",
    "procurement/contracts/variations/rules.py": "names of our own rules",
    "procurement/cost/demonstration.py": "demonstration data",
    "procurement/cost/demonstration_items.py": "demonstration data",
    "procurement/cost/fields.py": "heads of columns, in both languages",
    "procurement/cost/records.py": "full-width forms that people type",
    "procurement/cost/rules.py": "amounts in capitals",
    "procurement/cost/workbooks.py": "the name of a sheet, in both languages",
    "procurement/cost/template.py": "a workbook in both languages",
    "procurement/demonstration": "demonstration data",
    "procurement/evaluation/report.py": "the sample of a document",
    "procurement/evaluation/rules.py": "names of our own rules",
    "credit/enterprises/national/reading.py": "how dates and yes and no are written in tables",
    "credit/conduct/papers.py": "the sample of a document",
    "credit/scoring/report.py": "the sample of a document; articles of law",
    "kernel/documents/platform.py": "the name of the demonstration's operator",
    "procurement/projects/certificate.py": "the sample of a document; articles of law",
    "procurement/securities/machine.py": "articles of law",
    "procurement/tendering/documents.py": "the sample of a document; articles of law",
    "procurement/tendering/machine.py": "articles of law",
    "procurement/tendering/objections/machine.py": "articles of law",
    "procurement/tendering/plans/machine.py": "articles of law",
    "procurement/tendering/transitions.py": "articles of law",
    "procurement/tendering/rules": "punctuation of citations",
    "procurement/projects/import_columns.py": "heads of columns, in both languages",
    "procurement/projects/import_template.py": "a workbook in both languages",
    "procurement/projects/machine.py": "articles of law",
    "procurement/projects/selectors.py": "characters that every font has",
    "procurement/projects/rules.py": "articles of law",
    "procurement/projects/drawings/certificate.py": "the sample of a document; articles of law",
    "procurement/projects/drawings/machine.py": "articles of law",
    "procurement/projects/filing/machine.py": "articles of law",
    "procurement/projects/filing/paper.py": "the sample of a document; articles of law",
    "procurement/projects/works/machine.py": "articles of law",
    "procurement/projects/works/papers.py": "the sample of a document; articles of law",
    "procurement/site/machine.py": "articles of law",
    "procurement/site/notice.py": "the sample of a document; articles of law",
}
_LAZY = {"lazy", "gettext_lazy", "ngettext_lazy", "pgettext_lazy", "npgettext_lazy", "gettext_noop"}
_NOW = {"gettext", "ngettext", "pgettext", "npgettext"}
_PERCENT = re.compile(r"%(?:\((\w+)\))?[#0\- +]*\d*(?:\.\d+)?([sdif%])")


def placeholders(text: str) -> set[tuple[str, str]]:
    """Names and kinds of a text's %-placeholders."""
    return set(_PERCENT.findall(text))


def test_every_message_has_its_english():
    assert [e.msgid for e in HELD.values() if not e.complete] == []
    assert [e.msgid for e in HELD.values() if e.fuzzy] == []
    assert catalogue.obsolete(PO.read_text("utf-8")) == []


def test_the_compiled_catalogue_holds_what_the_readable_one_says():
    compiled = catalogue.read_mo(PO.with_suffix(".mo").read_bytes())
    compiled.pop("")
    assert compiled == catalogue.mo_messages(HELD)
    with PO.with_suffix(".mo").open("rb") as file:
        own = gettext.GNUTranslations(file)
    for entry in COMPLETE:
        if entry.plural is not None:
            texts = [own.ngettext(entry.msgid, entry.plural, number) for number in (1, 2)]
            assert texts == list(entry.texts)
        elif entry.context is not None:
            assert own.pgettext(entry.context, entry.msgid) == entry.texts[0]
        else:
            assert own.gettext(entry.msgid) == entry.texts[0]


def test_placeholders_agree():
    different = [
        entry.msgid
        for entry in COMPLETE
        for text in entry.texts
        if placeholders(text) != placeholders(entry.msgid)
    ]
    assert different == []


def test_no_chinese_is_left_in_the_english():
    left = [
        e.msgid
        for e in HELD.values()
        if e.msgid not in translations.NAMES and any(map(translations.has_han, e.texts))
    ]
    assert left == []
    assert {e.msgid for e in HELD.values()} >= translations.NAMES


def test_a_text_ends_as_its_source_ends():
    """A sentence stays a sentence, a label a label; markup and line breaks are kept."""
    for entry in COMPLETE:
        for text in entry.texts:
            assert text.endswith(".") == entry.msgid.endswith("。"), entry.msgid
            assert text.count("\n") == entry.msgid.count("\n"), entry.msgid
            assert re.findall(r"<[^>]+>", text) == re.findall(r"<[^>]+>", entry.msgid)


def test_django_speaks_both_languages():
    with override("en"):
        assert _("递交报建") == "Submit registration"
        assert pgettext("wage account", "已撤销") == "Closed"
        assert _("已撤销") == "Revoked"
        assert _("已退回补正") == "Returned for correction"
        assert _("退回补正") == "Return for correction"
        words = "还剩 %(number)d 个工作日，截至 %(until)s"
        assert ngettext(words, words, 1).startswith("%(number)d working day left")
        assert ngettext(words, words, 3).startswith("%(number)d working days left")
    with override("zh-hans"):
        assert _("递交报建") == "递交报建"
        assert pgettext("wage account", "已撤销") == "已撤销"


def exempt(path: Path) -> bool:
    name = path.relative_to(ROOT)
    return "migrations" in name.parts or any(
        name.is_relative_to(allowed) for allowed in NOT_WORDS_OF_PAGES
    )


def called(node: ast.AST) -> str:
    """The gettext function that a call calls by any of its names here, or empty."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def aliases(tree: ast.Module) -> dict[str, str]:
    return {
        name.asname or name.name: name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module in {"django.utils.translation", "kernel.sealing.words"}
        for name in node.names
    }


def chinese_outside(tree: ast.Module, known: dict[str, str]) -> Iterator[tuple[int, str]]:
    """Chinese strings that are neither a translator's argument nor a docstring."""
    fine = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) or known.get(called(node), "") in _LAZY | _NOW
        for inner in ([node.value] if isinstance(node, ast.Expr) else ast.walk(node))
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in fine:
            continue
        # An article of law is cited in its own language, and the page says that it is Chinese.
        text = node.value if isinstance(node.value, str) else ""
        if translations.has_han(text) and not text.startswith("《"):
            yield node.lineno, text


def test_words_in_code_go_through_gettext():
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in SOURCES
        if not exempt(path)
        for tree in [ast.parse(path.read_text("utf-8"))]
        for line, text in chinese_outside(tree, aliases(tree))
    ]
    assert found == []


def test_exemptions_are_needed():
    for name in NOT_WORDS_OF_PAGES:
        assert (ROOT / name).exists(), name


def outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from outside_functions(child)


def test_words_of_modules_are_lazy():
    """What is said once at import would keep the language of the first to ask."""
    found = []
    for path in SOURCES:
        tree = ast.parse(path.read_text("utf-8"))
        known = aliases(tree)
        found += [
            f"{path.relative_to(ROOT)}:{node.lineno}"
            for node in outside_functions(tree)
            if isinstance(node, ast.Call) and known.get(called(node), "") in _NOW
        ]
    assert found == []


def test_words_in_templates_go_through_gettext():
    block = re.compile(
        r"{%\s*blocktranslate.*?endblocktranslate\s*%}|{%\s*comment.*?endcomment\s*%}"
        r"|{#.*?#}|{%\s*translate[^%]*%}|_\(\"[^\"]*\"\)|\"《[^\"]*\"|lang=\"zh-Hans\">中文<"
        r"|date:\"Y年n月j日\"",
        re.DOTALL,
    )
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()[:100]}"
        for path in TEMPLATES
        for line in block.sub("", path.read_text("utf-8")).splitlines()
        if translations.has_han(line.replace("（", "").replace("）", ""))
    ]
    assert found == []


class TestTheCheckItself:
    """``python -m tests.translations`` finds what it is there to find."""

    wanted = catalogue.read('msgid "受理"\nmsgstr ""\n\nmsgid "退回"\nmsgstr ""\n')

    def faults(self, po: str, mo: dict[catalogue.Key, catalogue.Entry] | None = None) -> list[str]:
        compiled = catalogue.write_mo(catalogue.read(po) if mo is None else mo)
        return list(translations.faults(self.wanted, po, compiled))

    def test_a_complete_catalogue_passes(self):
        assert self.faults('msgid "受理"\nmsgstr "Accept"\n\nmsgid "退回"\nmsgstr "Return"\n') == []

    def test_what_is_missing_or_empty_is_named(self):
        found = self.faults('msgid "受理"\nmsgstr ""\n')
        assert [line.split(" (")[0] for line in found] == [
            "no English: '受理'",
            "no English: '退回'",
        ]

    def test_fuzzy_obsolete_and_chinese_are_named(self):
        po = (
            '#, fuzzy\nmsgid "受理"\nmsgstr "Accept"\n\nmsgid "退回"\nmsgstr "Return 退回"\n\n'
            'msgid "旧"\nmsgstr "Old"\n\n#~ msgid "更旧"\n#~ msgstr "Older"\n'
        )
        assert self.faults(po) == [
            "fuzzy: '受理'",
            "Chinese in the English: '退回'",
            "obsolete: '旧'",
            "obsolete: '更旧'",
        ]

    def test_a_compiled_catalogue_that_lags_is_named(self):
        po = 'msgid "受理"\nmsgstr "Accept"\n\nmsgid "退回"\nmsgstr "Return"\n'
        old = catalogue.read(po.replace("Accept", "Take"))
        assert self.faults(po, old) == ["the .mo is older than the .po: '受理'"]

    def test_writing_and_reading_lose_nothing(self):
        plain = {key: replace(entry, comments=()) for key, entry in HELD.items()}
        assert catalogue.read(catalogue.write_po(plain)) == plain
        messages = catalogue.read_mo(catalogue.write_mo(plain))
        assert messages.pop("") == catalogue.HEADER
        assert messages == catalogue.mo_messages(plain)


def test_no_template_writes_chinese_punctuation_beside_its_translated_words() -> None:
    """An English page would show it: what stands between two values is words, too."""
    said = re.compile(
        r"{% (?:blocktranslate|comment).*?{% end(?:blocktranslate|comment) %}"
        r"|{% if lang .*?{% endif %}|{%.*?%}|{#.*?#}",
        re.S,
    )
    for package in translations.PACKAGES:
        for page in (translations.ROOT / package).glob("**/templates/**/*.html"):
            left = said.sub("", page.read_text("utf-8"))
            assert not re.findall(r"[（）：，。；、]", left), page
