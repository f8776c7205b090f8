"""The words of the refusals about workers on sites."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kernel.errors import Wording

_W = "labour.worker."
WORDINGS = {
    _W + "site_unknown": Wording(
        _("工程 %(number)s 没有施工许可，或者已经结束"), _("请核对工程编号")
    ),
    _W + "person_unknown": Wording(
        _("所选人员不是本单位的工人"), _("请从列表中选择；没有的，先为其建立账户")
    ),
    _W + "taken": Wording(_("该工人在本工地已有名册记录 %(number)s"), _("请打开该记录办理")),
    _W + "code_unlisted": Wording(_("代码 %(code)s 不在现行代码表中"), _("请从列表中选择")),
    _W + "contract_missing": Wording(
        _("未填写劳动合同编号"), _("进场前须签订劳动合同，请填写编号")
    ),
    _W + "rate_missing": Wording(_("未填写工资标准"), _("请填写每日或者每件工资")),
    _W + "period": Wording(_("合同期 %(from)s 至 %(to)s 有误"), _("止日不得早于起日")),
    _W + "file_missing": Wording(_("文件 %(sha256)s… 不是本单位上传的"), _("请重新上传该文件")),
    _W + "identity_missing": Wording(
        _("本人的公民身份号码尚未登记"), _("请持身份证到平台管理员处登记")
    ),
    _W + "identity_other": Wording(
        _("身份号码后四位与登记的不一致"), _("请核对本人身份证；登记有误的，请先更正")
    ),
    _W + "underage": Wording(_("未满 %(least)s 周岁，不得用工"), ""),
    _W + "too_old_for_heavy": Wording(
        _("已超过 %(most)s 周岁，不安排重体力工种"), _("可以约定其他工种")
    ),
    _W + "consent_missing": Wording(
        _("未同意处理身份、银行卡和考勤信息"), _("实名登记和发放工资需要这些信息，请阅读后勾选")
    ),
    _W + "card": Wording(_("银行卡号应为十二至十九位数字"), _("请填写本人的银行卡号")),
    _W + "bank_missing": Wording(_("未填写开户银行"), _("请填写银行卡的开户银行")),
    _W + "face_refused": Wording(_("工人未同意采集人脸"), _("请读取身份证，或者人证当面核对")),
    _W + "certificate_missing": Wording(
        _("特种作业没有登记操作资格证书"), _("请登记证书编号和有效期")
    ),
    _W + "certificate_lapsed": Wording(_("操作资格证书已于 %(on)s 过期"), _("请更新证书后再作业")),
    _W + "training_company": Wording(
        ngettext_lazy(
            "公司级教育 %(hours)s 学时，少于 %(least)s 学时",
            "公司级教育 %(hours)s 学时，少于 %(least)s 学时",
            "hours",
        ),
        _("请补足学时"),
    ),
    _W + "training_project": Wording(
        ngettext_lazy(
            "项目级教育 %(hours)s 学时，少于 %(least)s 学时",
            "项目级教育 %(hours)s 学时，少于 %(least)s 学时",
            "hours",
        ),
        _("请补足学时"),
    ),
    _W + "training_crew": Wording(
        ngettext_lazy(
            "班组级教育 %(hours)s 学时，少于 %(least)s 学时",
            "班组级教育 %(hours)s 学时，少于 %(least)s 学时",
            "hours",
        ),
        _("请补足学时"),
    ),
    _W + "exam_failed": Wording(
        _("考核 %(score)s 分，低于合格线 %(least)s 分"), _("请重新培训和考核")
    ),
    _W + "other_site": Wording(_("该工人正在工程 %(site)s 作业"), _("请先在该工地结清退场")),
    _W + "back_from_other_site": Wording(
        _("该工人已在工程 %(site)s 作业，结案后不能回到本工地作业"), _("请办理“结案，工人待退场”")
    ),
    _W + "nowhere_else": Wording(_("该工人没有在其他工地作业"), _("请办理“劳动保障监察结案”")),
    _W + "attendance_empty": Wording(_("没有考勤记录"), _("请至少填写一行")),
    _W + "attendance_zone": Wording(_("考勤时间没有时区"), _("请按协调世界时加偏移填写")),
    _W + "attendance_time": Wording(
        _("考勤 %(from)s 至 %(to)s 不合理：须在准许进场之后、现在之前，且不超过二十四小时"),
        _("请核对进出时间"),
    ),
    _W + "attendance_twice": Wording(
        _("考勤 %(from)s 至 %(to)s 与已有记录重叠"), _("请核对是否重复登记")
    ),
    _W + "by_hand": Wording(
        _("手工补记的考勤 %(from)s 至 %(to)s 没有说明原因"), _("请填写设备编号或者补记原因")
    ),
    _W + "case_number_missing": Wording(_("未填写立案文号"), _("请填写立案审批的文号")),
    _W + "nothing_overdue": Wording(_("没有逾期未付的工资"), _("工资逾期未付的，可以立案")),
    _W + "wages_owed": Wording(_("以下月份的工资尚未付清：%(months)s"), _("请先编制工资表并发放")),
}
