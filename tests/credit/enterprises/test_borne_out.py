"""What bears a licence out: its file, or a line of the national register that names it."""

from __future__ import annotations

from datetime import date

import pytest

from credit.enterprises.models import NationalImport, NationalRecord
from kernel import clock
from kernel.identifiers import uscc
from kernel.parties.models import Membership, Organisation
from tests.credit.conduct import samples
from tests.credit.enterprises.national.files import as_csv, bring
from tests.credit.enterprises.samples import document
from tests.credit.enterprises.test_licences import FIRM, payload, record, refused, safety

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]


@pytest.fixture
def people():
    return samples.officers()


@pytest.mark.parametrize("proof", ["A", "B", "C"])
def test_a_level_that_a_file_bears_out_needs_the_file_and_the_officers_own(people, proof):
    for file in ("", document(people["far"])):
        found = refused(people, payload(proof=proof, file_sha256=file))
        assert set(found) == {"licence.proof_missing"}
    assert record(people, payload(proof=proof)).proof == proof


def test_what_the_national_register_names_is_level_a_without_a_file(people):
    held = safety(file_sha256="")
    job = NationalImport.objects.create(
        table="TBBuilderLicenceManage", file_name="x", file_sha256="0" * 64, person_id=1,
        organisation_id=1, region="230100", imported_at=clock.now(),
    )  # fmt: skip
    NationalRecord.objects.create(
        table=job.table, key="B1", uscc=FIRM, imported=job,
        facts={"safety_licence": held["number"]},
    )  # fmt: skip
    other = held | {"uscc": uscc.demonstration("230102", 32)}
    assert set(refused(people, other)) == {"licence.proof_missing"}
    assert set(refused(people, held | {"proof": "B"})) == {"licence.proof_missing"}
    assert record(people, held).proof == "A"


def test_what_is_declared_needs_a_file_or_the_national_register_too(people):
    held = safety(file_sha256="", proof="C")
    assert set(refused(people, held)) == {"licence.proof_missing"}
    line = {
        "BuilderLicenceNum": "B1", "PrjNum": "P1", "IssueCertDate": "2025-01-01",
        "ConsCorpName": "示例建筑公司", "ConsCorpCode": FIRM, "SafetyCerID": held["number"],
    }  # fmt: skip
    bring(people, as_csv(line), "TBBuilderLicenceManage")
    assert record(people, held).proof == "C"


def test_the_register_bears_out_the_certificate_of_its_own_holder_only(people):
    line = {
        "BuilderLicenceNum": "B1", "PrjNum": "P1", "CorpName": "示例建筑公司", "CorpCode": FIRM,
        "UserName": "示例员", "CertID": "黑建安B(2023)1", "UserType": "2",
    }  # fmt: skip
    bring(people, as_csv(line), "TBProjectBuilderUserInfo")
    held = payload(
        kind="person", number=line["CertID"], holder="别人", trade="", grade="", file_sha256=""
    )
    assert set(refused(people, held)) == {"licence.proof_missing"}
    assert record(people, held | {"holder": "示例员"}).holder == "示例员"


def test_an_officer_who_works_for_the_enterprise_records_and_revokes_nothing_of_it(people):
    Membership.objects.create(
        person_id=people["one"].person_id, role="contractor_clerk", valid_from=date(2020, 1, 1),
        organisation=Organisation.objects.get(uscc=people["firm"].uscc),
    )  # fmt: skip
    data = payload(uscc=people["firm"].uscc)
    assert set(refused(people, data)) == {"officer.interested"}
    assert record(people, data, "two").state == "valid"
