"""The words of the workflow's and the access table's refusals."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording
from kernel.workflow import administration_messages
from kernel.workflow.machines import machine


def _not_in_state(facts: Mapping[str, Any]) -> str:
    """States by their legal terms, never by their codes."""
    found = machine(str(facts.get("machine", "")))
    if found is None:
        return gettext("本业务当前状态不允许办理此事项")
    return gettext("须处于“%(needed)s”状态，现为“%(state)s”") % {
        "needed": gettext("”或“").join(str(found.state(s).label) for s in facts["needed"]),
        "state": found.state(facts["state"]).label,
    }


WORDINGS = {
    "workflow.act.not_in_state": Wording(_not_in_state),
    "workflow.act.unknown": Wording(_("没有这一办理事项：%(act)s")),
    "workflow.act.lost_race": Wording(
        _("同一时刻另有一项办理先完成，本次未生效"), _("请刷新页面，核对后再办理")
    ),
    "workflow.act.stale": Wording(
        _("页面打开之后，本业务已有变动（所见为第 %(seen)s 版，现为第 %(current)s 版）"),
        _("请先查看变动内容，再决定是否继续办理"),
    ),
    "workflow.act.version_missing": Wording(_("缺少所查看的业务版本号")),
    "workflow.act.too_many_refused": Wording(
        _("近期被拒绝的申请过多，暂停受理 %(minutes)s 分钟"), _("请先核对此前每次被拒绝的理由")
    ),
    "workflow.case.unknown": Wording(_("查无此业务")),
    "workflow.key.invalid": Wording(_("请求编号缺失，或超过 %(longest)s 个字符")),
    "workflow.key.other_payload": Wording(
        _("同一请求编号此前已用于内容不同的办理"), _("请使用新的请求编号重新提交")
    ),
    "workflow.payload.missing": Wording(_("必填项未填写")),
    "workflow.payload.unknown_field": Wording(_("不认识的字段：%(field)s")),
    "workflow.payload.too_long": Wording(_("内容过长")),
    "workflow.payload.characters": Wording(
        _("内容含有不可显示或改变文字方向的控制字符"), _("请删除该处文字后重新键入")
    ),
    "workflow.payload.invalid": Wording(_("填写内容不符合要求")),
    "workflow.reason.missing": Wording(_("必须写明理由")),
    "workflow.audit.acts": Wording(
        _("办理记录 %(acts)s 条，存证日志中 %(logged)s 条：有记录被删除或另行添加")
    ),
    "workflow.audit.act": Wording(_("办理记录 %(act)s 与存证第 %(index)s 条不符")),
    "workflow.audit.attempts": Wording(
        _("未获准的办理 %(attempts)s 条，存证日志中 %(logged)s 条：有记录被删除或另行添加")
    ),
    "workflow.audit.attempt": Wording(_("未获准的办理 %(attempt)s 与存证第 %(index)s 条不符")),
    "workflow.audit.versions": Wording(_("业务 %(case)s 的版本与其办理记录不符")),
    "workflow.audit.state": Wording(_("业务 %(case)s 的状态 %(state)s 与其办理记录不符")),
    "workflow.audit.column": Wording(_("业务 %(case)s 的 %(column)s 与其办理记录不符")),
    "workflow.sandbox.not_a_sandbox": Wording(_("正式环境的法定时钟不可调整")),
    "workflow.sandbox.backward": Wording(_("沙箱时钟只能向前调整，当前为 %(now)s")),
    "workflow.sandbox.begun": Wording(_("沙箱已有记录，起始时间不可再设")),
    "workflow.sandbox.too_far": Wording(_("一次最多向前调整 %(days)s 天")),
    "access.act.not_permitted": Wording(
        _("您当前的身份无权办理此事项"),
        _("另有单位或角色的，请在右上角切换；没有的，由有权的人员办理"),
    ),
    "access.act.interested": Wording(
        _("您同时为本业务的一方办理事项，应当回避"), _("请由其他工作人员办理")
    ),
    "access.membership.ended": Wording(_("您在该单位的任职或授权已失效")),
    "access.page.not_permitted": Wording(
        _("您当前的身份不能查看本页"),
        _("另有单位或角色的，请在右上角切换；没有的，公开的内容可以检索"),
    ),
}

WORDINGS |= administration_messages.WORDINGS
