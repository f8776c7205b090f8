"""A fact may have an end of its own; whoever left a list before now is told as shown to the end."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models


def leave_the_list(apps: Any, _editor: Any) -> None:
    """Records that left a list were shown no longer, and have no state of their own any more."""
    apps.get_model("credit", "ConductRecord").objects.filter(state="removed").update(
        state="expired"
    )


class Migration(migrations.Migration):
    dependencies = (("credit", "0009_second_officers"),)

    operations = (
        migrations.AddField(
            model_name="pointentry",
            name="until",
            field=models.DateField(null=True, verbose_name="停止计分日期"),
        ),
        migrations.RunPython(leave_the_list, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name='conductrecord',
            name='conductrecord_state',
        ),
        migrations.AlterField(
            model_name='conductrecord',
            name='state',
            field=models.CharField(choices=[('captured', '已采集'), ('confirmed', '已认定'), ('notified', '已告知'), ('stated', '已陈述申辩'), ('published', '已公布'), ('disputed', '异议待受理'), ('reviewing', '异议复核中'), ('amended', '已更正'), ('review_asked', '上级复核中'), ('withdraw_due', '处罚已变更，待撤回'), ('revoked', '已撤销'), ('repair_applied', '修复受理中'), ('repaired', '已修复'), ('repair_rejected', '不予修复'), ('expired', '公示期满'), ('proposed_list', '拟列入名单'), ('listed', '已列入名单')], db_index=True, default='captured', max_length=40, verbose_name='状态'),
        ),
        migrations.AddConstraint(
            model_name='conductrecord',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['captured', 'confirmed', 'notified', 'stated', 'published', 'disputed', 'reviewing', 'amended', 'review_asked', 'withdraw_due', 'revoked', 'repair_applied', 'repaired', 'repair_rejected', 'expired', 'proposed_list', 'listed'])), name='conductrecord_state'),
        ),
    )
