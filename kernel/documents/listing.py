"""The documents of a case as its page lists them: files and signers, in two prepared queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model

from kernel.documents.models import Document, DocumentSignature, StoredFile
from kernel.parties.models import Organisation, Person
from kernel.queries import Prepared

# What a document says and what its signatures were found worth is fetched when looked at.
_LONG = ("data", "marks")
_FILES = ("draft_file", "signed_file")
_FILE = ("id", "sha256", "size")
_SLOT = ("id", "document_id", "order", "role", "signed_at", "organisation_id", "person_id")
_READ = "signatures_read"


def _names() -> list[str]:
    return [f.attname for f in Document._meta.concrete_fields if f.attname not in _LONG]


_documents = Prepared(
    lambda slots: (
        Document.objects.filter(case_machine=slots.text(0), case_pk=slots.text(1))
        .order_by("pk")
        .values_list(*_names(), *(f"{file}__{name}" for file in _FILES for name in _FILE))
    )
)
_signatures = Prepared(
    lambda slots: (
        DocumentSignature.objects.filter(
            document__case_machine=slots.text(0), document__case_pk=slots.text(1)
        )
        .order_by("document_id", "order")
        .values_list(*_SLOT, "organisation__name", "person__name")
    )
)


def of_page(machine: str, pk: str) -> list[Document]:
    """The documents of a case in the order they were drafted."""
    found = {row[0]: _document(row) for row in _documents.rows(machine, pk)}
    for row in _signatures.rows(machine, pk) if found else ():
        one = DocumentSignature.from_db(DEFAULT_DB_ALIAS, _SLOT, row[: len(_SLOT)])
        known = one._state.fields_cache
        known["organisation"] = _named(Organisation, one.organisation_id, row[-2])
        known["person"] = _named(Person, one.person_id, row[-1])
        getattr(found[one.document_id], _READ).append(one)
    return list(found.values())


def signatures_of(document: Document) -> list[DocumentSignature]:
    """The signatures that a document needs, in their order; read already by ``of_page``."""
    read: list[DocumentSignature] | None = getattr(document, _READ, None)
    return list(document.signatures.all()) if read is None else read


def _document(row: Sequence[Any]) -> Document:
    names = _names()
    at = len(names)
    made = Document.from_db(DEFAULT_DB_ALIAS, names, row[:at])
    for file in _FILES:
        cells = row[at : at + len(_FILE)]
        made._state.fields_cache[file] = (
            None if cells[0] is None else StoredFile.from_db(DEFAULT_DB_ALIAS, _FILE, cells)
        )
        at += len(_FILE)
    setattr(made, _READ, [])
    return made


def _named(model: type[Model], pk: int | None, name: str | None) -> Any:
    return None if pk is None else model.from_db(DEFAULT_DB_ALIAS, ["id", "name"], [pk, name])
