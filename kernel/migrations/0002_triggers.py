"""The database itself keeps the evidence log append-only and published law frozen."""

from django.db import migrations

from kernel.evidence import triggers as evidence
from kernel.regulation import triggers as regulation


def _install(_apps, schema_editor):
    regulation.install(schema_editor.connection)


def _uninstall(_apps, schema_editor):
    regulation.uninstall(schema_editor.connection)


class Migration(migrations.Migration):
    """After the tables."""

    dependencies = [("kernel", "0001_initial")]

    operations = [*evidence.operations(), migrations.RunPython(_install, _uninstall)]
