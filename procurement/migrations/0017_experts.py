from django.db import migrations, models


def keep_employers(apps, schema_editor):
    """Who stands in the bank stays there; their employers move into their own row."""
    for expert in apps.get_model('procurement', 'Expert').objects.all():
        jobs = apps.get_model('procurement', 'ExpertEmployment').objects.filter(expert=expert)
        expert.jobs = [
            {
                'uscc': job.uscc,
                'since': job.since.isoformat(),
                'until': job.until.isoformat() if job.until else None,
            }
            for job in jobs.order_by('pk')
        ]
        expert.state = 'admitted'
        expert.save(update_fields=['jobs', 'state'])


class Migration(migrations.Migration):

    dependencies = [
        ('procurement', '0016_evaluation'),
    ]

    operations = [
        migrations.AddField('expert', 'jobs', models.JSONField(default=list, verbose_name='任职单位')),
        migrations.AddField('expert', 'state', models.CharField(choices=[('applied', '已申请，待核对'), ('admitted', '已入库'), ('suspended', '暂停抽取'), ('declined', '未予入库'), ('removed', '已退出专家库')], db_index=True, default='applied', max_length=40, verbose_name='状态')),
        migrations.RunPython(keep_employers, migrations.RunPython.noop),
    ]
