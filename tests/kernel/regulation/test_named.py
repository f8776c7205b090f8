"""What a refusal says of a code is kept as the code, and told in the language of who reads it."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from django.utils.translation import override

from kernel import clock
from kernel.errors import Refusal, catalogue
from kernel.regulation.named import Named, kept, named, told
from kernel.sealing import canonical
from kernel.web import formats

AT = datetime(2025, 9, 1, 9, tzinfo=clock.LEGAL_ZONE)
LIST, CODE = "drawing_paper", "survey_report"
WORDS = {"zh-hans": "勘察报告", "en": "Survey report"}


@pytest.mark.parametrize("tried_in", WORDS)
@pytest.mark.parametrize("read_in", WORDS)
def test_a_label_is_kept_as_its_code_and_told_to_each_reader(tried_in: str, read_in: str) -> None:
    with override(tried_in):
        fact = named(LIST, CODE, AT)
        assert fact == WORDS[tried_in] and isinstance(fact, Named)
        stored = json.loads(json.dumps(kept([fact, "HT-1"])))
    assert stored == [{"list": LIST, "code": CODE, "zh": "勘察报告"}, "HT-1"]
    assert canonical.encode(stored)
    with override(read_in):
        assert told(stored, AT) == [WORDS[read_in], "HT-1"]


@pytest.mark.parametrize("tried_in", WORDS)
@pytest.mark.parametrize("read_in", WORDS)
def test_a_label_speaks_the_language_of_the_sentence_that_it_stands_in(
    tried_in: str, read_in: str
) -> None:
    with override(tried_in):
        refusal = Refusal("equipment.machine.paper_missing", {"paper": named(LIST, CODE, AT)})
    with override(read_in):
        said = catalogue.message(refusal)
    assert WORDS[read_in] in said
    assert formats.has_han(said) == (read_in == "zh-hans")


@pytest.mark.parametrize("tried_in", WORDS)
@pytest.mark.parametrize("read_in", WORDS)
def test_words_that_were_kept_before_are_told_in_the_readers_language_too(
    tried_in: str, read_in: str
) -> None:
    with override(read_in):
        assert told(WORDS[tried_in], AT) == WORDS[read_in]
        assert told("示例小学新建工程", AT) == "示例小学新建工程"
        assert told(7, AT) == 7


def test_a_code_whose_list_is_gone_is_told_as_it_was_written() -> None:
    with override("en"):
        assert told({"list": "no_such_list", "code": "x", "zh": "旧称"}, AT) == "旧称"


def test_a_code_that_no_list_has_is_itself() -> None:
    assert named(LIST, "poem", AT) == "poem"
    assert not isinstance(named(LIST, "poem", AT), Named)
