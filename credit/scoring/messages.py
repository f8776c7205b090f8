"""The words of refusals about scores."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording

WORDINGS = {
    "credit.score.not_yours": Wording(
        _("企业 %(uscc)s 的历史信用分只向该企业和主管部门提供"),
        _("当前公示的信用分请查阅企业信息档案"),
    ),
    "credit.score.day_unreadable": Wording(_("日期无法识别"), _("请按 2026-03-02 的格式填写")),
    "credit.enterprise.unknown": Wording(_("企业信息档案中没有 %(uscc)s")),
    "credit.study.ahead": Wording(_("评价日 %(on)s 尚未到来"), _("请选择今天或者以前的日期")),
    "credit.study.waiting": Wording(
        _("已有 %(most)s 项试算正在计算"), _("请等其中一项完成后再提出")
    ),
    "credit.scheme.draft_faulty": Wording(_("方案草稿有误：%(fault)s"), _("请修改后重新校验")),
    "credit.scheme.draft_number": Wording(
        _("“%(what)s”没有填写，或者不能识别"),
        _("分值填最多六位整数和两位小数，如 -2.50；天数和月数填整数"),
    ),
    "credit.scheme.draft_code": Wording(
        _("新评价项的代码没有填写，或者不合格式"),
        _("请填写小写英文字母、数字和下划线，以字母开头，如 green_site"),
    ),
    "credit.scheme.draft_empty": Wording(_("新评价项没有填写“%(what)s”")),
    "credit.scheme.draft_early": Wording(
        _("施行日期 %(on)s 不晚于今天"), _("草稿自发布以后的日期起施行，请填写今天以后的日期")
    ),
    "credit.scheme.draft_long": Wording(_("方案草稿超过 %(longest)s 个字符")),
}
