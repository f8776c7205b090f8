"""The access table can be read whole."""

from __future__ import annotations

from io import StringIO

from django.core.management import call_command
from django.utils.translation import gettext_lazy as _

from kernel.access.table import PUBLIC, SANDBOX, TABLE, Allow, Role, Table, roles
from kernel.management.commands.access import lines


def test_every_row_of_the_table_is_printed():
    out = StringIO()
    call_command("access", stdout=out)
    named = {line.split()[0] for line in out.getvalue().splitlines() if line.startswith("  ")}
    assert named == {*TABLE.roles, *TABLE.pages, *TABLE.acts, *TABLE.readers}


def test_a_row_says_who_and_as_what():
    table = Table()
    table.add(
        roles=(Role("clerk", _("经办人")), Role("officer", _("受理人员"), authority=True)),
        pages={"a": PUBLIC, "b": roles("officer", "clerk"), "clock": SANDBOX},
        acts={"x.open": (Allow("clerk"),), "x.lapse": ()},
        readers={"x": (Allow("clerk", "owner"), Allow("officer", "authority"))},
    )
    assert lines(table, "pages") == [
        "  a      everybody",
        "  b      clerk, officer",
        "  clock  whoever is logged in, in a sandbox only",
    ]
    assert lines(table, "acts") == ["  x.lapse  nobody: the platform only", "  x.open   clerk"]
    assert lines(table, "readers") == ["  x  clerk as owner, officer as authority"]
    assert lines(table, "roles")[1].endswith(", of a public authority only")
