"""What must be in place before the programs start; quick where nothing has changed."""

from __future__ import annotations

import hashlib
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from config import first_play
from kernel.errors import catalogue
from kernel.evidence import durable

# The API's pages are Swagger's; compressing its unused twin would take half of a first start.
_UNUSED_STATIC = ["ninja/redoc*"]


def say(line: str) -> None:
    """Tell one step; only steps that do something are told."""
    print(f"dev: {line}", file=sys.stderr, flush=True)


def migrate() -> None:
    """Bring the tables up to date."""
    executor = MigrationExecutor(connection)
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say(f"更新数据库 migrating the database ({len(plan)})")
        call_command("migrate", interactive=False, verbosity=0)


def _static_facts() -> Iterator[str]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            yield f"{name}\0{status.st_size}\0{status.st_mtime_ns}"


def collect_static() -> None:
    """Copy, compress and number the static files if any of them has changed."""
    facts = hashlib.sha256("\n".join(sorted(_static_facts())).encode()).hexdigest()
    stamp = settings.VAR_DIR / "static-collected"
    if stamp.is_file() and stamp.read_text() == facts and settings.STATIC_ROOT.is_dir():
        return
    say("收集静态文件 collecting static files")
    stamp.unlink(missing_ok=True)
    call_command(
        "collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=_UNUSED_STATIC
    )
    stamp.write_text(facts)


def call_if_present(command: str) -> None:
    """Run a management command that a package may bring; each is idempotent and quick."""
    if command in get_commands():
        call_command(command, verbosity=0, stdout=io.StringIO())


def make_province() -> None:
    """Make the demonstration province; where it is new, a whole project is to be played in it."""
    accounts = settings.VAR_DIR / "demo-accounts.txt"
    is_new = not accounts.is_file()
    if is_new:
        say("准备示范省 making the demonstration province")
    call_if_present("demo_province")
    if is_new and accounts.is_file() and "demo" in get_commands():
        (settings.VAR_DIR / first_play.DUE).touch()


def main() -> int:
    """Prepare everything; 1 with a clear word where the database cannot be reached."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    try:
        connection.ensure_connection()
    except OperationalError as fault:
        say(f"连接不上数据库 cannot reach the database: {str(fault).strip()}")
        return 1
    if weak := durable.faults(connection):
        for found in weak:
            say(f"{catalogue.message(found)} {catalogue.cure(found)}")
        return 1
    migrate()
    call_if_present("publish_rules")
    collect_static()
    if settings.SANDBOX:
        make_province()
    return 0


if __name__ == "__main__":
    sys.exit(main())
