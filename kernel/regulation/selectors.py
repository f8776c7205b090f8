"""Which law holds at a legal moment, somewhere, for a subject."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kernel import clock
from kernel.errors import NotFound, Refused
from kernel.regulation import rules
from kernel.regulation.models import PublishedRuleSet
from kernel.regulation.reading import parse
from kernel.regulation.rows import Row, RuleSet
from kernel.regulation.rule_sets import library

Subject = Mapping[str, str]


def _valid(code: str, at: datetime, region: str) -> tuple[RuleSet, ...]:
    day = clock.legal_date(at)
    sets = library.valid(code, day, region)
    if not sets:
        raise Refused.because("regulation.rule_set.none_valid", rule_set=code, day=day.isoformat())
    return sets


def resolve(code: str, at: datetime, region: str = "") -> RuleSet:
    """The rule set valid at a legal moment, the narrowest region's if several are.

    at: aware instant; its day in UTC+8 counts. Refuses ``regulation.rule_set.none_valid``.
    """
    return _valid(code, at, region)[0]


def find(
    code: str, key: str, at: datetime, region: str = "", subject: Subject | None = None
) -> tuple[RuleSet, Row]:
    """The row that applies, and the set it stands in.

    A region's own set is asked first, then the wider ones. Refuses
    ``regulation.rule_set.none_valid``, ``regulation.row.unknown_key`` (no set has the key) and
    ``regulation.row.none_applies`` (its conditions are not met by the subject).
    """
    sets = _valid(code, at, region)
    for rule_set in sets:
        row = rules.best(rule_set.by_key.get(key, ()), region, subject or {})
        if row is not None:
            return rule_set, row
    known = any(key in rule_set.by_key for rule_set in sets)
    reason = "regulation.row.none_applies" if known else "regulation.row.unknown_key"
    raise Refused.because(reason, rule_set=code, key=key)


def row(code: str, key: str, at: datetime, region: str = "", subject: Subject | None = None) -> Row:
    """The row that applies; refuses as ``find`` does."""
    return find(code, key, at, region, subject)[1]


def find_period(
    key: str, at: datetime, region: str = "", subject: Subject | None = None
) -> tuple[RuleSet, Row]:
    """The row of a period, whichever set of periods holds it; refuses as ``find`` does."""
    code = library.code_of("periods", key)
    if code is None:
        raise Refused.because("regulation.row.unknown_key", rule_set="periods", key=key)
    return find(code, key, at, region, subject)


def options(
    code_list: str, at: datetime, language: str = "zh", region: str = ""
) -> list[tuple[str, str]]:
    """Codes and labels of a code list, e.g. ``funding_source``, in the order of its file.

    language: a language code; whatever begins with ``en`` is English, all else Chinese.
    """
    rule_set = resolve(f"codes.{code_list}", at, region)
    words = "en" if language.startswith("en") else "zh"
    return [(item.key, item["label"][words]) for item in rule_set.rows]


def label(code_list: str, code: str, at: datetime, language: str = "zh", region: str = "") -> str:
    """The label of one code at a legal moment; refuses ``regulation.row.unknown_key``."""
    item = row(f"codes.{code_list}", code, at, region)
    return str(item["label"]["en" if language.startswith("en") else "zh"])


def published(code: str, version: str) -> RuleSet:
    """A version as it was published, also when its file is long gone (not for what is valid now).

    Refuses ``regulation.rule_set.not_published``.
    """
    found = PublishedRuleSet.objects.filter(code=code, version=version).first()
    if found is None:
        raise NotFound.because("regulation.rule_set.not_published", rule_set=code, version=version)
    return parse(found.text, f"{code}-{version}")


def unpublished() -> list[tuple[str, str]]:
    """Code and version of every loaded set that is not published as it stands; for health pages."""
    held = dict(PublishedRuleSet.objects.values_list("sha256", "pk"))
    return [(s.code, s.version) for s in library.sets if s.sha256 not in held]
