"""What stands around every page: who acts for whom, where to go, which time it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class NavItem:
    """One place of the navigation, or a menu of places.

    count: things to act on there; shown only when not zero. menu: the places behind it, if it is a
    menu; it has no address of its own then.
    """

    label: str
    url: str = ""
    current: bool = False
    count: int = 0
    menu: tuple[NavItem, ...] = ()


@dataclass(frozen=True)
class Actor:
    """Who is logged in and for whom they act now; names as registered, role in words."""

    person: str
    organisation: str = ""
    role: str = ""


@dataclass(frozen=True)
class MembershipOption:
    """An organisation and role that the person may act in. value: posted as ``membership``."""

    value: str
    organisation: str
    role: str
    current: bool = False


@dataclass(frozen=True)
class TreeHead:
    """The newest signed head of the evidence log. root: hex."""

    size: int
    at: datetime
    root: str
    url: str


@dataclass(frozen=True)
class Site:
    """The context variable ``site``. An address that is empty is not offered.

    now: legal time. sandbox: whether the sandbox bar with that time is shown.
    data_at: when the data on the page was read; by default ``now``.
    search_url: where the header's box asks; empty where the page has a box of its own.
    session_seconds: how long until the log-in ends; the page warns five minutes before.
    """

    now: datetime
    nav: tuple[NavItem, ...] = ()
    actor: Actor | None = None
    memberships: tuple[MembershipOption, ...] = ()
    sandbox: bool = False
    sandbox_url: str = ""
    data_at: datetime | None = None
    tree_head: TreeHead | None = None
    home_url: str = "/"
    act_for_url: str = ""
    login_url: str = ""
    logout_url: str = ""
    password_url: str = ""
    mfa_url: str = ""
    sessions_url: str = ""
    tokens_url: str = ""
    check_url: str = ""
    search_url: str = ""
    keep_alive_url: str = ""
    session_seconds: int = 0
