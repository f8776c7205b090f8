"""A code that an act names is refused as the act cites it."""

from types import SimpleNamespace

from kernel.identifiers import project_code, uscc
from kernel.identifiers.guards import unsound, uscc_is_sound

FACTS = SimpleNamespace(articles={"uscc": "GB 32100-2015"})


def test_a_sound_credit_code_passes():
    named = SimpleNamespace(uscc=uscc.demonstration("230102", 1))
    assert list(uscc_is_sound(FACTS, named)) == []
    assert list(uscc_is_sound(FACTS, None)) == []


def test_a_wrong_check_digit_is_refused_with_article_and_field():
    (reason,) = uscc_is_sound(FACTS, SimpleNamespace(uscc="91230102MA0000000X"))
    assert reason.code == "identifiers.uscc.check"
    assert (reason.article, reason.field) == ("GB 32100-2015", "uscc")


def test_any_code_is_refused_at_the_field_that_names_it():
    found = list(unsound(project_code.parse, "2512", "甲", "parties.0.code"))
    assert found and {(one.article, one.field) for one in found} == {("甲", "parties.0.code")}
