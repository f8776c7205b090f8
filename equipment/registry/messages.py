"""The words of the refusals about machines."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording

WORDINGS = {
    "equipment.machine.kind_unlisted": Wording(
        _("设备种类 %(code)s 不在现行代码表中"), _("请从列表中选择")
    ),
    "equipment.machine.taken": Wording(
        _("该制造单位的这一出厂编号已有档案：%(other)s"), _("请核对铭牌上的出厂编号")
    ),
    "equipment.machine.made_before": Wording(
        _("出厂日期 %(made)s 与该铭牌原档案的 %(before)s 不一致"), _("请按铭牌填写出厂日期")
    ),
    "equipment.machine.dates": Wording(
        _("购置日期 %(bought)s 早于出厂日期 %(made)s，或晚于今天"), _("请核对日期")
    ),
    "equipment.machine.paper_missing": Wording(
        _("缺少备案文件“%(paper)s”"), _("请填写该文件的编号并上传")
    ),
    "equipment.machine.file_missing": Wording(
        _("文件 %(sha256)s… 不是本单位上传的"), _("请重新上传该文件")
    ),
    "equipment.machine.life_over": Wording(_("已于 %(on)s 超过规定使用年限"), _("请先送安全评估")),
    "equipment.machine.life_short": Wording(
        _("使用年限至 %(on)s，不足以使用到 %(to)s"), _("请缩短期限，或先送安全评估")
    ),
    "equipment.machine.rent_missing": Wording(_("未填写日租金"), _("请填写每日租金")),
    "equipment.machine.installer_unknown": Wording(
        _("%(uscc)s 不是平台上的安装单位"), _("请核对安装单位的统一社会信用代码")
    ),
    "equipment.machine.tester_interested": Wording(
        _("本人也为产权、使用或者安装单位工作"), _("请由与各方无关的检验机构人员办理")
    ),
    "equipment.machine.plan_incomplete": Wording(
        _("专项施工方案的编制、签字或审核信息不全"), _("请补填方案编号、签字人和审核人")
    ),
    "equipment.machine.notice_runs": Wording(
        _("%(on)s 才作出安装告知，未满二个工作日"), _("请在告知满二个工作日后安装")
    ),
    "equipment.machine.self_check_failed": Wording(_("安装单位自检不合格"), _("请整改后重新自检")),
    "equipment.machine.self_check_incomplete": Wording(
        _("未填写现场专业技术人员或自检报告编号"), _("请补填")
    ),
    "equipment.machine.test_failed": Wording(
        _("检验不合格，设备不得验收和使用"), _("请整改后重新检验")
    ),
    "equipment.machine.report_missing": Wording(_("未填写报告编号"), _("请填写报告编号")),
    "equipment.machine.next_test_missing": Wording(
        _("未注明下次检验日期，或该日期不在今天之后"), _("请按检验报告填写")
    ),
    "equipment.machine.inspection_lapsed": Wording(
        _("没有有效的检验，上次检验有效期至 %(on)s"), _("请先由检验机构检验")
    ),
    "equipment.machine.inspection_short": Wording(
        _("检验有效期至 %(on)s，不足以覆盖到 %(to)s 的租期"),
        _("检验须覆盖租期；租期超过一个检验周期的，须满一个周期"),
    ),
    "equipment.machine.operators_lapsed": Wording(
        _("司机或者信号司索工的证书已于 %(on)s 过期"), _("请先变更作业人员")
    ),
    "equipment.machine.blocked_otherwise": Wording(
        _("停用不是因为作业人员证书到期"), _("检验到期或者责令停用的，请先重新检验")
    ),
    "equipment.machine.acceptance_incomplete": Wording(
        _("联合验收的编号或出租、安装、监理单位签字人未填"), _("请由各方签字后填写")
    ),
    "equipment.machine.operator_missing": Wording(
        _("没有工种为 %(trade)s 的作业人员"), _("司机和信号司索工均须登记")
    ),
    "equipment.machine.trade_unlisted": Wording(
        _("工种 %(code)s 不在现行代码表中"), _("请从列表中选择")
    ),
    "equipment.machine.certificate_lapsed": Wording(
        _("%(name)s 的特种作业操作资格证书无效或已于 %(on)s 过期"), _("请更换持有效证书的人员")
    ),
    "equipment.machine.assessment_failed": Wording(
        _("安全评估不合格，或未注明可继续使用的期限"), _("评估不合格的，请办理“评估不合格”")
    ),
    "equipment.machine.assessment_too_long": Wording(
        _("今天的评估最长只能允许使用至 %(on)s，不能至 %(to)s"),
        _("请缩短可继续使用的期限，到期前可以再次评估"),
    ),
    "equipment.hire.machine_unknown": Wording(
        _("没有备案编号为 %(number)s 的可租设备"), _("请在设备市场中选择")
    ),
    "equipment.hire.site_unknown": Wording(
        _("工程 %(number)s 不是本单位已取得施工许可的在建工程"), _("请核对工程编号")
    ),
    "equipment.hire.period": Wording(
        _("租期 %(from)s 至 %(to)s 有误，或早于可租日期"), _("请核对起止日期")
    ),
    "equipment.hire.over": Wording(
        _("申请的租期已于 %(on)s 届满"), _("请不予接受，由对方按新的租期重新申请")
    ),
    "equipment.hire.machine_taken": Wording(_("设备已不在待租状态"), _("请另选设备，或等其退场")),
    "equipment.hire.not_returned": Wording(_("设备尚未退场"), _("请先拆卸并办理退场入库")),
}
