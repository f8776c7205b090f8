"""Documents of which not even the being there is told: by number they are unknown to strangers."""

from __future__ import annotations

from kernel.documents import forms


def test_no_number_tells_who_objected_how_many_bid_or_how_far_a_committee_has_come() -> None:
    hidden = {code for code, form in forms.all().items() if form.hidden}
    assert hidden == {"procurement.objection.answer", "procurement.evaluation.report"}
    assert not any(forms.get(code).public for code in hidden)
    # Bids and their receipts are no documents with a number at all.
    assert not any(code.startswith("procurement.bid.") for code in forms.all())
