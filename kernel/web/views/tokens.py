"""A person's own tokens: seen, made and ended on a page; operators have ``manage.py people``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kernel import clock
from kernel.errors import Refused
from kernel.parties.models import ApiToken, User
from kernel.parties.tokens import write_uses
from kernel.web import spoken
from kernel.web.acting import acting
from kernel.web.refusals import in_words
from kernel.web.viewmodels import StateChip
from kernel.workflow import administration_own as own
from kernel.workflow.administration import TOKEN_DAYS

# A month is long enough to try a system out; whoever needs more says so.
USUAL_DAYS = 30


class TokenForm(forms.Form):
    """What a token is for, in which membership it acts, and how long."""

    name = forms.CharField(
        label=gettext_lazy("用途"),
        max_length=80,
        help_text=gettext_lazy("写明哪个系统或工具使用，如“投标工具，办公电脑”"),
    )
    membership = forms.TypedChoiceField(label=gettext_lazy("代表的单位和角色"), coerce=int)
    days = forms.IntegerField(
        label=pgettext_lazy("token", "有效天数"),
        min_value=1,
        max_value=TOKEN_DAYS,
        initial=USUAL_DAYS,
        help_text=gettext_lazy("到期自动失效；任职终止时提前失效"),
    )

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        cast(forms.TypedChoiceField, self.fields["membership"]).choices = choices


@dataclass(frozen=True)
class Row:
    """A token as the list shows it; ``state`` empty: it acts."""

    token: ApiToken
    whose: str
    state: StateChip
    alive: bool


def listed(request: HttpRequest) -> HttpResponse:
    """One's own tokens, and what each is for."""
    write_uses()
    rows = [_row(request, token) for token in own.own_tokens(cast(User, request.user))]
    may = bool(acting(request).memberships)
    return render(request, "kernel/web/tokens.html", {"rows": rows, "may_make": may})


@reauthentication_required  # type: ignore[untyped-decorator]
def make(request: HttpRequest) -> HttpResponse:
    """Make one; the answer to the form shows its secret, once."""
    choices = [
        (one.pk, f"{one.organisation.name} · {spoken.role(one.role)}")
        for one in acting(request).memberships
    ]
    current = acting(request).current
    initial = {"membership": current.pk if current else None}
    form = TokenForm(request.POST or None, choices=choices, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            token, secret = own.issue_own(
                user=cast(User, request.user),
                at=clock.now(),
                membership_id=data["membership"],
                name=data["name"],
                days=data["days"],
            )
        except Refused as refused:
            for reason in in_words(refused.refusals):
                form.add_error(None, reason.message)
        else:
            made = {"row": _row(request, token), "secret": secret}
            return render(request, "kernel/web/token_made.html", made)
    status = 422 if form.errors else 200
    return render(request, "kernel/web/token_new.html", {"form": form}, status=status)


@reauthentication_required  # type: ignore[untyped-decorator]
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once, then end it."""
    user = cast(User, request.user)
    token = get_object_or_404(own.own_tokens(user), pk=pk)
    if request.method == "POST":
        own.revoke_own(user=user, at=clock.now(), token_id=pk)
        messages.success(request, _("令牌“%(name)s”已撤销，立即失效。") % {"name": token.name})
        return redirect("web:tokens")
    return render(request, "kernel/web/token_revoke.html", {"row": _row(request, token)})


def _row(request: HttpRequest, token: ApiToken) -> Row:
    membership = token.membership
    whose = f"{membership.organisation.name} · {spoken.role(membership.role)}"
    if token.revoked_at is not None:
        chip = StateChip(_("已撤销"))
    elif token.expires_at <= clock.technical_now():
        chip = StateChip(_("已过期"))
    elif membership.pk not in {one.pk for one in acting(request).memberships}:
        chip = StateChip(_("任职已终止"))
    else:
        return Row(token, whose, StateChip(_("有效"), "done"), alive=True)
    return Row(token, whose, chip, alive=False)
