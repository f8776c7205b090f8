"""A relation says the same of one case as of all cases: its predicate and its query agree."""

from __future__ import annotations

import dataclasses

import pytest

from kernel.workflow import relations
from procurement.projects.models import Project
from tests.procurement.projects.samples import opened, registered

pytestmark = pytest.mark.django_db

RELATIONS = {
    # The project keeps a key of its owner; any column of codes serves to hold the two together.
    "party": relations.party("owner", "number"),
    "person": relations.person("somebody", "owner_id"),
    "authority": relations.authority(unseen=("draft",)),
}


@pytest.mark.parametrize("name", RELATIONS)
def test_predicate_and_query_agree(people, name):
    relation = RELATIONS[name]
    cases = [opened(people["clerk"]), registered(people["clerk"], people["officer"])]
    actors = [*people.values(), dataclasses.replace(people["clerk"], uscc=cases[1].number)]
    for actor in actors:
        found = set(Project.objects.filter(relation.query(actor)).values_list("pk", flat=True))
        assert found == {case.pk for case in cases if relation.holds(case, actor)}, actor


def test_nobody_without_a_code_stands_to_a_case_without_one(people):
    draft = opened(people["clerk"])
    nobody = dataclasses.replace(people["clerk"], uscc="", person_id=0)
    assert not RELATIONS["party"].holds(draft, nobody)
    assert not Project.objects.filter(RELATIONS["party"].query(nobody)).exists()


def test_an_authority_reaches_as_far_as_its_region():
    assert relations.region_prefix("230000") == "23"
    assert relations.region_prefix("230100") == "2301"
    assert relations.region_prefix("230102") == "230102"
