from django.db import migrations

from kernel.evidence import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('credit', '0016_relations'),
    ]

    operations = [
        *append_only.operations('credit_scorecertificate'),
    ]
