"""A draft can neither stop the worker that tries it nor keep it busy for hours."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from credit.scoring import bulk, rules, studies
from credit.scoring.sections import score as by_sections
from kernel.errors import Refused
from tests.credit.scoring.test_bulk import NOW

SCHEMES = Path(studies.__file__).parent / "schemes"
HOME = (SCHEMES / "heilongjiang-2026" / "scheme.toml").read_text(encoding="utf-8")
ARTICLE = 'article = "试"\narticle_en = "trial"\nsource = "own_default"\n'
LABEL = 'label = { zh = "试", en = "Trial" }\n'


def row(key, text):
    return f'\n[[row]]\nkey = "{key}"\n{text}\n{ARTICLE}'


def item(text):
    return row("item.trial", f'{text}\ncategory = "award"\n{LABEL}')


def faults(text):
    with pytest.raises(Refused) as refused:
        studies.drafted(text)
    assert {each.code for each in refused.value.refusals} == {"credit.scheme.draft_faulty"}
    return [each.facts["fault"] for each in refused.value.refusals]


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        (item('points = 100\ndays = 365\ndecay = "half_life"\nhalf_life_days = 10000000'),
         "half_life_days"),
        (item("points = 100\ndays = 1000000000"), "days"),
        (item(f"points = {10 ** 30}\ndays = 365"), "points"),
        (row("mean.months", "value = 1000000"), "mean.months"),
        (row("mean.months", "value = -3"), "mean.months"),
        (row("mean.months", "value = 5"), "mean.months"),
        (row("lag.days", "value = 1000000000"), "lag.days"),
        (row("inertia.steps", "value = 1") + row("inertia.months", "value = 1000000"),
         "inertia.months"),
        (row("inertia.steps", "value = 1"), "inertia.months"),
        (row("band.Z", f"value = {10 ** 30}"), "value"),
        (row("formula", 'name = "sections"'), "mean.months"),
    ],
)  # fmt: skip
def test_a_draft_beyond_all_measure_is_refused_before_it_runs(more, fault):
    assert any(fault in told for told in faults(HOME + more))


def test_a_draft_without_bands_is_refused():
    assert any("bands" in told for told in faults(HOME.replace('key = "band.', 'key = "other.')))


@pytest.mark.parametrize("text", [f"a = {'9' * 5000}", f"a = {'[' * 5000}", "row = 5"])
def test_a_draft_that_is_no_scheme_is_refused(text):
    assert faults(text)


def test_faults_without_number_are_told_in_part():
    assert len(faults(HOME + "\n[[row]]\n" * 2000)) <= 100


@pytest.mark.parametrize("path", sorted(SCHEMES.glob("*/scheme.toml")), ids=lambda p: p.parent.name)
def test_every_scheme_that_we_hold_would_pass_as_a_draft(path):
    assert studies.drafted(path.read_text(encoding="utf-8")).bands


def test_the_longest_half_life_is_computed_in_seconds():
    text = item('points = 100\ndays = 7320\ndecay = "half_life"\nhalf_life_days = 1830')
    scheme = studies.drafted(HOME + text)
    began = time.process_time()
    weights = bulk.Weights(scheme, ["trial"])
    assert time.process_time() - began < 20
    assert [int(weights.flat[age]) for age in (0, 1830, 3660)] == [10**6, 10**6 // 2, 10**6 // 4]


def test_a_half_life_is_the_whole_part_of_its_root():
    for half, rest in ((1, 0), (30, 7), (365, 364), (1000, 999)):
        found = rules.decay(rules.Item("x", 1, "c", 9999, "half_life", half), rest)
        assert found**half * 2**rest <= rules.SCALE**half < (found + 1) ** half * 2**rest


def test_a_draft_by_sections_scores_who_has_nothing():
    text = (SCHEMES / "highway-2009" / "scheme.toml").read_text(encoding="utf-8")
    assert by_sections([], studies.drafted(text), NOW.date(), NOW).grade
