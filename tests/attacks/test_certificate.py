"""Nobody brings a project into a state in which its certificate can never be printed."""

from __future__ import annotations

import pytest

from kernel.documents import fonts
from kernel.errors import Refused
from procurement.projects import selectors
from tests.procurement.projects.samples import act, opened, submitted

pytestmark = pytest.mark.django_db
PARTY = {"role": "designer", "uscc": "91230102MA00000009"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "示例\U0001f3d7小区"}, "name"),
        ({"address": "ก街 1 号"}, "address"),
        ({"manager_name": "张\U00020bb7"}, "manager_name"),
        ({"parties": [{**PARTY, "name": "设计院\u0627"}]}, "parties.0.name"),
    ],
)
def test_what_the_certificate_cannot_draw_is_not_handed_in(people, changes, field):
    project = opened(people["clerk"], **changes)
    with pytest.raises(Refused) as refused:
        act(project, "submit", people["clerk"])
    told = {r.code: r for r in refused.value.refusals}
    assert told["procurement.project.unprintable"].field == field


def test_rare_characters_that_a_font_has_are_welcome(people):
    submitted(people["clerk"], name="㐀屯№3·Ω楼", manager_name="𬱖甲")


def test_the_fonts_are_not_opened_for_common_text(people, monkeypatch):
    monkeypatch.setattr(fonts, "uncovered", lambda _text: pytest.fail("the fonts were opened"))
    submitted(people["clerk"])


def test_common_text_is_what_every_font_draws():
    every = "".join(map(chr, range(0x20, 0x10000)))
    odd = set(selectors._ODD.findall(every))
    assert fonts.uncovered("".join(c for c in every if c not in odd and c.isprintable())) == ""
