"""The words of refusals of a search."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording

WORDINGS = {
    "search.query.too_short": Wording(
        _("至少输入 %(shortest)s 个文字或数字"), _("标点和空格不计；可输入名称或编号中连续的一段")
    ),
    "search.query.too_long": Wording(
        _("检索内容超过 %(longest)s 个字符"), _("输入名称或编号中的一段即可")
    ),
    "search.kind.unknown": Wording(_("没有这一类别")),
    "search.region.unknown": Wording(_("区划代码应为 6 位数字")),
    "search.before.unknown": Wording(_("没有这一页")),
}
