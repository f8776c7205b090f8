"""Time-stamps of heads from outside; rows are only ever added."""

import django.db.models.deletion
from django.db import migrations, models

from kernel.evidence import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0004_search'),
    ]

    operations = [
        migrations.CreateModel(
            name='HeadToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('authority', models.CharField(max_length=80, verbose_name='时间戳机构')),
                ('token', models.BinaryField()),
                ('gen_time', models.DateTimeField(verbose_name='时间戳时间')),
                ('head', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to='kernel.treehead')),
            ],
            options={
                'verbose_name': '树头时间戳',
                'ordering': ('pk',),
                'constraints': [models.UniqueConstraint(fields=('head', 'authority'), name='headtoken_once')],
            },
        ),
        *append_only.operations('kernel_headtoken'),
    ]
