"""The words of a site's refusals."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording

_C = "procurement.hazard."
WORDINGS = {
    _C + "works_unknown": Wording(
        _("单位工程 %(number)s 不存在或不在施工期间"), _("请从列表中选择")
    ),
    _C + "not_concerned": Wording(
        _("单位工程 %(number)s 不由本单位施工、监理或监督，本人也不在其实名名册上"),
        _("请从列表中选择"),
    ),
    _C + "area_missing": Wording(_("未选择检查分项"), _("请从列表中选择")),
    _C + "place_missing": Wording(_("未填写部位")),
    _C + "description_missing": Wording(_("未填写隐患情况")),
    _C + "findings_missing": Wording(_("未填写检查情况")),
    _C + "photo_missing": Wording(_("没有照片"), _("请拍照上传，至少一张")),
    _C + "photo_foreign": Wording(_("照片不是本单位上传的"), _("请重新上传照片")),
    _C + "criterion_missing": Wording(_("未选择判定标准"), _("等级由判定标准确定，请选择")),
    _C + "responsible_missing": Wording(_("整改责任人未落实")),
    _C + "measure_missing": Wording(_("整改措施未落实")),
    _C + "money_missing": Wording(_("整改资金未落实"), _("没有支出的，请填写 0")),
    _C + "day_missing": Wording(_("整改时限未落实，或早于今天")),
    _C + "day_not_earlier": Wording(_("整改时限已是 %(on)s，只能提前"), _("请填写更早的日期")),
    _C + "plan_missing": Wording(_("应急预案未落实")),
    _C + "result_missing": Wording(_("未填写整改情况")),
    _C + "station_needed": Wording(_("重大隐患由质量安全监督机构复查")),
    _C + "not_rechecked": Wording(_("整改尚未复查合格"), _("请先复查")),
    _C + "rechecked_already": Wording(_("已经复查合格")),
    _C + "not_major": Wording(_("不是重大隐患，不能责令停工")),
    _C + "conclusion_missing": Wording(_("未填写复查结论")),
    _C + "decision_missing": Wording(_("未填写处罚决定书文号")),
}
