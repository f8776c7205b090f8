"""Every kind of procedure keeps the same contract: its codes, its law, its golden cases."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kernel import clock
from kernel.errors import Refused
from kernel.regulation import selectors as law
from procurement.tendering import law_facts, procedures
from procurement.tendering.procedures import registry
from procurement.tendering.procedures.registry import Procedure
from tests.procurement.tendering import samples

FOLDER = Path(procedures.__file__).parent
PROCEDURES = list(registry.registered())
each = pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda p: p.code)


def golden(procedure: Procedure) -> list[dict[str, Any]]:
    return tomllib.loads((FOLDER / procedure.code / "golden.toml").read_text("utf-8"))["case"]


CASES = [(p, case) for p in PROCEDURES for case in golden(p)]


def test_every_folder_holds_a_procedure_of_its_name() -> None:
    folders = {path.parent.name for path in FOLDER.glob("*/spec.py")}
    assert folders == {procedure.code for procedure in PROCEDURES}


@each
def test_what_it_names_stands_in_the_lists_in_force(procedure: Procedure, september: None) -> None:
    named = {
        "tender_method": procedure.methods | procedure.announced,
        "tender_kind": procedure.kinds,
        "evaluation_method": procedure.formulas | procedure.drawn,
        "tender_file": procedure.files,
    }
    for name, codes in named.items():
        assert codes <= {code for code, _label in law.options(name, clock.now())}, name
    assert procedure.drawn <= procedure.formulas
    assert procedure.announced <= procedure.methods


@each
def test_its_rule_set_has_every_number_that_a_lot_reads(
    procedure: Procedure, september: None
) -> None:
    found = law_facts.of(clock.now(), "230102", procedure.values)
    assert found.limits.bids_least > 0
    assert procedure.kinds <= found.thresholds.single.keys()


def test_every_lot_that_the_lists_allow_has_its_procedure(september: None) -> None:
    now = clock.now()
    for method, _label in law.options("tender_method", now):
        for kind, _name in law.options("tender_kind", now):
            assert registry.serving(method, kind), (method, kind)


def test_two_procedures_do_not_serve_one_lot() -> None:
    other = replace(PROCEDURES[0], code="another")
    with pytest.raises(ValueError, match=PROCEDURES[0].code):
        registry.register(other)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("procedure", "case"), CASES, ids=lambda v: v.get("name") if isinstance(v, dict) else v.code
)
def test_golden(
    procedure: Procedure, case: dict[str, Any], september: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = (
        {} if case.get("drawings_passed", True) else {"drawings_passed": lambda _n, _at: False}
    )
    samples.answered(monkeypatch, **answers)
    people = samples.market()
    lot = samples.opened(people, **case.get("changes", {}))
    assert registry.serving(lot.method, lot.kind) == procedure
    refused: set[str] = set()
    try:
        samples.act(lot, "approve", people["owner"])
        samples.act(lot, "publish", people["owner"])
    except Refused as fault:
        refused = {reason.code.rpartition(".")[2] for reason in fault.refusals}
    assert refused == set(case.get("refused", ()))
