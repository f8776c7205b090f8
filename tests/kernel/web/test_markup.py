"""HTML put together here is what Django would have put together."""

from __future__ import annotations

from typing import Any

from django.utils import html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from kernel.web import markup

TEXTS = st.text(alphabet=st.sampled_from("<>&\"'a号 {}%"), max_size=12)
VALUES = st.one_of(
    TEXTS,
    TEXTS.map(SafeString),
    st.integers(),
    st.none(),
    st.just(gettext_lazy("存证")),
)


@given(value=VALUES)
def test_a_value_is_escaped_as_django_escapes_it(value: Any) -> None:
    found = markup.escape(value)
    assert type(found) is SafeString
    assert found == html.conditional_escape(value)


@given(first=VALUES, second=VALUES)
def test_a_template_is_filled_as_django_fills_it(first: Any, second: Any) -> None:
    template = '<a href="{}">{}</a>'
    found = markup.format_html(template, first, second)
    assert type(found) is SafeString
    assert found == html.format_html(template, first, second)


@given(between=TEXTS, rows=st.lists(st.tuples(VALUES, VALUES), max_size=4))
def test_rows_are_joined_as_django_joins_them(between: str, rows: list[tuple[Any, Any]]) -> None:
    found = markup.format_html_join(between, "<li>{} {}</li>", rows)
    assert type(found) is SafeString
    assert found == html.format_html_join(between, "<li>{} {}</li>", rows)
