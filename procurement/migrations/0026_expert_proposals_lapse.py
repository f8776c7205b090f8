from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("procurement", "0025_tender_bill"),
    ]

    operations = [
        migrations.AddField(
            model_name="expert",
            name="proposal_lapses_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="提议失效时间"),
        ),
    ]
