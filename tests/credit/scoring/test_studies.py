"""A draft can neither stop the worker that tries it nor keep it busy for hours."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from django.utils.translation import override

from credit.scoring import bulk, draft_faults, drafting, halving, kinds, rules, soundness, studies
from credit.scoring.sections import score as by_sections
from kernel.errors import Refused, catalogue
from kernel.regulation import reading, schemas
from tests.credit.scoring.test_bulk import NOW
from tests.translations import has_han

SCHEMES = Path(studies.__file__).parent / "schemes"
HOME = (SCHEMES / "heilongjiang-2026" / "scheme.toml").read_text(encoding="utf-8")
ARTICLE = 'article = "试"\narticle_en = "trial"\nsource = "own_default"\n'
LABEL = 'label = { zh = "试", en = "Trial" }\n'


def row(key, text):
    return f'\n[[row]]\nkey = "{key}"\n{text}\n{ARTICLE}'


def item(text):
    return row("item.trial", f'{text}\ncategory = "award"\n{LABEL}')


def told(text):
    with pytest.raises(Refused) as refused:
        studies.drafted(text)
    return refused.value.refusals


def faults(text):
    """Of each fault its code, the key it is at, and that of the row."""
    return {
        (one.code.removeprefix("credit.scheme."), one.facts["key"], one.facts["row"])
        for one in told(text)
    }


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        (item('points = 100\ndays = 365\ndecay = "half_life"\nhalf_life_days = 10000000'),
         ("beyond", "half_life_days", "item.trial")),
        (item("points = 100\ndays = 1000000000"), ("beyond", "days", "item.trial")),
        (item(f"points = {10 ** 30}\ndays = 365"), ("beyond", "points", "item.trial")),
        (row("mean.months", "value = 1000000"), ("one_of", "value", "mean.months")),
        (row("mean.months", "value = -3"), ("one_of", "value", "mean.months")),
        (row("mean.months", "value = 5"), ("one_of", "value", "mean.months")),
        (row("lag.days", "value = 1000000000"), ("beyond", "value", "lag.days")),
        (row("inertia.steps", "value = 1") + row("inertia.months", "value = 1000000"),
         ("beyond", "value", "inertia.months")),
        (row("inertia.steps", "value = 1"), ("missing", "", "inertia.months")),
        (row("band.Z", f"value = {10 ** 30}"), ("beyond", "value", "band.Z")),
        (row("formula", 'name = "sections"'), ("missing", "", "mean.months")),
    ],
)  # fmt: skip
def test_a_draft_beyond_all_measure_is_refused_before_it_runs(more, fault):
    assert fault in faults(HOME + more)


def without(text, prefix):
    """The text without the rows whose key begins so."""
    head, *rows = drafting.blocks(text)
    return head + "".join(row for row in rows if f'key = "{prefix}' not in row)


LIFE = "half_life_days = 30"


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        (item(f"points = 100\ndays = 365\n{LIFE}"),
         ("half_life_unused", "half_life_days", "item.trial")),
        (item(f'points = 100\ndays = 365\ndecay = "linear"\n{LIFE}'),
         ("half_life_unused", "half_life_days", "item.trial")),
        (item('points = 100\ndays = 365\ndecay = "half_life"'),
         ("half_life_needed", "half_life_days", "item.trial")),
        (item("points = 100\ndays = 365\nvalue = 0"), ("unread", "value", "item.trial")),
        (item('points = 100\ndays = 365\nname = "ledger"'), ("unread", "name", "item.trial")),
        (item('points = 100\ndays = 365\nregion = "230100"'), ("unread", "region", "item.trial")),
        (item('points = 100\ndays = 365\nsubject = { kind = "large" }'),
         ("unread", "subject", "item.trial")),
        (item('points = 100\ndays = 365\nveto = "yes"'), ("veto_of_good", "veto", "item.trial")),
        (row("band.Z", "value = 1\npoints = 5"), ("unread", "points", "band.Z")),
        (row("band.Z", 'value = 1\nname = "ledger"'), ("unread", "name", "band.Z")),
        (row("formula", 'value = 1\nname = "ledger"'), ("unread", "value", "formula")),
        (row("bound.uper", "value = 1"), ("unread_row", "key", "bound.uper")),
        (row("cap.preformance", "value = 1"), ("limits_nothing", "value", "cap.preformance")),
        (row("floor.award", "value = -1"), ("limits_nothing", "value", "floor.award")),
        (row("weight.bidding", "value = 1"), ("unheeded", "value", "weight.bidding")),
        (row("section.start", "value = 1"), ("unheeded", "value", "section.start")),
        (row("inertia.months", "value = 1"), ("unheeded", "value", "inertia.months")),
        (row("band.Z", "value = 6000"), ("band_twice", "value", "band.Z")),
        (row("band.Z", "value = 10001"), ("band_unreached", "value", "band.Z")),
    ],
)  # fmt: skip
def test_what_no_formula_would_heed_is_refused_and_not_passed_over(more, fault):
    assert fault in faults(HOME + more)


def test_a_veto_and_its_cap_are_had_together_or_not_at_all():
    assert faults(without(HOME, "veto.cap")) == {("veto_without_cap", "veto", "item.collusion")}
    assert faults(HOME.replace('veto = "yes"', "")) == {("limits_nothing", "value", "veto.cap")}


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        (row("cap.good", "value = 1"), ("unheeded", "value", "cap.good")),
        (row("lag.days", "value = 1"), ("unheeded", "value", "lag.days")),
        (
            item('points = 100\ndays = 365\ndecay = "linear"'),
            ("unheeded_decay", "decay", "item.trial"),
        ),
    ],
)
def test_what_the_formula_of_sections_does_not_read_is_refused_there(more, fault):
    text = (SCHEMES / "highway-2009" / "scheme.toml").read_text(encoding="utf-8")
    assert fault in faults(text + more)


def test_a_draft_without_bands_is_refused():
    assert faults(without(HOME, "band.")) == {("no_bands", "", "")}


@pytest.mark.parametrize("text", [f"a = {'9' * 5000}", f"a = {'[' * 5000}", "row = 5"])
def test_a_draft_that_is_no_scheme_is_refused(text):
    assert told(text)


def test_faults_without_number_are_told_in_part():
    assert len(told(HOME + "\n[[row]]\n" * 2000)) <= 100


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", "评价项“重大事故隐患”（item.hazard_major） · 有效天数（days）"),
        ("en", "Item “Major hazard” (item.hazard_major) · Days that it weighs (days)"),
    ],
)
def test_a_fault_of_a_text_names_item_and_key_in_words_with_its_line(language, words):
    at = HOME.index("days", HOME.index("item.hazard_major"))
    text = HOME[:at] + HOME[at:].replace("730", '"long"', 1)
    with override(language):
        (fault,) = told(text)
        line = text.count("\n", 0, at) + 1
        shown = catalogue.message(fault)
    assert (fault.code, fault.field) == ("credit.scheme.whole", "draft")
    assert words in shown
    assert str(line) in shown.split("·")[0]
    assert has_han(shown.replace("重大事故隐患", "")) == (language == "zh-hans")


def test_every_fault_that_a_draft_can_have_has_words_in_both_languages():
    used = set()
    for module in (reading, schemas, kinds, soundness, studies):
        source = Path(module.__file__).read_text("utf-8")
        used |= set(re.findall(r'"([a-z_]+)"', source)) & draft_faults.KINDS
    assert used == draft_faults.KINDS
    for code in set(draft_faults.CODES.values()):
        assert code in catalogue.codes()


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


def test_the_second_engine_cut_a_half_life_to_the_whole_part_of_its_root():
    for half, rest in ((1, 0), (30, 7), (365, 364), (1000, 999)):
        found = halving.cut(rest, half)
        assert found**half * 2**rest <= rules.SCALE**half < (found + 1) ** half * 2**rest


def test_a_draft_by_sections_scores_who_has_nothing():
    text = (SCHEMES / "highway-2009" / "scheme.toml").read_text(encoding="utf-8")
    assert by_sections([], studies.drafted(text), NOW.date(), NOW).grade
