"""What the tables of sealed bids have in common: a case of a lot, a column of a hash."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.workflow.models import ProjectCase


def hash_field(label: object, **more: object) -> models.CharField[str, str]:
    """A column of a SHA-256 in hexadecimal, empty where there is none."""
    return models.CharField(label, max_length=64, blank=True, **more)  # type: ignore[arg-type]


class LotCase(ProjectCase):
    """A case that hangs on a lot: its number, and who runs it."""

    # Given at random: a number in a row would tell how many bids came before.
    id = models.BigIntegerField(primary_key=True, editable=False)
    lot_id = models.BigIntegerField(_("标段"), default=0)
    lot_number = models.CharField(_("标段编号"), max_length=80, db_index=True)
    owner_uscc = models.CharField(_("招标人"), max_length=18, blank=True)
    agency_uscc = models.CharField(_("招标代理"), max_length=18, blank=True)

    class Meta:
        abstract = True

    @property
    def links(self) -> frozenset[str]:
        """The lot that it rests on."""
        return frozenset({f"procurement.tender:{self.lot_id}"})
