"""Points are typed as a decision states them and kept in hundredths, without a sign."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from kernel.web.points_field import PointsField


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("2", 200), ("-2", 200), ("−2.00", 200), ("0.5", 50), ("0", 0), ("", None), (150, 150)],
)  # fmt: skip
def test_points_are_kept_in_hundredths_whatever_their_sign(typed, kept):
    assert PointsField(required=False).clean(typed) == kept


@pytest.mark.parametrize("typed", ["two", "2.005"])
def test_what_is_no_number_of_points_is_refused_in_words_of_points(typed):
    with pytest.raises(ValidationError) as refused:
        PointsField().clean(typed)
    assert "分值" in str(refused.value)


def test_what_is_held_is_written_as_points():
    assert PointsField().prepare_value(250) == "2.50"
