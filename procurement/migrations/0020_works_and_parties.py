"""Works are accepted again, their leaders and warranty named; a filing keeps its last day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0007_refused_about"),
        ("procurement", "0019_priority_right"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="completionfiling",
            name="completionfiling_state",
        ),
        migrations.RemoveConstraint(
            model_name="works",
            name="works_state",
        ),
        migrations.AddField(
            model_name="completionfiling",
            name="submit_due_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="递交备案期限"),
        ),
        migrations.AddField(
            model_name="works",
            name="design_life_years",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="设计使用年限"),
        ),
        migrations.AddField(
            model_name="works",
            name="late_suspensions",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="逾期报告中止施工"),
        ),
        migrations.AddField(
            model_name="works",
            name="leaders",
            field=models.JSONField(blank=True, default=list, verbose_name="五方项目负责人"),
        ),
        migrations.AddField(
            model_name="works",
            name="warranty_heating_seasons",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="供热供冷保修期"),
        ),
        migrations.AddField(
            model_name="works",
            name="warranty_services_years",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="安装装修保修期"),
        ),
        migrations.AddField(
            model_name="works",
            name="warranty_structure_years",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="主体结构保修期"),
        ),
        migrations.AddField(
            model_name="works",
            name="warranty_waterproofing_years",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="防水保修期"),
        ),
        migrations.AlterField(
            model_name="completionfiling",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "待备案"),
                    ("submitted", "已递交备案"),
                    ("receipted", "备案文件已收讫"),
                    ("returned", "退回补正"),
                    ("filed", "已备案"),
                    ("stop_use", "责令停止使用"),
                    ("reaccepted", "已重新验收，待备案"),
                    ("overdue", "逾期未备案"),
                ],
                db_index=True,
                default="draft",
                max_length=40,
                verbose_name="状态",
            ),
        ),
        migrations.AlterField(
            model_name="works",
            name="state",
            field=models.CharField(
                choices=[
                    ("contracted", "已订合同，待申领许可"),
                    ("permit_review", "施工许可审查中"),
                    ("permitted", "已取得施工许可"),
                    ("under_construction", "在建"),
                    ("suspended", "中止施工"),
                    ("acceptance", "竣工验收中"),
                    ("accepted", "竣工验收合格"),
                    ("reacceptance", "责令重新组织竣工验收"),
                    ("filed", "已竣工备案"),
                    ("closed", "已办结"),
                    ("permit_void", "施工许可证已废止"),
                ],
                db_index=True,
                default="contracted",
                max_length=40,
                verbose_name="状态",
            ),
        ),
        migrations.AddConstraint(
            model_name="completionfiling",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "draft",
                            "submitted",
                            "receipted",
                            "returned",
                            "filed",
                            "stop_use",
                            "reaccepted",
                            "overdue",
                        ],
                    )
                ),
                name="completionfiling_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="works",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "contracted",
                            "permit_review",
                            "permitted",
                            "under_construction",
                            "suspended",
                            "acceptance",
                            "accepted",
                            "reacceptance",
                            "filed",
                            "closed",
                            "permit_void",
                        ],
                    )
                ),
                name="works_state",
            ),
        ),
    ]
