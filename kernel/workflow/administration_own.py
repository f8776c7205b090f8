"""What people administer of their own, on a page: the tokens of their memberships.

The writes are an administrator's (``administration``), with the same checks and the same entries
of the log; only by whom they are is another matter: an account of the platform, told by number.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from kernel import clock
from kernel.access.actors import live_memberships
from kernel.errors import NotFound, NotPermitted
from kernel.parties.models import ApiToken, User
from kernel.workflow import administration
from kernel.workflow.administration import Administrator

REASON: Final = "own token"
"""What the log says for why: the page asks nobody for a reason to mend what is theirs."""


def own_tokens(user: User) -> QuerySet[ApiToken]:
    """The tokens of a person's memberships, newest first, whoever issued them."""
    of_them = ApiToken.objects.filter(membership__person_id=user.person_id or 0)
    return of_them.select_related("membership__organisation").order_by("-pk")


def issue_own(
    *, user: User, at: datetime, membership_id: int, name: str, days: int
) -> tuple[ApiToken, str]:
    """A token for a membership of one's own in force; its secret is returned once.

    Refuses ``access.membership.ended`` and what ``administration.issue_token`` refuses.
    """
    held = live_memberships(user.person_id or 0, clock.legal_date(at))
    found = next((one for one in held if one.pk == membership_id), None)
    if found is None:
        raise NotPermitted.because("access.membership.ended", role="")
    return administration.issue_token(
        by=_by(user), at=at, membership_id=found.pk, name=name, days=days
    )


def revoke_own(*, user: User, at: datetime, token_id: int) -> ApiToken:
    """End a token of one's own now, also of a membership that has ended.

    Another's token is as one that is not there: ``administration.token.unknown``.
    """
    if not own_tokens(user).filter(pk=token_id).exists():
        raise NotFound.because("administration.token.unknown", token=token_id)
    return administration.revoke_token(by=_by(user), at=at, token_id=token_id)


def _by(user: User) -> Administrator:
    return Administrator(account=f"account {user.pk}", reason=REASON)
