"""Whoever lost phone and recovery codes comes in person: an administrator takes the factors off."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from kernel.errors import NotFound
from kernel.parties.models import User
from kernel.workflow.administration import Administrator, log


def reset_factors(*, by: Administrator, at: datetime, username: str) -> tuple[User, int]:
    """Take every second factor off an account, which then asks for its password alone; how many.

    The platform cannot see who stands at the counter: the reason says how that was made sure.
    Refuses ``administration.account.unknown``.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().filter(username=username).first()
        if user is None:
            raise NotFound.because("administration.account.unknown", username=username)
        number, _rows = Authenticator.objects.filter(user=user).delete()
        log(by, at, "factors_reset", account=user.pk, factors=number)
    return user, number
