"""What stands around every page: the ``site`` of all templates."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from kernel.evidence import selectors as evidence
from kernel.web import desk_parts, spoken
from kernel.web.acting import Acting, acting, moment
from kernel.web.addresses import address
from kernel.web.viewmodels import Actor, MembershipOption, NavItem, Site, TreeHead
from kernel.workflow import selectors as workflow
from kernel.workflow.machines import machines


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor; nothing is read before a template looks at it."""
    return {"site": SimpleLazyObject(lambda: _site(request))}


def _site(request: HttpRequest) -> Site:
    head = evidence.head()
    shared: dict[str, Any] = {
        "now": moment(request),
        "sandbox": settings.SANDBOX,
        "nav": tuple(_nav(request)),
        "tree_head": TreeHead(head.size, head.at, bytes(head.root).hex(), address("web:log"))
        if head
        else None,
        "check_url": address("documents:check"),
        "login_url": address("account_login"),
    }
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        own_box = request.path in {address("web:home"), address("web:search")}
        return Site(**shared, search_url="" if own_box else address("web:search"))
    who = acting(request)
    return Site(
        **shared,
        actor=Actor(
            person=_name(user, who),
            organisation=who.current.organisation.name if who.current else "",
            role=spoken.role(who.current.role) if who.current else "",
        ),
        memberships=tuple(
            MembershipOption(str(m.pk), m.organisation.name, spoken.role(m.role), m is who.current)
            for m in who.memberships
        ),
        sandbox_url=address("web:sandbox-clock") if settings.SANDBOX else "",
        act_for_url=address("web:act-for"),
        logout_url=address("account_logout"),
        password_url=address("account_change_password"),
        mfa_url=address("mfa_index"),
        sessions_url=address("usersessions_list"),
        tokens_url=address("web:tokens"),
        keep_alive_url=address("web:keep-alive"),
        session_seconds=settings.SESSION_COOKIE_AGE,
    )


def _name(user: Any, who: Acting) -> str:
    """The name of a person, which a membership brought along; the account's without one."""
    if who.current:
        return who.current.person.name
    return str(user.person.name if user.person_id else user.username)


def _case_registers(request: HttpRequest) -> list[NavItem]:
    """One place per kind of case that the acting role may read."""
    actor = acting(request).actor
    if actor is None:
        return []
    readable = (m for m in machines().values() if workflow.reads_some(m, actor))
    places = ((spoken.kind(machine), address("web:cases", machine.code)) for machine in readable)
    return [NavItem(label, url, current=request.path == url) for label, url in places]


def _menu(label: str, places: list[NavItem]) -> list[NavItem]:
    """Many places behind one word: the header keeps to one line."""
    if not places:
        return []
    return [NavItem(label, current=any(p.current for p in places), menu=tuple(places))]


def _nav(request: HttpRequest) -> list[NavItem]:
    path = request.path
    items = []
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        items.append(NavItem(_("工作台"), address("web:desk"), current=path == "/desk/"))
        items += _menu(_("各类案卷"), _case_registers(request))
        # Whoever is not logged in has the box in the header.
        search = address("web:search")
        items.append(NavItem(_("检索"), search, current=path == search))
    links = [
        NavItem(link.label, link.url, current=path == link.url)
        for link in desk_parts.public_links()
    ]
    items += _menu(_("公开名录"), links)
    items.append(NavItem(_("文件核验"), address("documents:check"), path.startswith("/check/")))
    items.append(NavItem(_("存证日志"), address("web:log"), path.startswith("/log/")))
    return items
