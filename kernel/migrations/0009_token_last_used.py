from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("kernel", "0008_salted_acts"),
    ]

    operations = [
        migrations.AddField(
            model_name="apitoken",
            name="last_used_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
