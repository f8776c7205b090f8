"""An enterprise is found by the whole number of a licence that its public page shows."""

from __future__ import annotations

import pytest
from django.test import Client

from credit.enterprises.models import Licence
from kernel.search import whole
from kernel.workflow import guarding
from tests.credit.conduct import samples as officers
from tests.credit.enterprises import samples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]


def found(number: str) -> list[str]:
    return [entry.key for entry in whole.named(number)]


def test_an_enterprise_is_found_by_the_number_of_its_licence() -> None:
    number = samples.licence(officers.officers()).number
    assert found(number) == found(f" {number} ") == [samples.FIRM]
    assert found(number[:-1]) == []
    page = Client().get("/search/", {"q": number}).content.decode()
    assert f"/enterprises/{samples.FIRM}/" in page
    assert "编号相符" in page


def test_a_person_s_certificate_that_is_over_names_nobody() -> None:
    row = samples.licence(officers.officers())
    Licence.objects.filter(pk=row.pk).update(kind="person", holder="示例甲")
    assert found(row.number) == [samples.FIRM]
    with guarding.firing():
        Licence.objects.filter(pk=row.pk).update(state="lapsed")
    assert found(row.number) == []
