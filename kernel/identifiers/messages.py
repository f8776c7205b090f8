"""Words of the refusals and warnings of kernel.identifiers."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording

_COPY_USCC = _("照营业执照或登记证书逐位核对")
_COPY_ID = _("照居民身份证逐位核对")
_ASK_REGISTER = _("到国家企业信用信息公示系统核实，并留存核实结果")
_NEXT_DAY = _("更换日期后重新编号，或报主管部门处理")

WORDINGS = {
    # Regions
    "identifiers.region.unknown": Wording(
        _("没有行政区划代码 %(region)s"), cure=_("从行政区划列表中选择")
    ),
    "identifiers.region.superseded": Wording(
        _("行政区划代码 %(region)s（%(name)s）在 %(day)s 已撤销，后续为 %(successors)s"),
        cure=_("改用后续的行政区划代码"),
    ),
    "identifiers.region.not_in_force": Wording(
        _("行政区划代码 %(region)s（%(name)s）在 %(day)s 无效"),
        cure=_("改用当日有效的行政区划代码"),
    ),
    # Unified social credit code
    "identifiers.uscc.length": Wording(
        _("统一社会信用代码应为 18 位，现为 %(length)s 位"), cure=_COPY_USCC
    ),
    "identifiers.uscc.characters": Wording(
        _("统一社会信用代码中“%(wrong)s”不合规则：不用字母 I、O、S、V、Z，第 3 至 8 位为数字"),
        cure=_COPY_USCC,
    ),
    "identifiers.uscc.check": Wording(_("统一社会信用代码的校验码不符"), cure=_COPY_USCC),
    "identifiers.uscc.outer_check": Wording(
        _("统一社会信用代码第 18 位校验码不符，但主体标识码相符：早期发放的代码有此情形"),
        cure=_ASK_REGISTER,
    ),
    "identifiers.uscc.inner_check": Wording(
        _("统一社会信用代码第 18 位校验码相符，但其中主体标识码的校验码不符"), cure=_ASK_REGISTER
    ),
    "identifiers.uscc.region": Wording(
        _("统一社会信用代码中的登记机关区划 %(region)s 不在任何省份"), cure=_ASK_REGISTER
    ),
    "identifiers.uscc.parts": Wording(
        _("不能用区划 %(region)s 和主体标识码 %(body)s 组成统一社会信用代码"),
        cure=_("区划为 6 位数字，主体标识码前 8 位为数字或除 I、O、S、V、Z 外的大写字母"),
    ),
    "identifiers.uscc.serial_overflow": Wording(
        _("演示用统一社会信用代码序号 %(serial)s 超出 1 至 99999"), cure=_("换用范围内的序号")
    ),
    # Resident identity number
    "identifiers.resident_id.length": Wording(
        _("公民身份号码应为 18 位，现为 %(length)s 位"), cure=_COPY_ID
    ),
    "identifiers.resident_id.characters": Wording(
        _("公民身份号码前 17 位应为数字，末位为数字或 X"), cure=_COPY_ID
    ),
    "identifiers.resident_id.check": Wording(_("公民身份号码的校验码不符"), cure=_COPY_ID),
    "identifiers.resident_id.foreigner": Wording(
        _("这是外国人永久居留身份证号码，不是公民身份号码"),
        cure=_("证件类型改选“外国人永久居留身份证”"),
    ),
    "identifiers.resident_id.region": Wording(
        _("公民身份号码前两位 %(region)s 不是省级行政区划代码"), cure=_COPY_ID
    ),
    "identifiers.resident_id.birth": Wording(_("公民身份号码中的出生日期不成立"), cure=_COPY_ID),
    "identifiers.resident_id.serial_overflow": Wording(
        _("公民身份号码顺序码 %(serial)s 超出 0 至 999"), cure=_("换用范围内的顺序码")
    ),
    # National project code
    "identifiers.project_code.form": Wording(
        _("项目代码不合格式"),
        cure=_("按赋码通知填写，形如 2601-230102-04-01-123456"),
    ),
    "identifiers.project_code.time": Wording(
        _("项目代码的时间段 %(time)s 不是年月"), cure=_("按赋码通知逐位核对")
    ),
    "identifiers.project_code.future": Wording(
        _("项目代码的时间段 %(time)s 晚于今日"), cure=_("按赋码通知逐位核对")
    ),
    "identifiers.project_code.region": Wording(
        _("项目代码的地区段 %(region)s 不在任何省份"), cure=_("按赋码通知逐位核对")
    ),
    # National platform's project number
    "identifiers.project_number.form": Wording(
        _("项目编号不合格式"),
        cure=_("项目编号为 16 位数字，项目下的文件在其后加两个字母和三位序号，如 -SX-001"),
    ),
    "identifiers.project_number.region": Wording(
        _("项目编号的区划 %(region)s 不在任何省份"), cure=_("核对前 6 位")
    ),
    "identifiers.project_number.date": Wording(
        _("项目编号的日期 %(digits)s 不成立"), cure=_("核对第 7 至 12 位（年月日各两位）")
    ),
    "identifiers.project_number.category": Wording(
        _("项目编号的类别 %(category)s 不存在"),
        cure=_("类别为 01 房屋建筑工程、02 市政工程或 99 其他"),
    ),
    "identifiers.project_number.serial_zero": Wording(
        _("项目编号的序号从 1 起"), cure=_("核对序号")
    ),
    "identifiers.project_number.suffix": Wording(
        _("项目编号的文件类别 %(suffix)s 不存在"),
        cure=_("首字母为 B 招标、H 合同、T 施工图审查、S 施工许可或 J 竣工验收"),
    ),
    "identifiers.project_number.serial_overflow": Wording(
        _("序号 %(serial)s 不能编入项目编号，最多到 %(most)s"), cure=_NEXT_DAY
    ),
    # Construction permit number
    "identifiers.permit_number.form": Wording(
        _("施工许可证编号应为 18 位数字"), cure=_("照施工许可证逐位核对")
    ),
    "identifiers.permit_number.region": Wording(
        _("施工许可证编号的区划 %(region)s 不在任何省份"), cure=_("核对前 6 位")
    ),
    "identifiers.permit_number.date": Wording(
        _("施工许可证编号的日期 %(digits)s 不成立"), cure=_("核对第 7 至 14 位")
    ),
    "identifiers.permit_number.serial_zero": Wording(
        _("施工许可证编号的序号从 01 起"), cure=_("核对第 15、16 位")
    ),
    "identifiers.permit_number.trade": Wording(
        _("施工许可证编号的专业分类 %(trade)s 不存在"), cure=_("专业分类为 01 至 19")
    ),
    "identifiers.permit_number.serial_overflow": Wording(
        _("同日第 %(serial)s 个施工许可证没有编号可用，每日最多 99 个"), cure=_NEXT_DAY
    ),
    # Bill of quantities
    "identifiers.boq_code.edition": Wording(
        _("没有工程量清单计价标准 %(edition)s 版"), cure=_("选择 2013 版或 2024 版")
    ),
    "identifiers.boq_code.form": Wording(
        _("“%(text)s”不是清单项目编码"),
        cure=_("编码为 12 位数字，以 01 至 09 开头；补充项目形如 01B001"),
    ),
    "identifiers.boq_code.serial_zero": Wording(
        _("清单项目编码 %(text)s 的顺序码从 001 起"), cure=_("更正末三位")
    ),
    "identifiers.boq_code.serial_overflow": Wording(
        _("%(base)s 下的顺序码 %(serial)s 超出 1 至 999"),
        cure=_("合并相同项目特征的清单项目"),
    ),
    "identifiers.boq_code.repeated": Wording(
        _("清单项目编码 %(text)s 出现 %(times)s 次，同一招标工程的编码不得重复"),
        cure=_("给其中的项目另编末三位顺序码"),
    ),
    "identifiers.boq_code.editions_mixed": Wording(
        _("同一招标工程混用了 %(editions)s 版清单编码"), cure=_("统一为项目选定的一版")
    ),
    # Safety production licence
    "identifiers.safety_licence.form": Wording(
        _("安全生产许可证编号不合格式"), cure=_("按证书填写，形如 (黑)JZ安许证字[2024]000123")
    ),
    "identifiers.safety_licence.issuer": Wording(
        _("安全生产许可证编号中的发证地“%(issuer)s”不是省份简称"), cure=_("照证书核对")
    ),
    "identifiers.safety_licence.year": Wording(
        _("安全生产许可证编号中的年份 %(year)s 不成立"), cure=_("照证书核对")
    ),
    "identifiers.safety_licence.serial_zero": Wording(
        _("安全生产许可证编号的序号从 000001 起"), cure=_("照证书核对")
    ),
    "identifiers.safety_licence.serial_overflow": Wording(
        _("序号 %(serial)s 不能编入安全生产许可证编号"), cure=_("序号为 1 至 999999")
    ),
}
