from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):

    dependencies = [
        ('procurement', '0017_experts'),
    ]

    operations = [
        migrations.DeleteModel('ExpertEmployment'),
        migrations.RenameField('expert', 'jobs', 'employments'),
        migrations.AlterModelOptions(
            name='expert',
            options={'base_manager_name': 'objects', 'ordering': ('code', 'pk')},
        ),
        migrations.AddField(
            model_name='expert',
            name='admitted_on',
            field=models.DateField(blank=True, null=True, verbose_name='入库日期'),
        ),
        migrations.AddField(
            model_name='expert',
            name='changed_at',
            field=models.DateTimeField(default=timezone.now, editable=False, verbose_name='最近变动'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='expert',
            name='document_number',
            field=models.CharField(blank=True, max_length=200, verbose_name='文书编号'),
        ),
        migrations.AddField(
            model_name='expert',
            name='opened_at',
            field=models.DateTimeField(default=timezone.now, editable=False, verbose_name='建立时间'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='expert',
            name='practised_on',
            field=models.DateField(blank=True, null=True, verbose_name='从业起始日期'),
        ),
        migrations.AddField(
            model_name='expert',
            name='punishments',
            field=models.TextField(blank=True, verbose_name='处罚记录'),
        ),
        migrations.AddField(
            model_name='expert',
            name='reason',
            field=models.TextField(blank=True, verbose_name='理由'),
        ),
        migrations.AddField(
            model_name='expert',
            name='record',
            field=models.CharField(blank=True, max_length=200, verbose_name='处罚记录查询'),
        ),
        migrations.AddField(
            model_name='expert',
            name='title',
            field=models.CharField(blank=True, max_length=40, verbose_name='职称或专业水平'),
        ),
        migrations.AddField(
            model_name='expert',
            name='title_number',
            field=models.CharField(blank=True, max_length=200, verbose_name='证书编号'),
        ),
        migrations.AddField(
            model_name='expert',
            name='title_sha256',
            field=models.CharField(blank=True, max_length=64, verbose_name='证书或证明文件'),
        ),
        migrations.AddField(
            model_name='expert',
            name='version',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AlterField(
            model_name='expert',
            name='code',
            field=models.CharField(blank=True, max_length=20, verbose_name='专家编号'),
        ),
        migrations.AddConstraint(
            model_name='expert',
            constraint=models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('code',), name='expert_code'),
        ),
        migrations.AddConstraint(
            model_name='expert',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['applied', 'admitted', 'suspended', 'declined', 'removed'])), name='expert_state'),
        ),
    ]
