"""The words of refusals that pages and the API make by themselves."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording

WORDINGS = {
    "web.field.unknown": Wording(_("没有这一项")),
    "web.unmask.reason_missing": Wording(_("查看理由至少 %(shortest)s 个字")),
    "web.request.too_large": Wording(
        _("所发内容超过 %(kibibytes)s KB，未予接收"), _("请分次上传，或压缩扫描件后再试")
    ),
    "access.actor.none": Wording(
        _("您没有可以代表的单位"), _("请由本单位管理员为您登记任职或授权")
    ),
    "api.token.invalid": Wording(_("接口令牌无效、过期或已撤销")),
    "api.key.missing": Wording(_("写操作必须带 Idempotency-Key 请求头")),
    "api.request.invalid": Wording(_("请求内容不符合接口约定")),
    "api.request.malformed": Wording(_("请求无法解析")),
    "api.server.fault": Wording(_("平台出错，已记录；请带上请求编号联系运维人员")),
    "api.page.not_found": Wording(_("没有这个地址")),
}
