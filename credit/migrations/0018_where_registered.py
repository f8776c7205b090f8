from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Substr


def separate(apps, schema_editor):
    """What stood as the place was that of the office for enterprises of other provinces."""
    enterprises = apps.get_model("credit", "Enterprise").objects
    enterprises.update(kept_in=F("region"))
    enterprises.update(region=Substr("uscc", 3, 6))


def join(apps, schema_editor):
    """As it was: one place, that of the office."""
    apps.get_model("credit", "Enterprise").objects.update(region=F("kept_in"))


class Migration(migrations.Migration):

    dependencies = [
        ('credit', '0017_certificates_stand'),
    ]

    operations = [
        migrations.AddField(
            model_name='enterprise',
            name='kept_in',
            field=models.CharField(blank=True, default='', max_length=6, verbose_name='建档地（区划）'),
            preserve_default=False,
        ),
        migrations.RunPython(separate, join),
    ]
