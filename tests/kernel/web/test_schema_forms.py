"""A form made from a schema gives back what the schema takes, and every field has words."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Annotated

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import override
from pydantic import Field

from kernel import clock
from kernel.documents.models import Upload
from kernel.web.presenters import REASON, ActForm, Presenter, presenter_of
from kernel.web.schema_forms import SchemaForm, Setting, Words
from kernel.workflow.machines import Machine, Payload, Transition, machines

# Machines whose presenter lays these acts out itself, as the paper form does.
OWN_FORMS = {"procurement.project": {"open", "amend"}}


class Line(Payload):
    kind: str
    amount_fen: int = 0
    file_sha256: str = ""


class Toy(Payload):
    name: str
    text: Annotated[str, Field(max_length=2000)] = ""
    price_fen: int = 0
    number: int | None = None
    share: Decimal | None = None
    day: date | None = None
    moment: datetime | None = None
    yes: bool = False
    kinds: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()


WORDS = {
    "name": Words("名称"),
    "kinds": Words("种类", options=lambda _case, _actor, _at: [("a", "甲"), ("b", "乙")]),
    "lines": Words("明细", lines=2),
    "lines.kind": Words("种类", options=lambda _case, _actor, _at: [("a", "甲"), ("b", "乙")]),
}


def form(people=None, data=None, files=None, case=None):
    actor = people["clerk"] if people else None
    return SchemaForm(Toy, WORDS, Setting(case, actor, clock.now()), data, files)


def posted(**entries):
    return MultiValueDict(
        {k.replace("__", "-"): v if isinstance(v, list) else [v] for k, v in entries.items()}
    )


def test_what_was_filled_in_is_what_the_schema_takes():
    filled = form(
        data=posted(
            name="示例",
            price_fen="1,234.50",
            number="7",
            share="0.85",
            day="2025-09-01",
            moment="2025-09-01T09:30:00",
            yes="on",
            kinds=["a", "b"],
            names="甲\n\n 乙 ",
            lines__0__kind="a",
            lines__0__amount_fen="2",
        )
    )
    assert filled.is_valid(), filled.errors
    toy = Toy.model_validate(filled.payload())
    assert (toy.name, toy.price_fen, toy.number, toy.share) == ("示例", 123450, 7, Decimal("0.85"))
    assert toy.day == date(2025, 9, 1) and toy.yes
    assert toy.moment == datetime(2025, 9, 1, 9, 30, tzinfo=clock.LEGAL_ZONE)
    assert (toy.kinds, toy.names) == (("a", "b"), ("甲", "乙"))
    assert toy.lines == (Line(kind="a", amount_fen=200),)


def test_what_was_left_empty_is_left_out():
    empty = form(data=posted())
    assert empty.is_valid() and empty.payload() == {"yes": False, "lines": []}


def test_known_values_are_filled_in_with_one_line_more():
    case = SimpleNamespace(name="已知", lines=[{"kind": "b", "amount_fen": 1}] * 3, region="")
    known = form(case=case)
    assert known["name"].value() == "已知"
    assert known["lines-2-kind"].value() == "b" and "lines-3-kind" in known.fields


@pytest.mark.django_db
def test_a_file_is_kept_and_its_hash_travels_on(people):
    data = posted(name="x", lines__0__kind="a")
    files = MultiValueDict({"lines-0-file_sha256": [SimpleUploadedFile("a.pdf", b"%PDF-1.7 a")]})
    first = form(people, data, files)
    assert first.is_valid(), first.errors
    sha256 = first.payload()["lines"][0]["file_sha256"]
    assert Upload.objects.get().sha256 == sha256
    # The page comes back with an error elsewhere: the file need not be chosen again.
    again = form(people, first.data)
    assert again.is_valid() and again.payload()["lines"][0]["file_sha256"] == sha256


@pytest.mark.django_db
def test_a_file_of_another_kind_is_refused_by_name(people):
    files = MultiValueDict({"lines-0-file_sha256": [SimpleUploadedFile("a.exe", b"MZ program")]})
    bad = form(people, posted(name="x", lines__0__kind="a"), files)
    assert not bad.is_valid() and "lines-0-file_sha256" in bad.errors


def test_fields_stand_in_the_order_of_the_schema_and_lists_have_headings_of_their_own():
    groups = form().groups("示例业务")
    assert [group.title for group in groups] == ["示例业务", "明细"]
    assert [view.bound.name for view in groups[0].fields][:3] == ["name", "text", "price_fen"]
    assert len(groups[1].lines) == 2


@pytest.mark.parametrize("machine", machines().values(), ids=list(machines()))
def test_every_field_of_every_act_that_people_do_has_words(machine: Machine) -> None:
    words = REASON | dict(presenter_of(machine).fields)
    missing = {
        f"{act.code}.{path}"
        for act in machine.transitions
        if not act.automatic and act.code not in OWN_FORMS.get(machine.code, set())
        for path in _paths(act.schema)
        if path not in words
    }
    assert missing == set()


def _paths(schema):
    from kernel.web.schema_fields import line_model

    for name, info in schema.model_fields.items():
        yield name
        if (model := line_model(info.annotation)) is not None:
            yield from (f"{name}.{part}" for part in model.model_fields)


def test_a_list_whose_nothing_has_words_of_its_own_has_one_empty_entry():
    words = {"name": Words("轻重", options=lambda *_asked: [("", "按评价项"), ("a", "甲")])}
    made = SchemaForm(Toy, words, Setting(None, None, clock.now()))
    assert made.fields["name"].choices == [("", "按评价项"), ("a", "甲")]


def test_a_list_without_a_choice_says_so():
    nothing = {"name": Words("名称", options=lambda _case, _actor, _at: [])}
    made = SchemaForm(Toy, nothing, Setting(None, None, clock.now()))
    assert [str(label) for _code, label in made.fields["name"].choices] == ["目前没有可选的"]


def test_a_list_without_a_choice_says_what_must_be_there_first_and_who_does_it():
    why = "先由建设单位申请施工许可。"
    for options, said in (([], why), ([("a", "甲")], "从中选择")):
        words = Words("名称", help="从中选择", none=why, options=lambda _c, _a, _t, o=options: o)
        made = SchemaForm(Toy, {"name": words}, Setting(None, None, clock.now()))
        assert made.fields["name"].help_text == said


class Why(Payload):
    """What a guard may ask a reason of, beside something else."""

    number: str = ""
    reason: Annotated[str, Field(max_length=2000)] = ""


def reason_is_given(_facts, payload):
    """As the guards of this name do."""
    yield from () if payload is None or payload.reason else ("missing",)


@pytest.mark.parametrize("guards", [(), (reason_is_given,)])
def test_a_reason_that_a_guard_asks_for_is_not_called_optional(guards):
    presenter = Presenter()
    presenter.fields = {"number": Words("编号")}
    stop = Transition("stop", "停止", ("on",), "off", effect="", schema=Why, guards=guards)
    made = presenter.act_form(stop, None, None, clock.now())
    needed = {name: field.needed for name, field in made.form.fields.items()}
    assert needed == {"number": False, "reason": bool(guards)}


class Paper(Payload):
    """An act that rests on a paper."""

    file_sha256: str = ""


@pytest.mark.django_db
def test_a_review_names_the_file_that_came_not_the_one_that_was_there(people):
    presenter = Presenter()
    presenter.fields = {"file_sha256": Words("扫描件", initial=lambda *_: "0" * 64)}
    show = Transition("show", "出示", ("on",), "off", effect="", schema=Paper)
    files = MultiValueDict({"file_sha256": [SimpleUploadedFile("a.pdf", b"%PDF-1.7 a")]})
    now = clock.now()
    made = presenter.act_form(show, None, people["clerk"], now, MultiValueDict(), files)
    ((entered,),) = (group.facts for group in presenter.summary(show, None, made, now))
    sha256 = made.form.payload()["file_sha256"]
    assert entered.value == f"a.pdf（{sha256[:8]}…）"


@pytest.mark.django_db
@pytest.mark.parametrize("machine", machines().values(), ids=list(machines()))
def test_every_act_of_a_case_has_a_form_that_can_be_drawn(machine, people):
    """A case's rows may bear the name of a list that an act brings along (``findings``)."""
    presenter, case = presenter_of(machine), machine.model(pk=1)
    for act in machine.transitions:
        if act.sources:
            made = presenter.act_form(act, case, people["clerk"], clock.now())
            for group in made.groups:
                assert all(str(view.bound) for view in group.fields)


def test_what_no_page_asks_for_is_neither_shown_nor_sent():
    words = WORDS | {"price_fen": Words("价", asked=False)}
    case = SimpleNamespace(name="已知", price_fen=5, lines=[], region="")
    made = SchemaForm(
        Toy, words, Setting(case, None, clock.now()), posted(name="x", price_fen="1.00")
    )
    assert made.is_valid() and "price_fen" not in made.fields
    assert "price_fen" not in made.payload()
    shown = [view.bound.name for group in made.groups("示例业务") for view in group.fields]
    assert "name" in shown and "price_fen" not in shown


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-hans", "额定起重力矩（千牛·米）"), ("en", "Rated moment (kN·m)")],
)
def test_a_summary_says_every_number_with_its_unit(people, language, said):
    crane = presenter_of(machines()["equipment.machine"])
    opening = crane.machine.opening
    entered = posted(model="QTZ80", capacity_knm="800")
    with override(language):
        filled = SchemaForm(
            opening.schema, crane.fields, Setting(None, people["clerk"], clock.now()), entered
        )
        made = ActForm(filled, filled.groups(""))
        facts = crane.summary(opening, None, made, clock.now())[0].facts
    assert (said, "800") in [(fact.label, str(fact.value)) for fact in facts]


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["capture", "amend"])
def test_no_choice_about_a_conduct_record_is_empty_twice(act, people):
    machine = machines()["credit.conduct_record"]
    transition = machine.transition(act)
    case = None if transition.opens else machine.model(pk=1)
    made = presenter_of(machine).act_form(transition, case, people["clerk"], clock.now())
    choices = {n: f.choices for n, f in made.form.fields.items() if hasattr(f, "choices")}
    assert "severity" in choices
    for name, offered in choices.items():
        assert [code for code, _label in offered].count("") == 1, name
