"""Words of the refusals of kernel.money."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording

WORDINGS = {
    "money.not_a_number": Wording(
        _("“%(text)s”不是金额"),
        cure=_("按元填写数字，例如 1,234,567.89；千分位逗号可有可无，有则须三位一组"),
    ),
    "money.too_many_decimals": Wording(
        _("“%(text)s”超过两位小数，金额最小到分"), cure=_("改为最多两位小数")
    ),
    "money.too_large": Wording(_("金额超出一亿亿元，系统不能记载"), cure=_("核对金额的单位和位数")),
    "money.share_weights": Wording(
        _("分摊权重不能为负，且至少一个大于零"), cure=_("更正各方的分摊比例")
    ),
}
