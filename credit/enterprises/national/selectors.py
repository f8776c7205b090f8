"""Reads of what was brought in from the national platform."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from credit.enterprises.models import NationalImport
from kernel.access.actors import Actor
from kernel.workflow.relations import region_prefix

STAFF_TABLE = "TBProjectBuilderUserInfo"
# UserType of the standard's table.
_USER_TYPES = {"1": _("主要负责人"), "2": _("项目负责人"), "3": _("安全员")}


def user_type(code: str) -> str:
    """A kind of safety manager in words."""
    return str(_USER_TYPES.get(code, code))


def imports(region: str) -> QuerySet[NationalImport]:
    """Files that officers of a place, or of one inside it, brought, newest first."""
    return NationalImport.objects.filter(region__startswith=region_prefix(region))


def waiting(actor: Actor) -> QuerySet[NationalImport]:
    """Files that an officer may bring into force: brought by another, or by no officer yet."""
    found = imports(actor.region).filter(state=NationalImport.State.WAITING)
    return found.exclude(person_id=actor.person_id).defer("report")
