"""What the play leaves behind: documents, the log's proofs, and everything that happened."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kernel.documents import storage
from kernel.documents.models import Document, DocumentState
from kernel.evidence import services as evidence
from kernel.sealing import canonical
from kernel.workflow import audit, order
from procurement.demonstration.play import Play
from procurement.demonstration.stages import witnessing

# What the law wants on paper, from one process; bills travel as workbooks and XML.
MOST_PAGES = 60


def write(p: Play, folder: Path) -> dict[str, Any]:
    """Write the dossier of the played project; what the end of the play tells.

    Everything is held once more against the log: cases, acts, and the order of the law.
    """
    held = audit.check()
    number = p.store["project_number"]
    cases = [case.case_ref for case in order.cases_of(number)]
    folder.mkdir(parents=True, exist_ok=True)
    documents = [_document(row, folder) for row in _issued(cases)]
    pages = sum(row["pages"] for row in documents)
    p.expect(pages <= MOST_PAGES, f"{pages} pages of documents, {MOST_PAGES} at most")
    for case in cases:
        proofs = evidence.dossier(case, include_private=True)
        name = f"proofs-{case.replace(':', '-')}.json"
        (folder / name).write_bytes(canonical.encode(proofs))
    witnessing.look(p)
    proven = witnessing.prove(p, p.store["lot_number"], folder)
    steps = [{"stage": s.stage, "what": s.what, "at": s.at.isoformat(), **s.facts} for s in p.steps]
    (folder / "play.json").write_text(json.dumps(steps, ensure_ascii=False, indent=1, default=str))
    return {
        "dossier": str(folder),
        "project": number,
        "second_project": p.store["second_number"],
        "open_lot": p.store["open_lot_number"],
        "documents": documents,
        "pages": pages,
        "cases_held_against_the_log": held.cases,
        "acts_held_against_the_log": held.acts,
        **proven,
    }


def _issued(cases: list[str]) -> list[Document]:
    wanted = {tuple(case.split(":", 1)) for case in cases}
    rows = Document.objects.filter(state=DocumentState.ISSUED).select_related("signed_file")
    return [row for row in rows if (row.case_machine, row.case_pk) in wanted]


def _document(row: Document, folder: Path) -> dict[str, Any]:
    assert row.signed_file is not None
    data = storage.read(row.signed_file)
    name = f"{row.pk:04d}-{row.form.rpartition('.')[2]}.pdf"
    (folder / name).write_bytes(data)
    return {
        "number": row.number,
        "title": row.title,
        "sha256": row.signed_file.sha256,
        "pages": data.count(b"/Type /Page\n") or data.count(b"/Type /Page "),
        "file": name,
    }
