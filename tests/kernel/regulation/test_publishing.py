"""What was published stays as it was, whoever asks."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction

from kernel.errors import Conflict, NotFound
from kernel.regulation import selectors, services, triggers
from kernel.regulation.models import PublishedRuleSet
from kernel.regulation.rule_sets import Library, library
from tests.kernel.regulation.test_rule_sets import write

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
PUBLISHED = Path(__file__).with_name("published.toml")
pytestmark = pytest.mark.django_db


def _codes(raised: pytest.ExceptionInfo[Conflict]) -> list[str]:
    return [refusal.code for refusal in raised.value.refusals]


def test_publishing_records_every_set_once() -> None:
    assert len(selectors.unpublished()) == len(library.sets)
    assert len(services.publish(NOW)) == len(library.sets)
    assert services.publish(NOW + timedelta(days=1)) == ()
    assert set(PublishedRuleSet.objects.values_list("published_at", flat=True)) == {NOW}
    assert selectors.unpublished() == []


def test_a_published_version_may_not_change(tmp_path: Path) -> None:
    write(tmp_path, "1", "2020-01-01")
    services.publish(NOW, Library([tmp_path]))
    write(tmp_path, "1", "2020-01-02")
    write(tmp_path, "2", "2020-01-01", code="other", key="other")
    with pytest.raises(Conflict) as raised:
        services.publish(NOW, Library([tmp_path]))
    assert _codes(raised) == ["regulation.rule_set.changed"]
    assert PublishedRuleSet.objects.count() == 1


def test_a_version_may_not_overlap_a_published_one_whose_file_is_gone(tmp_path: Path) -> None:
    write(tmp_path, "1", "2020-01-01")
    services.publish(NOW, Library([tmp_path]))
    (tmp_path / "trial-1.toml").unlink()
    write(tmp_path, "2", "2022-01-01")
    with pytest.raises(Conflict) as raised:
        services.publish(NOW, Library([tmp_path]))
    assert _codes(raised) == ["regulation.rule_set.overlaps"]


def test_a_published_version_is_read_after_its_file_is_gone(tmp_path: Path) -> None:
    write(tmp_path, "1", "2020-01-01")
    (new,) = services.publish(NOW, Library([tmp_path]))
    (tmp_path / "trial-1.toml").unlink()
    held = selectors.published("periods.trial", "1")
    assert held.sha256 == new.sha256
    assert held.rows[0]["amount"] == 5
    with pytest.raises(NotFound):
        selectors.published("periods.trial", "2")


def test_a_superseding_version_is_published_beside_the_old_one(tmp_path: Path) -> None:
    write(tmp_path, "1", "2020-01-01")
    services.publish(NOW, Library([tmp_path]))
    write(tmp_path, "2", "2022-01-01", 'supersedes = "1"')
    assert [row.version for row in services.publish(NOW, Library([tmp_path]))] == ["2"]


def test_a_published_row_is_neither_saved_nor_deleted(tmp_path: Path) -> None:
    write(tmp_path, "1", "2020-01-01")
    services.publish(NOW, Library([tmp_path]))
    row = PublishedRuleSet.objects.get()
    for act in (row.save, row.delete):
        with pytest.raises(Conflict) as raised:
            act()
        assert _codes(raised) == ["regulation.rule_set.frozen"]


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {triggers.TABLE} SET text = 'x'",
        f"DELETE FROM {triggers.TABLE}",
    ],
)
def test_the_database_refuses_to_alter_or_delete_what_was_published(
    tmp_path: Path, statement: str
) -> None:
    triggers.install(connection)
    triggers.install(connection)
    write(tmp_path, "1", "2020-01-01")
    services.publish(NOW, Library([tmp_path]))
    with pytest.raises(DatabaseError, match=triggers.MESSAGE), transaction.atomic():
        connection.cursor().execute(statement)
    assert PublishedRuleSet.objects.get().text != "x"
    triggers.uninstall(connection)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
def test_the_table_is_emptied_only_while_nothing_stands_in_it(tmp_path: Path) -> None:
    triggers.install(connection)
    truncate = f"TRUNCATE {triggers.TABLE}"
    connection.cursor().execute(truncate)
    write(tmp_path, "1", "2020-01-01")
    services.publish(NOW, Library([tmp_path]))
    with pytest.raises(DatabaseError, match=triggers.MESSAGE), transaction.atomic():
        connection.cursor().execute(truncate)


def test_the_table_of_the_triggers_is_the_models() -> None:
    assert PublishedRuleSet._meta.db_table == triggers.TABLE


def test_the_command_publishes_and_says_what(tmp_path: Path) -> None:
    out = StringIO()
    call_command("publish_rules", stdout=out)
    assert f"{len(library.sets)} published" in out.getvalue()
    again = StringIO()
    call_command("publish_rules", stdout=again)
    assert again.getvalue().strip() == "0 published"


def test_the_command_fails_loudly_on_a_changed_set(monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("publish_rules", stdout=StringIO())
    changed = PublishedRuleSet(sha256="0" * 64, code="periods.project", version="2015.1")
    monkeypatch.setattr(services, "_held", lambda: {("periods.project", "2015.1"): changed})
    with pytest.raises(CommandError, match=r"rule_set\.changed"):
        call_command("publish_rules", stdout=StringIO())


def test_a_correction_from_the_first_day_is_published_beside_what_it_corrects(
    tmp_path: Path,
) -> None:
    write(tmp_path, "1", "2020-01-01")
    services.publish(NOW, Library([tmp_path]))
    write(tmp_path, "2", "2020-01-01", more='supersedes = "1"')
    corrected = Library([tmp_path])
    assert [one.version for one in services.publish(NOW, corrected)] == ["2"]
    assert [one.version for one in corrected.valid("periods.trial", date(2020, 1, 1))] == ["2"]
    assert [one.version for one in corrected.sets if corrected.is_corrected(one)] == ["1"]


def test_the_text_of_a_published_version_is_never_changed_in_the_tree() -> None:
    """An installation that published it would refuse to start; a correction is a new version."""
    kept = tomllib.loads(PUBLISHED.read_text("utf-8"))
    held = {f"{one.code} {one.version}": one.sha256 for one in library.sets}
    changed = [name for name, sha256 in kept.items() if held.get(name) != sha256]
    assert not changed, f"published and since changed or gone: {changed}"
    new = [f'"{name}" = "{sha256}"' for name, sha256 in held.items() if name not in kept]
    assert not new, f"add what is published with this tree to {PUBLISHED.name}:\n" + "\n".join(new)


def test_a_version_that_nobody_published_is_not_there() -> None:
    with pytest.raises(NotFound) as raised:
        selectors.published("periods.project", "1900.1")
    assert raised.value.refusals[0].code == "regulation.rule_set.not_published"
