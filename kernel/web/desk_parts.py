"""What packages put on desks and on the public home page beside their machines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from kernel.access.actors import Actor
from kernel.web.viewmodels import DeskRow, Link, PublicList

_rows: list[Callable[[Actor, datetime], Iterable[DeskRow]]] = []
_actions: list[Callable[[Actor], Iterable[Link]]] = []
_lists: list[Callable[[datetime], PublicList]] = []
_links: list[Callable[[], Link]] = []


def add(
    *,
    rows: Callable[[Actor, datetime], Iterable[DeskRow]] | None = None,
    actions: Callable[[Actor], Iterable[Link]] | None = None,
    public_list: Callable[[datetime], PublicList] | None = None,
    public_link: Callable[[], Link] | None = None,
) -> None:
    """Register, at start-up, what appears on desks (rows, actions) and on the home page."""
    if rows:
        _rows.append(rows)
    if actions:
        _actions.append(actions)
    if public_list:
        _lists.append(public_list)
    if public_link:
        _links.append(public_link)


def rows(actor: Actor, now: datetime) -> list[DeskRow]:
    """Rows of an actor's desk that are no case's act, such as documents to sign."""
    return [row for source in _rows for row in source(actor, now)]


def actions(actor: Actor) -> tuple[Link, ...]:
    """What an actor can begin from the desk."""
    return tuple(link for source in _actions for link in source(actor))


def public_lists(now: datetime) -> list[PublicList]:
    """Lists of the home page at a legal moment."""
    return [source(now) for source in _lists]


def public_links() -> list[Link]:
    """Registers of the home page."""
    return [source() for source in _links]
