"""The words of what an administrator's writes refuse."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording

_LIST = _("用 people list 查看已有的编号")

WORDINGS = {
    "administration.organisation.unknown": Wording(_("没有单位 %(organisation)s"), cure=_LIST),
    "administration.organisation.exists": Wording(_("单位 %(uscc)s 已登记，编号 %(id)s")),
    "administration.organisation.level": Wording(
        _("主管部门层级“%(authority)s”与行政区划 %(region)s 不符"),
        cure=_("province、city、county 依次对应省、市（地）、县（市、区）的代码"),
    ),
    "administration.name.missing": Wording(_("名称或姓名不能为空，也不能超过 %(longest)s 个字符")),
    "administration.person.unknown": Wording(_("没有人员 %(person)s"), cure=_LIST),
    "administration.person.exists": Wording(_("该公民身份号码已登记，人员编号 %(id)s")),
    "administration.person.phone": Wording(
        _("电话号码不合格式"), cure=_("填写 5 至 20 位数字，可含加号和连字符")
    ),
    "administration.account.unknown": Wording(_("没有账号 %(username)s"), cure=_LIST),
    "administration.account.exists": Wording(_("人员 %(person)s 已有账号 %(username)s")),
    "administration.account.username": Wording(
        _("用户名 %(username)s 不可用：已被使用，或含有不允许的字符"), cure=_("换一个用户名")
    ),
    "administration.membership.unknown": Wording(_("没有任职 %(membership)s"), cure=_LIST),
    "administration.membership.role": Wording(
        _("权限表中没有角色“%(role)s”，现有：%(roles)s"), cure=_("照权限表填写角色代码")
    ),
    "administration.membership.not_an_authority": Wording(
        _("角色“%(role)s”只能由主管部门的人员担任，该单位不是主管部门")
    ),
    "administration.membership.period": Wording(
        _("任职的截止日 %(last)s 早于起始日 %(first)s"), cure=_("更正日期")
    ),
    "administration.membership.overlaps": Wording(
        _("同一任职已有登记（编号 %(id)s），期间重叠"), cure=_("先终止原任职，或错开日期")
    ),
    "administration.membership.ended": Wording(_("任职 %(membership)s 已于 %(last)s 终止")),
    "administration.membership.past": Wording(
        _("任职不能追溯终止：截止日 %(last)s 早于昨日"), cure=_("立即终止请填昨日的日期")
    ),
    "administration.certificate.unreadable": Wording(
        _("文件不是单张 PEM 证书"), cure=_("提供证书文件；私钥永远不要交给管理员")
    ),
    "administration.certificate.exists": Wording(_("该证书已登记，编号 %(id)s")),
    "administration.certificate.other_organisation": Wording(
        _("证书写明的单位（%(found)s）不是 %(expected)s")
    ),
    "administration.certificate.other_person": Wording(
        _("证书写明的人员（%(found)s）不是 %(expected)s")
    ),
    "administration.certificate.not_a_member": Wording(
        _("该人员目前不在该单位任职"), cure=_("先登记任职")
    ),
    "administration.token.unknown": Wording(_("没有令牌 %(token)s"), cure=_LIST),
    "administration.token.revoked": Wording(_("令牌 %(token)s 已经撤销")),
    "administration.token.days": Wording(_("令牌的有效期为 1 至 %(most)s 天")),
}
