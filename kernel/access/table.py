"""The one table of who may do what. Packages add their rows at start-up; nothing else decides.

Two kinds of rows: pages (every URL name has one) and acts (every transition of every machine has
one). A URL or an act without a row is closed to everybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

REPRESENTATIVE: Final = "representative"
"""Whom a clock is addressed to that is a firm's, whatever it does in the market: every role that
speaks for it. Nobody acts in it."""


@dataclass(frozen=True)
class Role:
    """A role that people act in. ``authority``: only a public authority's people can hold it.

    oversees: its duty is to look after what others let pass: on its desk stand the clocks of all
    roles that ran out on cases that it may read. On any other stand only its own.
    reads_papers: what is written to its organisation, or by it, is its holder's to read; not of who
    only works there, or is on a register that it keeps.
    represents: its holder speaks for a firm of the market in what is the firm's own matter, such
    as a record of its conduct; not for a project, a site or itself alone.
    """

    code: str
    label: Any
    authority: bool = False
    oversees: bool = False
    represents: bool = False
    reads_papers: bool = True


@dataclass(frozen=True)
class Audience:
    """Who may enter a page.

    public: everybody, without log-in. signed_in: every account. roles: only actors in these.
    token: may also be entered with an API token (the request carries no cookie).
    sandbox: exists only in a sandbox.
    """

    public: bool = False
    signed_in: bool = False
    roles: frozenset[str] = frozenset()
    sandbox: bool = False

    def admits(self, role: str | None, *, signed_in: bool, sandbox: bool) -> bool:
        """Whether somebody may enter who acts in ``role`` (None: in no role)."""
        if self.sandbox and not sandbox:
            return False
        if self.public:
            return True
        if not signed_in:
            return False
        return self.signed_in or role in self.roles


PUBLIC: Final = Audience(public=True)
SIGNED_IN: Final = Audience(signed_in=True)
SANDBOX: Final = Audience(signed_in=True, sandbox=True)


def roles(*codes: str) -> Audience:
    """A page for some roles only."""
    return Audience(roles=frozenset(codes))


@dataclass(frozen=True)
class Allow:
    """A role may do an act on a case that it stands in a relation to.

    relation: the name of a relation that the case's machine defines, such as ``owner`` or
    ``authority``; ``any`` for acts that need none (opening a case).
    """

    role: str
    relation: str = "any"


@dataclass
class Table:
    """All rows. Read it whole with ``./dev manage access``."""

    roles: dict[str, Role] = field(default_factory=dict)
    pages: dict[str, Audience] = field(default_factory=dict)
    acts: dict[str, tuple[Allow, ...]] = field(default_factory=dict)
    readers: dict[str, tuple[Allow, ...]] = field(default_factory=dict)

    def add(
        self,
        *,
        roles: tuple[Role, ...] = (),
        pages: Mapping[str, Audience] | None = None,
        acts: Mapping[str, tuple[Allow, ...]] | None = None,
        readers: Mapping[str, tuple[Allow, ...]] | None = None,
    ) -> None:
        """Add rows; a row is never replaced.

        pages: by URL name with its namespace. acts: by act name ``package.machine.transition``.
        readers: by machine, who may open its cases' pages beyond what the public register shows.
        """
        for role in roles:
            _add(self.roles, role.code, role)
        for name, audience in (pages or {}).items():
            _add(self.pages, name, audience)
        for name, allowed in (acts or {}).items():
            _add(self.acts, name, allowed)
        for name, allowed in (readers or {}).items():
            _add(self.readers, name, allowed)

    def page(self, name: str) -> Audience | None:
        """The audience of a URL name, or None where it is closed."""
        return self.pages.get(name)

    def oversees(self, role: str) -> bool:
        """Whether it is a role's duty to look after what others let pass."""
        return role in self.roles and self.roles[role].oversees

    def reads_papers(self, role: str) -> bool:
        """Whether whoever acts in a role reads what is written to their organisation or by it."""
        return role not in self.roles or self.roles[role].reads_papers

    def representatives(self) -> tuple[str, ...]:
        """The roles that speak for a firm in its own matters."""
        return tuple(sorted(role.code for role in self.roles.values() if role.represents))

    def addressed_as(self, role: str) -> tuple[str, ...]:
        """Whom a clock is addressed to that a role has to look after."""
        return (role, REPRESENTATIVE) if role in self.representatives() else (role,)

    def role_label(self, code: str) -> str:
        """A role's words in the active language."""
        if code == REPRESENTATIVE:
            return str(_("企业经办人"))
        role = self.roles.get(code)
        return str(role.label) if role else code


def _add(rows: dict[str, Any], key: str, value: Any) -> None:
    if rows.setdefault(key, value) != value:
        raise ValueError(f"two rows for {key} in the access table")


TABLE = Table()
