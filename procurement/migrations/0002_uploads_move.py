"""Who uploaded a scan is remembered by the kernel: every package has papers."""

from django.db import migrations


def move(apps, _schema_editor):
    """Copy each row; nothing is uploaded again."""
    upload = apps.get_model("kernel", "Upload")
    upload.objects.bulk_create(
        upload(
            organisation_id=row.organisation_id,
            person_id=row.person_id,
            sha256=row.sha256,
            uploaded_at=row.uploaded_at,
        )
        for row in apps.get_model("procurement", "ScanUpload").objects.all()
    )


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0003_uploads_and_clock"),
        ("procurement", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.DeleteModel(name="ScanUpload"),
    ]
