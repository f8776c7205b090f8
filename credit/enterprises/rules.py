"""The rules of the enterprise archive: pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kernel.errors import Refusal
from kernel.identifiers import resident_id, safety_licence, uscc
from kernel.identifiers.guards import unsound, uscc_is_sound

# The one licence that says what an enterprise is called.
BUSINESS = "business"
# The province that the platform serves, as its codes of places begin.
HOME = "23"


def registered_in(code: str) -> str:
    """Where an enterprise is registered: six digits of its credit code (GB 32100-2015)."""
    return code[2:8]


def kept_in(code: str, entered_in: str) -> str:
    """Whose officers keep an enterprise's archive: within the province those of its own place.

    entered_in: the place of who entered it, whose officers keep one of another province.
    """
    region = registered_in(code)
    return region if region.startswith(HOME) else entered_in


@dataclass(frozen=True)
class LicenceFacts:
    """All that the guards of a licence look at.

    codes: list name -> codes valid today. taken: another live licence has this kind and number.
    proven: the register's extract of this enterprise is in the archive. articles: what each rule
    rests on. elsewhere: the place of the enterprise where it is none of who records, else "".
    known_as: the name that the archive has. brought: who records brought the file along.
    registered: the national register names this licence with this enterprise, and with this
    holder where it is a person's. interested: who records works for the enterprise, too.
    """

    today: date
    codes: Mapping[str, frozenset[str]]
    taken: bool
    articles: Mapping[str, str]
    proven: bool = False
    elsewhere: str = ""
    known_as: str = ""
    brought: bool = False
    registered: bool = False
    interested: bool = False


def codes_are_listed(facts: LicenceFacts, payload: Any) -> Iterator[Refusal]:
    """Kind, proof and (of a qualification) trade and grade stand in the lists of today."""
    if payload is None:
        return
    wanted = [("kind", "licence_kind"), ("proof", "proof_level")]
    if payload.kind == "qualification":
        wanted += [("trade", "qualification_trade"), ("grade", "qualification_grade")]
    if payload.kind == "person":
        # An older certificate may name neither; what it names stands in the lists.
        wanted += [("certificate", "person_certificate")] if payload.certificate else []
        wanted += [("trade", "person_trade")] if payload.trade else []
    for name, listed in wanted:
        code = getattr(payload, name)
        if code not in facts.codes[listed]:
            yield Refusal(
                "credit.licence.code_unlisted",
                {"field": name, "code": code},
                facts.articles["archive"],
                name,
            )


def number_fits_kind(facts: LicenceFacts, payload: Any) -> Iterator[Refusal]:
    """A safety production licence has the form of its number."""
    if payload is not None and payload.kind == "safety":
        article = facts.articles["safety"]
        yield from unsound(safety_licence.parse, payload.number, article, "number")


def period_runs_forward(facts: LicenceFacts, payload: Any) -> Iterator[Refusal]:
    """A licence ends after it begins."""
    if payload is not None and payload.valid_to <= payload.valid_from:
        yield Refusal(
            "credit.licence.period_backward",
            {"from": payload.valid_from.isoformat(), "to": payload.valid_to.isoformat()},
            facts.articles["archive"],
            "valid_to",
        )


def person_is_named(facts: LicenceFacts, payload: Any) -> Iterator[Refusal]:
    """A personal certificate says whose it is."""
    if payload is not None and payload.kind == "person" and not payload.holder:
        yield Refusal("credit.licence.holder_missing", {}, facts.articles["archive"], "holder")


def identity_is_sound(facts: LicenceFacts, payload: Any) -> Iterator[Refusal]:
    """A holder's identity number, where it is given, has its check digit."""
    if payload is not None and payload.holder_id:
        article = facts.articles["resident_id"]
        yield from unsound(resident_id.parse, payload.holder_id, article, "holder_id")


def code_is_proven(facts: LicenceFacts, payload: Any) -> Iterator[Refusal]:
    """A code that only its inner check character bears out comes with the register's extract.

    Some real codes of the first years are such (GB 32100-2015); nobody else's word will do.
    """
    if payload is None or payload.registry_sha256 or facts.proven:
        return
    if uscc.outer_check_fails(payload.uscc):
        yield Refusal(
            "credit.enterprise.registry_proof_missing",
            {"uscc": payload.uscc},
            facts.articles["uscc"],
            "registry_sha256",
        )


def licence_is_new(facts: LicenceFacts, payload: Any) -> Iterator[Refusal]:
    """One licence of a number is in force at a time."""
    if payload is not None and facts.taken:
        yield Refusal(
            "credit.licence.taken",
            {"number": payload.number},
            facts.articles["archive"],
            "number",
        )


def enterprise_is_of_this_place(facts: LicenceFacts, payload: Any) -> Iterator[Refusal]:
    """An officer records for the enterprises of the own place, and of every place inside it."""
    if payload is not None and facts.elsewhere:
        yield Refusal(
            "credit.licence.of_another_place",
            {"region": facts.elsewhere},
            facts.articles["place"],
            "uscc",
        )


def level_is_borne_out(facts: LicenceFacts, payload: Any) -> Iterator[Refusal]:
    """A licence is recorded with its file; at A and C also one that the national register names.

    B says that the document itself was looked at. A file that nobody here brought bears out
    nothing, at whatever level.
    """
    if payload is None or facts.brought:
        return
    if payload.file_sha256 or payload.proof == "B" or not facts.registered:
        yield Refusal(
            "credit.licence.proof_missing",
            {"level": payload.proof},
            facts.articles["borne_out"],
            "file_sha256",
        )


def name_is_the_archives(facts: LicenceFacts, payload: Any) -> Iterator[Refusal]:
    """Only a business licence with its file gives an enterprise another name."""
    if payload is None or facts.known_as in ("", payload.name):
        return
    if payload.kind != BUSINESS or not facts.brought:
        yield Refusal(
            "credit.licence.name_differs",
            {"name": facts.known_as},
            facts.articles["name"],
            "name",
        )


def is_nobody_of_the_enterprise(facts: LicenceFacts, _payload: Any) -> Iterator[Refusal]:
    """An officer who works for the enterprise leaves its licences to another."""
    if facts.interested:
        yield Refusal("credit.officer.interested", {}, facts.articles["borne_out"])


def reason_is_given(facts: LicenceFacts, payload: Any) -> Iterator[Refusal]:
    """Whoever takes a licence away says why."""
    if payload is not None and not payload.reason:
        yield Refusal("workflow.reason.missing", {}, facts.articles["archive"], "reason")


SOUND = (
    uscc_is_sound,
    codes_are_listed,
    number_fits_kind,
    period_runs_forward,
    person_is_named,
    identity_is_sound,
    code_is_proven,
    licence_is_new,
    enterprise_is_of_this_place,
    level_is_borne_out,
    name_is_the_archives,
    is_nobody_of_the_enterprise,
)
