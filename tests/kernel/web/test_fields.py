"""Form fields: what is written about an input is tied to it; money is typed as people write it."""

from __future__ import annotations

import pytest
from django import forms
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Refusal, Wording, catalogue
from kernel.money import format_yuan
from kernel.web import refusals
from kernel.web.fields import parts
from kernel.web.money_field import YuanField


class Sample(forms.Form):
    name = forms.CharField(label="名称", help_text="全称")
    land = forms.ChoiceField(
        label="用地", help_text="见批文", widget=forms.RadioSelect, choices=[("1", "划拨")]
    )
    agree = forms.BooleanField(label="属实")
    note = forms.CharField(label="说明", required=False, widget=forms.Textarea)
    amount = YuanField(label="总投资", required=False, min_fen=1)


def rendered(form: forms.Form, name: str, **extra: str) -> str:
    text = "{% load ui %}{% field bound source unit %}"
    return Template(text).render(Context({"bound": form[name], **extra}))


def test_help_error_and_source_describe_the_input():
    html = rendered(Sample({}), "name", source="省平台")
    assert 'aria-describedby="id_name_helptext id_name_error id_name_source"' in html
    for part in ("id_name_helptext", "id_name_error", "id_name_source"):
        assert f'id="{part}"' in html
    assert 'aria-invalid="true"' in html
    assert 'for="id_name"' in html


def test_choices_are_a_fieldset_that_carries_the_description():
    html = rendered(Sample({}), "land")
    assert '<fieldset aria-describedby="id_land_helptext id_land_error">' in html
    assert "<legend" in html
    assert parts(Sample()["land"]).anchor == "id_land_0"


def test_shapes_and_widths():
    form = Sample()
    assert [(p.shape, p.wide) for p in map(parts, form)] == [
        ("line", False),
        ("choices", True),
        ("check", True),
        ("line", True),
        ("line", False),
    ]


def test_optional_is_said_unless_only_a_draft_may_miss_it():
    form = Sample()
    assert "选填" in rendered(form, "note")
    vars(form.fields["note"])["needed"] = True
    assert "选填" not in rendered(form, "note")
    assert "选填" not in rendered(form, "name")


def test_what_was_typed_is_kept_and_cannot_smuggle_markup():
    html = rendered(Sample({"name": '"><script>'}), "name")
    assert "<script>" not in html
    assert "&quot;&gt;&lt;script&gt;" in html


@given(st.integers(1, 10**15))
def test_money_typed_as_it_is_written_comes_back_as_the_same_fen(fen):
    form = Sample({"name": "x", "land": "1", "agree": "1", "amount": format_yuan(fen)})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["amount"] == fen
    assert form["amount"].value() == format_yuan(fen)


@pytest.mark.parametrize(
    "typed,code",
    [
        ("很多", "money.not_a_number"),
        ("1.234", "money.too_many_decimals"),
        ("9" * 25, "money.too_large"),
        ("0", "too_small"),
    ],
)
def test_money_that_cannot_be_taken_says_why_and_is_kept(typed, code):
    form = Sample({"amount": typed})
    assert form.errors.as_data()["amount"][0].code == code
    assert form["amount"].value() == typed


def test_an_initial_amount_is_shown_as_yuan_and_is_no_change():
    form = Sample({"amount": "1234.50"}, initial={"amount": 123_450})
    assert 'value="1,234.50"' in str(Sample(initial={"amount": 123_450})["amount"])
    assert "amount" not in form.changed_data


def test_a_refusal_about_a_field_stands_at_the_field_and_others_are_returned():
    catalogue.register(
        {"test.web.name": Wording("名称「%(name)s」已登记。", cure="请改用其他名称。")}
    )
    form = Sample({"name": "x", "land": "1", "agree": "1"})
    assert form.is_valid()
    rest = refusals.onto_form(
        form,
        [Refusal("test.web.name", {"name": "x"}, field="name"), Refusal("test.web.other")],
    )
    assert form.errors["name"] == ["名称「x」已登记。 请改用其他名称。"]
    assert [one.code for one in rest] == ["test.web.other"]
    assert rest[0].message == "test.web.other"
