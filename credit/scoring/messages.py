"""The words of refusals about scores."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording

WORDINGS = {
    "credit.score.not_yours": Wording(
        _("企业 %(uscc)s 的历史信用分只向该企业和主管部门提供"),
        _("当前公示的信用分请查阅企业信息档案"),
    ),
    "credit.score.day_unreadable": Wording(_("日期无法识别"), _("请按 2026-03-02 的格式填写")),
    "credit.score.day_beyond": Wording(
        _("评价日 %(on)s 超出可以计算的范围"), _("请选择 %(first)s 至 %(last)s 之间的日期")
    ),
    "credit.score.known_ahead": Wording(_("已知日 %(on)s 尚未到来"), _("请选择今天或者以前的日期")),
    "credit.enterprise.unknown": Wording(_("企业信息档案中没有 %(uscc)s")),
    "credit.study.ahead": Wording(_("评价日 %(on)s 尚未到来"), _("请选择今天或者以前的日期")),
    "credit.study.waiting": Wording(
        _("已有 %(most)s 项试算正在计算"), _("请等其中一项完成后再提出")
    ),
    "credit.scheme.no_version": Wording(
        _("没有评分方案 %(scheme)s 的 %(version)s 版"), _("请检查方案代码和版本")
    ),
    "credit.scheme.draft_faulty": Wording(_("方案草稿有误：%(fault)s"), _("请修改后重新校验")),
    "credit.scheme.missing": Wording(_("%(where)s：没有填写")),
    "credit.scheme.whole": Wording(_("%(where)s：须为整数"), _("分值以百分之一分计，如 -250")),
    "credit.scheme.beyond": Wording(_("%(where)s：须在 %(least)s 至 %(most)s 之间")),
    "credit.scheme.one_of": Wording(_("%(where)s：须为下列之一：%(allowed)s")),
    "credit.scheme.day": Wording(_("%(where)s：须为日期，如 2026-03-02")),
    "credit.scheme.words": Wording(
        _("%(where)s：须有中文和英文两种文字"), _('请写作 { zh = "……", en = "……" }')
    ),
    "credit.scheme.form": Wording(
        _("%(where)s：不合格式"),
        _("版本以字母或数字开头，只用字母、数字、点和短横；代码用小写英文字母、数字、下划线和点"),
    ),
    "credit.scheme.unknown": Wording(
        _("%(where)s：方案里没有这样的项目"), _("请检查拼写，或者删去这一行")
    ),
    "credit.scheme.table": Wording(
        _("方案里没有“%(table)s”这样的表"), _("草稿由 [rule_set] 和若干 [[row]] 组成")
    ),
    "credit.scheme.not_plain": Wording(
        _("这份草稿不是逐行书写的，表单无法修改"),
        _("请下载草稿文件修改：每一项以 [[row]] 另起，代码和数值各占一行，键名不加引号"),
    ),
    "credit.scheme.shape": Wording(_("草稿须由 [rule_set] 和若干 [[row]] 组成")),
    "credit.scheme.syntax": Wording(
        _("%(where)s：不是合格的 TOML 文本"), _("请检查这一行的引号、括号和等号")
    ),
    "credit.scheme.multiline": Wording(_("%(where)s：文字不得跨行，请不要用三个引号")),
    "credit.scheme.unreadable": Wording(
        _("草稿无法读取：数字过长、层层嵌套，或者一行里的英文句点过多")
    ),
    "credit.scheme.twice": Wording(_("%(where)s：与第 %(other)s 行重复"), _("同一项只写一次")),
    "credit.scheme.ends_before": Wording(_("%(where)s：截止日期早于施行日期")),
    "credit.scheme.no_kind": Wording(_("%(where)s：方案代码须以 schemes. 开头")),
    "credit.scheme.place": Wording(
        _("%(where)s：评分不得看企业在哪里注册、纳税（《优化营商环境条例》第十三条）"),
        _("请改用与企业所在地无关的评价项"),
    ),
    "credit.scheme.no_points": Wording(_("%(where)s：分值不能为零")),
    "credit.scheme.half_life_needed": Wording(
        _("%(where)s：按半衰期递减的评价项须填写半衰期"), _("请填写半衰期，或者改递减方式")
    ),
    "credit.scheme.half_life_unused": Wording(
        _("%(where)s：递减方式不是按半衰期递减，半衰期不起作用"),
        _("请清空半衰期，或者把递减方式改为按半衰期递减"),
    ),
    "credit.scheme.stated_half_life": Wording(
        _("%(where)s：分值和期限以文书为准的评价项不能按半衰期递减"),
        _("请改为期内不变或者逐日递减"),
    ),
    "credit.scheme.severity_needed": Wording(
        _("%(where)s：扣分的评价项须有轻重：轻微、一般或者严重"),
        _("请选择轻重，或者把分值改为正数"),
    ),
    "credit.scheme.severity_of_good": Wording(
        _("%(where)s：加分的评价项没有轻重"), _("请把轻重改为良好行为，或者把分值改为负数")
    ),
    "credit.scheme.veto_of_good": Wording(_("%(where)s：加分的评价项不能一票否决")),
    "credit.scheme.veto_without_cap": Wording(
        _("%(where)s：方案没有一票否决时的最高分，一票否决无从计算"),
        _("请填写“一票否决时的最高分”"),
    ),
    "credit.scheme.unread": Wording(
        _("%(where)s：这一处不参与计算，方案不读取"), _("请删去，以免误以为有效")
    ),
    "credit.scheme.unread_row": Wording(
        _("%(where)s：没有公式读取这一参数"), _("请检查拼写，或者删去这一段")
    ),
    "credit.scheme.unheeded": Wording(
        _("%(where)s：方案所用的公式不读取这一参数，不起作用"), _("请删去这一参数")
    ),
    "credit.scheme.unheeded_decay": Wording(_("%(where)s：按合同段计算的公式不递减，只能期内不变")),
    "credit.scheme.no_formula": Wording(
        _("%(where)s：没有名为“%(name)s”的公式"), _("请用 ledger 或者 sections")
    ),
    "credit.scheme.no_bands": Wording(_("方案没有等级")),
    "credit.scheme.no_items": Wording(_("方案没有评价项"), _("请至少留下一个评价项")),
    "credit.scheme.bounds_crossed": Wording(_("%(where)s：最低分高于最高分")),
    "credit.scheme.base_outside": Wording(_("%(where)s：基础分不在最低分和最高分之间")),
    "credit.scheme.band_above_lower": Wording(
        _("%(where)s：最低一级的最低分高于方案的最低分，其间没有等级")
    ),
    "credit.scheme.band_twice": Wording(_("%(where)s：与另一等级的最低分相同，无人能得这一等级")),
    "credit.scheme.band_unreached": Wording(_("%(where)s：高于方案的最高分，无人能得这一等级")),
    "credit.scheme.cap_below_nought": Wording(_("%(where)s：加分上限小于零")),
    "credit.scheme.floor_above_nought": Wording(_("%(where)s：扣分下限大于零")),
    "credit.scheme.limits_nothing": Wording(
        _("%(where)s：没有受它限制的评价项，不起作用"), _("请清空这一限制，或者补上评价项")
    ),
    "credit.scheme.weight_nought": Wording(_("%(where)s：权重须大于零")),
    "credit.scheme.draft_number": Wording(
        _("“%(what)s”没有填写，或者不能识别"),
        _("分值填最多六位整数和两位小数，如 -2.50；天数和月数填整数"),
    ),
    "credit.scheme.draft_code": Wording(
        _("新评价项的代码没有填写，或者不合格式"),
        _("请填写小写英文字母、数字和下划线，以字母开头，如 green_site"),
    ),
    "credit.scheme.item_known": Wording(
        _("代码 %(code)s 已有评价项使用"), _("请换一个代码，或者修改上面的那一项")
    ),
    "credit.scheme.draft_empty": Wording(_("新评价项没有填写“%(what)s”")),
    "credit.scheme.draft_early": Wording(
        _("施行日期 %(on)s 不晚于今天"), _("草稿自发布以后的日期起施行，请填写今天以后的日期")
    ),
    "credit.scheme.draft_long": Wording(_("方案草稿超过 %(longest)s 个字符")),
}
