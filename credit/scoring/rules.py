"""The scoring engine: a pure function of ledger, scheme and two dates. Integers only.

Points are hundredths. Decay is a factor of ten-thousandths, so contributions are millionths of a
point, and every sum is exact, whatever the order: anybody who has ledger and scheme finds the same
score to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from credit.scoring import halving

SCALE = halving.SCALE  # of decay factors; points (10^-2) times decay (10^-4) are millionths
HUNDREDTH = 10_000  # millionths in a hundredth of a point
# The fact that a list holds an enterprise, by a record of it: it weighs nothing by itself.
LISTED = "listed"
ENGINE = "3"  # raised when the same ledger and scheme would give another score


@dataclass(frozen=True)
class Item:
    """What one kind of conduct weighs. points in hundredths, days of validity, decay over them.

    stated: the deciding document says points and term, and the sign of ``points`` says which way
    they go; ``days`` is the longest term.
    """

    code: str
    points: int
    category: str
    days: int
    decay: str = "step"
    half_life_days: int = 0
    severity: str = ""
    veto: bool = False
    article: str = ""
    stated: bool = False


@dataclass(frozen=True)
class Scheme:
    """A scoring scheme as a rule set has it; all points in hundredths.

    lower, upper: None where the score is not bounded there. good_cap: None where nothing caps all
    that is good. caps: most that a good category may add; floors: most that a bad one may take.
    bands: grade and least score, best first. mean_months: the score of a day is the mean of the
    daily ones of the last whole period of so many months (3: quarters); 0 where it is its own.
    lag_days: after so many days a daily score is in effect.
    formula: the name of the function that computes it (:mod:`credit.scoring.formulas`); values:
    what else it asks for, by key. inertia_steps: by how many grades one may rise within
    inertia_months; nought where nothing holds a grade back. engine: the number of the one that
    computes it; mean_as_asked: how a former one did (:mod:`credit.scoring.engines`). unscored:
    while one of these facts stands there is no score at all, neither a low one nor the base.
    """

    code: str
    version: str
    sha256: str
    base: int
    lower: int | None
    upper: int | None
    good_cap: int | None
    veto_cap: int
    caps: Mapping[str, int]
    floors: Mapping[str, int]
    bands: tuple[tuple[str, int], ...]
    items: Mapping[str, Item]
    mean_months: int = 0
    lag_days: int = 0
    formula: str = "ledger"
    values: Mapping[str, int] = field(default_factory=dict)
    inertia_steps: int = 0
    inertia_months: int = 0
    engine: str = ENGINE
    mean_as_asked: bool = False
    unscored: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Entry:
    """A row of the ledger: a fact, or (points None of ``revokes``) that one no longer holds.

    group: the same fact, however often recorded, counts once, the gravest. effective_on: from
    when it weighs. recorded_at: when the ledger learnt of it. revokes: the id that it takes back.
    """

    id: int
    item: str
    group: str
    effective_on: date
    recorded_at: datetime
    revokes: int = 0
    # Hundredths and days as the deciding document states them; nought where the scheme says all.
    points: int = 0
    days: int = 0
    # The contract section that it happened on, and the price of that section in fen.
    section: str = ""
    price_fen: int = 0
    # The day from which it weighs no more, whatever its scheme says: it is shown no longer.
    until: date | None = None


@dataclass(frozen=True)
class Contribution:
    """What one fact adds or takes, in millionths of a point, after decay and caps."""

    entry: int
    item: str
    category: str
    millionths: int
    ends_on: date


@dataclass(frozen=True)
class Score:
    """A score in millionths of a point, its grade, and what it is made of.

    base plus all contributions plus ``cut`` is the score exactly; cut is what bounds and vetoes
    took (or gave back at the lower bound). held_back: the grade that the points alone would reach,
    where a rise is not yet allowed; empty otherwise. unscored: the fact because of which there is
    none; grade is then empty, and nought stands for no number (see :attr:`told`).
    """

    millionths: int
    base: int
    cut: int
    grade: str
    contributions: tuple[Contribution, ...] = field(default=())
    vetoed: bool = False
    held_back: str = ""
    unscored: str = ""

    @property
    def told(self) -> int | None:
        """The score in millionths as it is handed on: None where there is none."""
        return None if self.unscored else self.millionths

    @property
    def hundredths(self) -> int:
        """The score as it is shown: hundredths of a point, half up."""
        return (self.millionths + HUNDREDTH // 2) // HUNDREDTH


def term(item: Item, entry: Entry) -> int:
    """For how many days a fact weighs."""
    return min(entry.days, item.days) if item.stated else item.days


def ends_on(item: Item, entry: Entry) -> date:
    """The first day on which a fact weighs no more: by its scheme, or shown no longer before."""
    found = date.fromordinal(entry.effective_on.toordinal() + term(item, entry))
    return found if entry.until is None else min(found, max(entry.until, entry.effective_on))


def points(item: Item, entry: Entry) -> int:
    """What a fact weighs before decay, in hundredths."""
    if not item.stated:
        return item.points
    return entry.points if item.points > 0 else -entry.points


def decay(item: Item, age: int, days: int = 0) -> int:
    """The factor (0 to 10,000) of a fact ``age`` days after it took effect; 0 outside its term.

    A term of so many days weighs on these: its first is that of age 0, its last of age days - 1.
    days: its own term, where a document states one.
    """
    days = days or item.days
    if age < 0 or age >= days:
        return 0
    if item.decay == "linear":
        return SCALE * (days - age) // days
    if item.decay == "half_life":
        return halving.rounded(age, item.half_life_days)
    if item.decay == "half_life_cut":
        return halving.cut(age, item.half_life_days)
    return SCALE


def active(
    entries: Iterable[Entry], scheme: Scheme, valid_on: date, known_at: datetime
) -> list[Entry]:
    """The facts that weigh on a day as they were known at an instant, by id."""
    known = [entry for entry in entries if entry.recorded_at <= known_at]
    revoked = {entry.revokes for entry in known if entry.revokes}
    return sorted(
        (
            entry
            for entry in known
            if not entry.revokes
            and entry.id not in revoked
            and entry.item in scheme.items
            and weight(scheme.items[entry.item], entry, valid_on)
        ),
        key=lambda entry: entry.id,
    )


def weight(item: Item, entry: Entry, valid_on: date) -> int:
    """Millionths of a point that a fact alone adds or takes on a day."""
    days = term(item, entry)
    if not days or (entry.until is not None and valid_on >= entry.until):
        return 0
    return points(item, entry) * decay(item, (valid_on - entry.effective_on).days, days)


def score(entries: Iterable[Entry], scheme: Scheme, valid_on: date, known_at: datetime) -> Score:
    """The score on a day, as known at an instant, with every contribution."""
    weighed = _weighed(active(entries, scheme, valid_on, known_at), scheme, valid_on)
    capped = _capped(weighed, scheme)
    base = scheme.base * HUNDREDTH
    raw = base + sum(one.millionths for one in capped)
    vetoed = any(scheme.items[one.item].veto for one in capped)
    bounded = bounds(scheme, raw, vetoed)
    return Score(bounded, base, bounded - raw, grade_of(bounded, scheme), tuple(capped), vetoed)


def bounds(scheme: Scheme, millionths: int, vetoed: bool) -> int:
    """A score between the scheme's bounds, and below the cap of a veto."""
    tops = [scheme.upper, scheme.veto_cap if vetoed else None]
    for top in tops:
        if top is not None:
            millionths = min(millionths, top * HUNDREDTH)
    return millionths if scheme.lower is None else max(millionths, scheme.lower * HUNDREDTH)


def _weighed(facts: Sequence[Entry], scheme: Scheme, valid_on: date) -> list[Contribution]:
    """Each fact once, the gravest of its group, with its decay."""
    gravest: dict[tuple[str, str], Contribution] = {}
    for entry in facts:
        item = scheme.items[entry.item]
        found = Contribution(
            entry=entry.id,
            item=item.code,
            category=item.category,
            millionths=weight(item, entry, valid_on),
            ends_on=ends_on(item, entry),
        )
        held = gravest.get((item.category, entry.group))
        if held is None or abs(found.millionths) > abs(held.millionths):
            gravest[item.category, entry.group] = found
    return sorted(gravest.values(), key=lambda one: one.entry)


def _capped(weighed: Sequence[Contribution], scheme: Scheme) -> list[Contribution]:
    """Caps of categories, floors of categories, then the cap of all that is good."""
    parts: dict[tuple[str, bool], list[Contribution]] = {}
    for one in weighed:
        parts.setdefault((one.category, one.millionths > 0), []).append(one)
    good: list[Contribution] = []
    bad: list[Contribution] = []
    for (category, is_good), group in sorted(parts.items()):
        limit = (scheme.caps if is_good else scheme.floors).get(category)
        kept = group if limit is None else _limited(group, abs(limit) * HUNDREDTH)
        (good if is_good else bad).extend(kept)
    if scheme.good_cap is not None:
        good = _limited(good, scheme.good_cap * HUNDREDTH)
    return sorted([*good, *bad], key=lambda one: one.entry)


def _limited(group: list[Contribution], limit: int) -> list[Contribution]:
    """Shrink a group in proportion so that it sums to its limit, to the last millionth."""
    total = sum(abs(one.millionths) for one in group)
    if total <= limit:
        return group
    shrunk, left = [], limit
    for place, one in enumerate(group):
        last = place == len(group) - 1
        share = left if last else abs(one.millionths) * limit // total
        left -= share
        sign = 1 if one.millionths > 0 else -1
        shrunk.append(Contribution(one.entry, one.item, one.category, sign * share, one.ends_on))
    return shrunk


def grade_of(millionths: int, scheme: Scheme) -> str:
    """The grade of a score: the best band that it reaches, else the last."""
    for grade, least in scheme.bands:
        if millionths >= least * HUNDREDTH:
            return grade
    return scheme.bands[-1][0]
