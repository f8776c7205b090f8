"""What a tender résumé takes from the archive: plain values, each with its level of proof."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from credit import citing
from credit.enterprises import selectors
from credit.enterprises.declarations import selectors as declared
from credit.enterprises.models import Licence, NationalRecord
from credit.enterprises.national.selectors import STAFF_TABLE, user_type
from credit.enterprises.pages import scope, words
from credit.scoring import selectors as scoring
from credit.scoring.points import graded
from kernel import clock
from kernel.errors import NotFound
from kernel.identifiers import uscc as codes
from kernel.regulation import selectors as law

_MOST = 200


def facts(uscc: str, at: datetime) -> dict[str, Any]:
    """Everything of an enterprise that holds at a legal moment, as JSON values. Money in fen.

    Nothing personal beyond names and certificates. A declared entry says level C wherever it
    stands. Raises NotFound ``workflow.case.unknown`` for who is not in the archive.
    """
    found = selectors.enterprise(uscc)
    if found is None:
        raise NotFound.because("workflow.case.unknown", uscc=uscc[:18])
    day = clock.legal_date(at)
    held = [
        row
        for row in selectors.licences(uscc)[: 2 * _MOST]
        if row.state == "valid" and row.valid_from <= day <= row.valid_to
    ]
    score = scoring.score(uscc, day, at)
    return {
        "at": at.isoformat(),
        "enterprise": {
            "uscc": uscc,
            "name": found.name,
            "code_needs_proof": codes.outer_check_fails(uscc),
        },
        "credit": {
            "grade": graded(score.grade),
            "score_millionths": score.told,
            "scheme": scoring.scheme(at).code,
            "day": day.isoformat(),
        },
        "licences": [_licence(row) for row in held if row.kind != "person"],
        "staff": [*(_person(row) for row in held if row.kind == "person"), *_fed(uscc)],
        "achievements": _achievements(uscc),
        "finances": [
            {
                "year": row.year, "revenue_fen": row.revenue_fen, "assets_fen": row.assets_fen,
                "liabilities_fen": row.liabilities_fen, "net_profit_fen": row.net_profit_fen,
                "level": row.level,
            }
            for row in declared.finances(uscc)
        ],
        "machines": [
            {
                "number": row.number, "kind": row.kind, "model": row.model,
                "owned": row.owner_uscc == uscc,
                "inspected_until": row.inspected_until.isoformat() if row.inspected_until else "",
                "level": "A",
            }
            for row in selectors.machines(uscc)[:_MOST]
        ],
        "wages": [
            {
                "month": row.month, "workers": row.workers, "total_fen": row.total_fen,
                "paid_fen": row.paid_fen, "overdue": row.overdue, "level": "A",
            }
            for row in selectors.wage_months(uscc)
        ],
        # In English the labels begin with the letter, which stands before each all the same.
        "levels": {
            code: label.removeprefix(f"{code}: ")
            for code, label in law.options("proof_level", at, citing.language())
        },
    }  # fmt: skip


def _licence(row: Licence) -> dict[str, Any]:
    return {
        "kind": row.kind, "label": words("licence_kind", row.kind, row), "scope": scope(row),
        "trade": row.trade, "grade": row.grade, "number": row.number, "issuer": row.issuer,
        "valid_from": row.valid_from.isoformat(), "valid_to": row.valid_to.isoformat(),
        "level": row.proof, "file_sha256": row.file_sha256,
    }  # fmt: skip


def _person(row: Licence) -> dict[str, Any]:
    return {
        "name": row.holder, "certificate": row.certificate, "trade": row.trade,
        "label": words("person_certificate", row.certificate, row), "number": row.number,
        "valid_to": row.valid_to.isoformat(), "level": row.proof,
    }  # fmt: skip


def _fed(uscc: str) -> list[dict[str, Any]]:
    rows = NationalRecord.objects.filter(uscc=uscc, table=STAFF_TABLE)[:_MOST]
    return [
        {
            "name": row.facts["user_name"], "certificate": "", "trade": "",
            "label": user_type(row.facts["user_type"]), "number": row.facts["certificate"],
            "valid_to": "", "level": "A",
        }
        for row in rows
    ]  # fmt: skip


def _achievements(uscc: str) -> list[dict[str, Any]]:
    proven = [
        (row.name, row.contract_number, row.price_fen, row.signed_on, row.filed_on, "A", row.source)
        for row in selectors.achievements(uscc)[:_MOST]
    ]
    told = [
        (
            row.name, row.contract_number, row.price_fen, row.signed_on, row.completed_on,
            row.level, "declared",
        )
        for row in declared.claims(uscc)[:_MOST]
    ]  # fmt: skip
    return [
        {
            "name": name, "contract_number": number, "price_fen": price,
            "signed_on": signed.isoformat(), "completed_on": done.isoformat() if done else "",
            "level": level, "source": source,
        }
        for name, number, price, signed, done, level, source in (*proven, *told)
    ]  # fmt: skip
