"""Witnesses of the log and their signatures, as protected as the log itself."""

import django.db.models.deletion
from django.db import migrations, models

from kernel.evidence import triggers


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0005_timestamps'),
    ]

    operations = [
        migrations.CreateModel(
            name='Witness',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='名称')),
                ('uscc', models.CharField(max_length=18, verbose_name='统一社会信用代码')),
                ('key_id', models.CharField(max_length=64, unique=True, verbose_name='密钥标识')),
                ('spki', models.BinaryField(max_length=120)),
                ('registered_at', models.DateTimeField(verbose_name='登记时间')),
                ('log_index', models.BigIntegerField(verbose_name='存证序号')),
            ],
            options={
                'verbose_name': '见证人',
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='Cosignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('signature', models.BinaryField(max_length=80)),
                ('received_at', models.DateTimeField()),
                ('head', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cosignatures', to='kernel.treehead')),
                ('witness', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.witness')),
            ],
            options={
                'verbose_name': '见证签名',
                'ordering': ('pk',),
                'constraints': [models.UniqueConstraint(fields=('head', 'witness'), name='cosignature_once')],
            },
        ),
        *triggers.again(),
    ]
