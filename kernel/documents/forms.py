"""The registry of document forms: what can be issued, on which template, signed by whom.

A package registers its own forms at start-up; the shared contract test runs over all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kernel.errors import NotFound
from kernel.regulation import marks
from kernel.regulation.citing import told


@dataclass(frozen=True)
class CaseRef:
    """A case by its machine (``procurement.project``) and primary key as text."""

    machine: str
    pk: str

    def __str__(self) -> str:
        return f"{self.machine}:{self.pk}"


@dataclass(frozen=True)
class SignerRule:
    """Who must sign: a role that a membership carries, and the label printed for it."""

    role: str
    label: Any


@dataclass(frozen=True)
class Source:
    """A rule that a form rests on: what it settles, its article, and how well it was checked.

    mark: a source word of the rule sets (``statute_text``, ``remembered``, ``own_default`` …).
    """

    rule: Any
    article: str
    mark: str

    def __post_init__(self) -> None:
        marks.must_be_marked(self.mark)  # refuses an unknown word

    @property
    def must_be_marked(self) -> bool:
        """Whether the page must say how sure the rule is."""
        return marks.must_be_marked(self.mark)

    @property
    def cited(self) -> str:
        """The article in the active language."""
        return told(self.article)

    @property
    def label(self) -> str:
        """How sure the rule is, in the active language."""
        return str(marks.mark(self.mark))


@dataclass(frozen=True)
class Issued:
    """What ``on_issued`` handlers are told, inside the transaction that issues."""

    document_id: int
    form: str
    case: CaseRef
    number: str
    sha256: str
    check_code: str
    at: datetime


@dataclass(frozen=True)
class DocumentForm:
    """One form of document.

    code: dotted, stable, e.g. ``procurement.project.registration_certificate``.
    title: lazily translated title, printed and set as metadata.
    template: extends ``kernel/documents/base.html``.
    version: raised whenever template or data change; stands on every document.
    build: the data of a case (plain JSON: text, integers, lists, objects, no float).
    sample: data for previews and contract tests, of invented parties only.
    signers: who signs; empty means that the platform itself speaks and seals.
    authority: an authority issues it, hence the red head (GB/T 9704-2012, 7.2.4).
    article: the article of law that provides for the document.
    sources: rules shown on it, with how well each was checked.
    public: an issued document may be downloaded by anybody.
    sequential: signers sign in the order of ``signers``.
    subject: the key of the data that names what the document is about, e.g. the project's name.
    sign_within: the period (kernel.regulation) within which it is signed, from its drafting.
    readers: primary keys of further organisations that may read it, of a case.
    personal: its signers are named persons and sign for themselves: for whom they act, and whoever
    else acts for that, reads nothing by it.
    hidden: that there is one is a secret too (it would tell who asked or objected, or that a
    committee has decided): its number is unknown to whoever may not read it.
    """

    code: str
    title: Any
    template: str
    version: int
    build: Callable[[CaseRef], dict[str, Any]]
    sample: Callable[[], dict[str, Any]]
    signers: tuple[SignerRule, ...] = ()
    authority: bool = False
    article: str = ""
    sources: tuple[Source, ...] = ()
    public: bool = False
    sequential: bool = False
    readers: Callable[[CaseRef], set[int]] | None = None
    sign_within: str = ""
    subject: str = ""
    personal: bool = False
    hidden: bool = False

    def label(self, role: str) -> str:
        """The printed label of a signer's role, in the active language."""
        return next((str(rule.label) for rule in self.signers if rule.role == role), role)


OnIssued = Callable[[Issued], None]

_forms: dict[str, DocumentForm] = {}
_on_issued: defaultdict[str, list[OnIssued]] = defaultdict(list)


def register(form: DocumentForm) -> DocumentForm:
    """Add a form; a code has one form only."""
    if _forms.setdefault(form.code, form) is not form:
        raise ValueError(f"two document forms {form.code}")
    return form


def get(code: str) -> DocumentForm:
    """The form of a code; 404 ``documents.form.unknown`` when nobody registered it."""
    try:
        return _forms[code]
    except KeyError:
        raise NotFound.because("documents.form.unknown", form=code) from None


def all() -> Mapping[str, DocumentForm]:
    """Every registered form by code."""
    return dict(sorted(_forms.items()))


def on_issued(code: str, handler: OnIssued) -> None:
    """Call ``handler`` inside the transaction that issues a document of this form."""
    if handler not in _on_issued[code]:
        _on_issued[code].append(handler)


def tell_issued(issued: Issued) -> None:
    """Tell every handler of the form; what one of them raises rolls the issuing back."""
    for handler in tuple(_on_issued.get(issued.form, ())):
        handler(issued)
