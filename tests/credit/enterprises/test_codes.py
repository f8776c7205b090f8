"""Both traps of the credit code: a sum that is nought, and early codes of real firms."""

from __future__ import annotations

import pytest

from credit.enterprises.models import Enterprise
from kernel.errors import Refused
from tests.credit.conduct import samples as officers
from tests.credit.enterprises import samples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
# Real early codes as published: the outer check character is wrong, the inner one right.
EARLY = ("91350203M0001QAY9B", "91350100M0001TGQXM")


@pytest.fixture
def people():
    return officers.officers()


def test_a_code_whose_sum_is_nought_enters_the_archive(people):
    samples.licence(people, uscc="9123010012345678A0")
    assert Enterprise.objects.filter(uscc="9123010012345678A0").exists()


@pytest.mark.parametrize("code", EARLY)
def test_an_early_code_needs_the_registers_own_extract(people, code):
    with pytest.raises(Refused) as refused:
        samples.licence(people, uscc=code)
    assert [r.code for r in refused.value.refusals] == ["credit.enterprise.registry_proof_missing"]
    assert not Enterprise.objects.exists()


@pytest.mark.parametrize("code", EARLY)
def test_an_early_code_with_proof_enters_and_its_page_warns(people, code, client):
    proof = samples.document(people["one"])
    samples.licence(people, uscc=code, registry_sha256=proof)
    samples.licence(people, uscc=code)  # proven once is proven
    assert Enterprise.objects.get().registry_sha256 == proof
    page = client.get(f"/credit/enterprises/{code}/").content.decode()
    assert "校验" in page and proof[:8] in page


def test_a_code_that_neither_check_bears_out_never_enters(people):
    with pytest.raises(Refused):
        samples.licence(
            people, uscc="91350203M0001QAY8B", registry_sha256=samples.document(people["one"])
        )
