"""No way to a state but fire(): not by constructor, update, save, fixture, delete or admin."""

from __future__ import annotations

import json

import pytest
from django.apps import apps
from django.core import serializers
from django.db import IntegrityError, connection, transaction

from kernel.workflow.guarding import OnlyFire
from kernel.workflow.models import Case
from procurement.projects.models import Project
from tests.procurement.projects.samples import opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(people):
    return opened(people["clerk"])


def test_a_constructor_cannot_name_a_state(people):
    with pytest.raises(OnlyFire):
        Project(state="registered")
    with pytest.raises(OnlyFire):
        Project(version=7)
    with pytest.raises(OnlyFire):
        Project(1, "registered")


def test_create_get_or_create_and_bulk_create_cannot_make_a_case(people):
    owner_id = people["clerk"].organisation_id
    with pytest.raises(OnlyFire):
        Project.objects.create(state="registered", owner_id=owner_id)
    with pytest.raises(OnlyFire):
        Project.objects.create(owner_id=owner_id)
    with pytest.raises(OnlyFire):
        Project.objects.get_or_create(owner_id=owner_id)
    with pytest.raises(OnlyFire):
        Project.objects.bulk_create([Project(owner_id=owner_id)])
    assert not Project.objects.exists()


def test_update_and_bulk_update_cannot_set_a_state(project):
    for manager in (Project.objects, Project._base_manager, Project._default_manager):
        with pytest.raises(OnlyFire):
            manager.update(state="registered")
        with pytest.raises(OnlyFire):
            manager.filter(pk=project.pk).update(version=9)
    with pytest.raises(OnlyFire):
        Project.objects.bulk_update([project], ["state"])
    with pytest.raises(OnlyFire):
        Project.objects.update_or_create(pk=project.pk, defaults={"name": "x"})
    assert Project.objects.get(pk=project.pk).state == "draft"


def test_assigning_a_state_is_refused_and_saving_is_too(project):
    with pytest.raises(AttributeError):
        project.state = "registered"
    project.fsm_submit()  # moves the object in memory …
    with pytest.raises(OnlyFire):
        project.save()  # … and nothing else
    assert Project.objects.get(pk=project.pk).state == "draft"


def test_a_transition_from_the_wrong_state_is_refused_by_the_machine_itself(project):
    from kernel.workflow.fsm import TransitionNotAllowed

    with pytest.raises(TransitionNotAllowed):
        project.fsm_accept()


def test_reloading_keeps_the_protection_of_object_and_class(project):
    project.refresh_from_db()
    with pytest.raises(AttributeError):
        project.state = "registered"
    with pytest.raises(AttributeError):
        Project.objects.get(pk=project.pk).state = "registered"


def test_a_reload_that_fails_keeps_the_protection(project, monkeypatch):
    pk = project.pk
    project.pk = 10**9
    with pytest.raises(Project.DoesNotExist):
        project.refresh_from_db()
    project.pk = pk
    assert project.state == "draft"
    with pytest.raises(AttributeError):
        project.state = "registered"


def test_a_fixture_cannot_bring_a_state_in(project):
    text = json.loads(serializers.serialize("json", [project]))
    text[0]["fields"]["state"] = "registered"
    with pytest.raises((OnlyFire, serializers.base.DeserializationError)):
        for item in serializers.deserialize("json", json.dumps(text)):
            item.save()
    assert Project.objects.get(pk=project.pk).state == "draft"


def test_a_case_is_never_deleted(project):
    with pytest.raises(OnlyFire):
        project.delete()
    with pytest.raises(OnlyFire):
        Project.objects.all().delete()
    with pytest.raises(OnlyFire):
        Project.objects.filter(pk=project.pk)._raw_delete(None)
    assert Project.objects.filter(pk=project.pk).exists()


def test_the_database_knows_the_states(project):
    table = Project._meta.db_table
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET state = 'won' WHERE id = %s", [project.pk])


def test_no_admin_can_set_a_state():
    assert not apps.is_installed("django.contrib.admin")


def test_every_case_class_has_the_guarded_manager_everywhere():
    cases = [m for m in apps.get_models() if issubclass(m, Case)]
    assert Project in cases
    for model in cases:
        for manager in (model._default_manager, model._base_manager):
            assert type(manager.all()).__name__ == "CaseQuerySet"


def test_migrations_never_name_the_state_machine_library():
    field = Project._meta.get_field("state")
    _, path, _, kwargs = field.deconstruct()
    assert path == "django.db.models.CharField" and "protected" not in kwargs
