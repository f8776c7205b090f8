"""For whom one acts, and that the log-in is still alive."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from kernel.errors import NotPermitted
from kernel.web.acting import SESSION_KEY, acting


@require_POST
def act_for(request: HttpRequest) -> HttpResponse:
    """Act from now on for another organisation or in another role."""
    wanted = request.POST.get("membership", "")
    if wanted not in {str(m.pk) for m in acting(request).memberships}:
        raise NotPermitted.because("access.membership.ended", role="")
    request.session[SESSION_KEY] = int(wanted)
    return redirect(_safe_next(request))


def _safe_next(request: HttpRequest) -> str:
    """Back to the page one came from, if it is ours; a case of another role's leads to the desk."""
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}) and "/cases/" not in target:
        return target
    return "/desk/"


@require_POST
def keep_alive(request: HttpRequest) -> HttpResponse:
    """Somebody still works: the log-in's clock starts again (technical time)."""
    request.session.modified = True
    return HttpResponse(status=204)
