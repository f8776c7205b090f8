"""An enterprise is found by the numbers of licences that its public page shows."""

from __future__ import annotations

import pytest

from credit.enterprises import findable
from credit.enterprises.models import Licence
from kernel.events import services as events
from kernel.events.models import Delivery
from kernel.search import selectors, services
from tests.credit.conduct import samples as officers
from tests.credit.enterprises import samples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]


def hits(text):
    return [hit.key for hit in selectors.find(text, kinds=[findable.KIND]).hits]


def test_an_enterprise_is_found_by_the_number_of_its_licence():
    samples.licence(officers.officers())
    for row in Delivery.objects.filter(subscriber="credit.enterprises.search"):
        events.deliver(row.pk)
    number = Licence.objects.get().number
    assert hits(number) == [samples.FIRM]
    services.rebuild()
    assert hits(number) == [samples.FIRM]
