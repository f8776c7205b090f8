"""What everybody may find, and its index, which each database makes in its own way."""

from django.db import migrations, models

from kernel.search import index


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0003_uploads_and_clock'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, verbose_name='类别')),
                ('key', models.CharField(max_length=120)),
                ('title', models.CharField(max_length=500, verbose_name='标题')),
                ('number', models.CharField(blank=True, max_length=80, verbose_name='编号')),
                ('text', models.TextField(blank=True)),
                ('url', models.CharField(max_length=500)),
                ('published_at', models.DateTimeField(verbose_name='公开时间')),
                ('region', models.CharField(blank=True, max_length=6, verbose_name='区划')),
                ('folded', models.TextField()),
                ('position', models.BigIntegerField(db_index=True)),
            ],
            options={
                'verbose_name': '检索条目',
                'constraints': [models.UniqueConstraint(fields=('kind', 'key'), name='search_entry_once')],
            },
        ),
        *index.operations(),
    ]
