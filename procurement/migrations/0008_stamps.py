"""Time-stamps of receipts and closing lists; bids that fall by a later revocation list."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('procurement', '0007_resumable_uploads'),
    ]

    operations = [
        migrations.CreateModel(
            name='BidStamp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('authority', models.CharField(blank=True, max_length=80, verbose_name='时间戳机构')),
                ('token', models.BinaryField(default=bytes)),
                ('gen_time', models.DateTimeField(null=True, verbose_name='时间戳时间')),
                ('log_index', models.BigIntegerField(null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('failures', models.JSONField(default=list)),
                ('reason', models.CharField(blank=True, max_length=120)),
                ('certificate', models.CharField(blank=True, choices=[('', '无需核对'), ('good', '未吊销'), ('revoked', '收到前已吊销')], max_length=8)),
                ('certificate_index', models.BigIntegerField(null=True)),
                ('receipt', models.TextField(blank=True)),
                ('receipt_p7s', models.BinaryField(default=bytes)),
                ('refusal', models.TextField(blank=True)),
                ('refusal_p7s', models.BinaryField(default=bytes)),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='ListToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('authority', models.CharField(max_length=80, verbose_name='时间戳机构')),
                ('token', models.BinaryField()),
                ('gen_time', models.DateTimeField(verbose_name='时间戳时间')),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.RemoveConstraint(
            model_name='bid',
            name='bid_state',
        ),
        migrations.AddField(
            model_name='bidversion',
            name='follow_up_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='bid',
            name='state',
            field=models.CharField(choices=[('received', '已递交（密封）'), ('withdrawn', '已撤回'), ('annulled', '签名证书已吊销，受理撤销'), ('awaiting_decryption', '待解密'), ('opened', '已开启'), ('deemed_revoked', '视为撤销'), ('deemed_withdrawn', '视为撤回'), ('valid', '有效投标'), ('rejected', '否决'), ('scored', '已评分'), ('ranked', '已排序'), ('candidate', '中标候选人'), ('won', '中标'), ('lost', '未中标'), ('void', '投标无效')], db_index=True, default='received', max_length=40, verbose_name='状态'),
        ),
        migrations.AddIndex(
            model_name='bidversion',
            index=models.Index(condition=models.Q(('follow_up_at__isnull', False)), fields=['follow_up_at'], name='bid_version_follow_up'),
        ),
        migrations.AddConstraint(
            model_name='bid',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['received', 'withdrawn', 'annulled', 'awaiting_decryption', 'opened', 'deemed_revoked', 'deemed_withdrawn', 'valid', 'rejected', 'scored', 'ranked', 'candidate', 'won', 'lost', 'void'])), name='bid_state'),
        ),
        migrations.AddField(
            model_name='bidstamp',
            name='version',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='stamp', to='procurement.bidversion'),
        ),
        migrations.AddField(
            model_name='listtoken',
            name='opening',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='token', to='procurement.opening'),
        ),
    ]
