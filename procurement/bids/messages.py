"""The words of this room's refusals."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from credit.enterprises.relations.pages import kind_in_words
from kernel import clock
from kernel.errors import Wording

_AGAIN = _("请用投标工具重新生成并提交")
_WAIT = _("请等待其他各方办理")


def _told(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {**facts, "kind": kind_in_words(str(facts["kind"]), clock.now())}


def _owner_related(facts: Mapping[str, Any]) -> str:
    return gettext("投标人与招标人存在%(kind)s的情形（%(source)s），不得参加投标") % _told(facts)


def _agency_related(facts: Mapping[str, Any]) -> str:
    return gettext("投标人与招标代理机构存在%(kind)s的情形（%(source)s），不得参加投标") % _told(
        facts
    )


def _bidders_related(facts: Mapping[str, Any]) -> str:
    return gettext(
        "与投标人“%(name)s”存在%(kind)s的情形（%(source)s），参加同一标段投标，相关投标均无效"
    ) % _told(facts)


WORDINGS = {
    # Trustees' files and the programs
    "procurement.task.other": Wording(
        _("答复文件属于标段 %(lot)s 的 %(party)s，不是本单位对本标段的答复"),
        _("请选择本标段、本单位的答复文件"),
    ),
    "procurement.task.no_file": Wording(_("没有选择答复文件"), _("请选择答复文件")),
    "procurement.program.unknown": Wording(_("没有程序 %(name)s")),
    # Opening policy
    "procurement.policy.unknown": Wording(
        _("标段 %(lot)s 没有生效的开启方案"), _("请等待开启方案由各方签署")
    ),
    "procurement.policy.no_draft": Wording(_("标段 %(lot)s 没有待签署的开启方案")),
    "procurement.policy.lot_unknown": Wording(
        _("本单位没有编号为 %(lot)s 的标段"), _("请核对标段编号")
    ),
    "procurement.policy.no_deadline": Wording(
        _("标段 %(lot)s 还没有投标截止时间"), _("请先在标段中填写投标截止时间")
    ),
    "procurement.policy.authorities": Wording(
        _("已配置的时间戳机构 %(found)s 家，至少需要 %(wanted)s 家"),
        _("请由平台运营单位配置独立的时间戳机构"),
    ),
    "procurement.policy.padding": Wording(
        _("信封填充下限 %(found)s 字节，至少需要 %(wanted)s 字节，否则文件大小会透露内容"),
        _("请提高填充下限"),
    ),
    "procurement.policy.programs": Wording(
        _("没有可以写入开启方案的封装和开启程序"), _("请由平台运营单位安装完整的发布版本")
    ),
    "procurement.policy.exists": Wording(
        _("标段 %(lot)s 已有开启方案"), _("如需更换开启人，请先作废原方案")
    ),
    "procurement.policy.party_unknown": Wording(
        _("%(uscc)s 不是平台登记的单位"), _("请核对统一社会信用代码，或请该单位先登记")
    ),
    "procurement.policy.key_missing": Wording(
        _("%(uscc)s 尚未公布开启密钥或随机数承诺"), _("请该单位用工具执行 trustee key")
    ),
    "procurement.policy.rehearsal_missing": Wording(
        _("%(uscc)s 尚未通过开启演练"), _("请该单位用工具执行 trustee rehearse")
    ),
    "procurement.policy.signature_missing": Wording(
        _("%(uscc)s 尚未签署开启方案"), _("请该单位用工具执行 trustee sign-policy")
    ),
    "procurement.policy.announcement_other": Wording(
        _("所公布的密钥属于标段 %(lot)s、单位 %(uscc)s，与本方案不符"), _AGAIN
    ),
    "procurement.policy.key_unfit": Wording(
        _("%(uscc)s 是否持有份额与方案不符"), _("持有份额的单位须公布密钥，其他单位不得公布")
    ),
    "procurement.policy.copied": Wording(
        _("密钥或承诺与 %(uscc)s 的相同"), _("请重新生成，不得沿用他人的")
    ),
    "procurement.policy.not_later": Wording(
        _("标段的投标截止时间没有推迟"), _("请先推迟标段的投标截止时间")
    ),
    "procurement.policy.deadline_over": Wording(
        _("这一版开启方案的投标截止时间已过（%(deadline)s），签署不再有效"),
        _("各方未在截止前签署的，请招标人终止招标后重新招标"),
    ),
    "procurement.opening.extension_unsigned": Wording(
        _("招标文件把截止时间顺延到 %(deadline)s，各方签署的开启方案只到 %(signed)s，不得开标"),
        _("请招标人终止招标后重新招标；投标文件永不开启"),
    ),
    "procurement.policy.notice_is_out": Wording(_("招标公告已发布，开启方案不能作废")),
    # Bid
    "procurement.bid.no_anchors": Wording(_("平台没有配置信任的证书机构，暂不能受理")),
    "procurement.bid.unknown": Wording(_("本单位在标段 %(lot)s 没有投标文件")),
    "procurement.bid.lot_unknown": Wording(_("没有这个标段"), _("请核对标段编号")),
    "procurement.bid.lot_not_open": Wording(
        _("标段现在不接收投标文件"), _("请查看标段公告；暂停的，恢复后再提交")
    ),
    "procurement.bid.too_late": Wording(
        _("投标文件最后一个字节于 %(at)s 到达，晚于截止时间 %(deadline)s"),
        _("截止前已有回执的版本继续有效"),
    ),
    "procurement.bid.not_invited": Wording(_("本标段为邀请招标，本单位未受邀请")),
    "procurement.bid.list_made": Wording(
        _("截标名单已经作出，不再接收或撤回"), _("截止前已有回执的版本继续有效")
    ),
    "procurement.bid.upload_unknown": Wording(_("没有与之对应的、已核对的上传"), _AGAIN),
    "procurement.bid.old_policy": Wording(
        _("投标文件按旧的开启方案封装"), _("请按最新的开启方案重新封装")
    ),
    "procurement.bid.too_large": Wording(
        _("投标文件超过 %(limit)s 字节"), _("请压缩附件后重新封装")
    ),
    "procurement.bid.incomplete": Wording(
        _("传输中断：应收 %(length)s 字节，收到 %(size)s 字节"), _("请重新提交；未传完的不算递交")
    ),
    "procurement.bid.statement_other": Wording(
        _("撤回声明所指的投标文件 %(found)s 不是现行版本 %(wanted)s"),
        _("请对现行版本重新签署撤回声明"),
    ),
    "procurement.bid.no_statement": Wording(
        _("所选文件不是撤回声明"), _("请选择封装程序签署并保存的 .withdrawal.json")
    ),
    "procurement.opening.no_statement": Wording(
        _("所选文件不是已签署的异议或份额补发"),
        _("请选择封装程序或命令行工具保存的 .protest.json 或 .cure.json"),
    ),
    "procurement.bid.is_void": Wording(
        _("标段 %(lot)s 的中标候选人的投标已被认定无效"), _("请转由下一名候选人或重新招标")
    ),
    "procurement.bid.is_owner": Wording(_("招标人不得参加自己招标的标段投标")),
    "procurement.bid.is_agency": Wording(_("招标代理机构不得在所代理的招标项目中投标")),
    "procurement.bid.related_to_owner": Wording(
        _owner_related, _("档案中的关系有误的，请持证明向信用管理部门申请更正")
    ),
    "procurement.bid.related_to_agency": Wording(
        _agency_related, _("档案中的关系有误的，请持证明向信用管理部门申请更正")
    ),
    "procurement.bid.related_to_bidder": Wording(_bidders_related),
    "procurement.bid.no_decision": Wording(_("没有写明行政决定的文号"), _("请填写决定书文号")),
    "procurement.bid.no_decision_file": Wording(
        _("没有决定书的文件"), _("请由本机关上传决定书扫描件")
    ),
    "procurement.bid.no_file": Wording(_("没有选择文件"), _("请选择投标工具生成的 .zxb 文件")),
    "procurement.counter.bidder_unknown": Wording(
        _("平台没有登记统一社会信用代码为 %(uscc)s 的单位"), _("请核对投标人的统一社会信用代码")
    ),
    # Upload in parts
    "procurement.upload.unknown": Wording(_("本单位没有这次上传"), _("请重新开始上传")),
    "procurement.upload.busy": Wording(
        _("这次上传正由另一个连接传输"), _("请稍候片刻再继续；同一文件不要同时从两处上传")
    ),
    "procurement.upload.offset": Wording(
        _("已保存 %(offset)s 字节，接着传的部分须从这里开始"), _("请从已保存处继续")
    ),
    "procurement.upload.beyond": Wording(
        _("传输的内容超过声明的 %(length)s 字节"), _("请重新开始上传，并选择同一个文件")
    ),
    "procurement.upload.key_other": Wording(
        _("同一请求键已用于 %(length)s 字节的另一次上传"), _("请换一个请求键")
    ),
    "procurement.upload.whole": Wording(_("文件已经传完，不能再放弃"), _("如需收回，请办理撤回")),
    "procurement.upload.too_many": Wording(
        _("本单位在本标段未完成的上传已达 %(most)s 个"), _("请继续或放弃先前的上传")
    ),
    "procurement.upload.too_much": Wording(
        _("本单位未完成的上传合计超过 %(most)s 字节"), _("请完成或放弃先前的上传")
    ),
    "procurement.upload.no_space": Wording(
        _("平台的存储空间暂时不足，已保存的部分不受影响"), _("请稍后继续；并请告知平台运营单位")
    ),
    "procurement.upload.given_up": Wording(_("这次上传已由本单位放弃"), _("请重新开始上传")),
    "procurement.upload.expired": Wording(_("这次上传搁置过久，已经作废"), _("请重新开始上传")),
    "procurement.upload.unfinished": Wording(
        _("截止时没有传完，这次上传作废"), _("截止前已有回执的版本继续有效")
    ),
    "procurement.upload.lost": Wording(_("这次上传没有得出结果"), _("请重新上传同一个文件")),
    "procurement.upload.protocol": Wording(
        _("请求不合 tus 1.0 协议（%(part)s）"), _("请使用平台的投标工具或页面")
    ),
    # Opening
    "procurement.opening.unknown": Wording(_("标段 %(lot)s 尚未截标或开标")),
    "procurement.opening.lot_not_closing": Wording(_("标段不在截标阶段")),
    "procurement.opening.lot_not_opening": Wording(
        _("标段已终止或已暂停，不得办理开标"), _("标段终止的，投标文件永不开启，原样退回")
    ),
    "procurement.opening.lot_not_terminated": Wording(_("标段没有终止，开标不因此结束")),
    "procurement.opening.exists": Wording(_("标段已有截标名单")),
    "procurement.opening.done_before": Wording(_("本单位已经办理过这一步")),
    "procurement.opening.list_unsigned": Wording(
        _("截标名单只有 %(found)s 名开启人签署，须有 %(needed)s 名"), _WAIT
    ),
    "procurement.opening.nonces_missing": Wording(_("尚未公开随机数：%(parties)s"), _WAIT),
    "procurement.opening.draw_stale": Wording(_("抽取漏了已经公开的随机数"), _WAIT),
    "procurement.opening.marks_missing": Wording(
        _("只有 %(found)s 名开启人核对，须有 %(needed)s 名"), _WAIT
    ),
    "procurement.opening.own_marks_missing": Wording(
        _("本单位尚未核对密钥份额"), _("请先用工具执行 trustee mark")
    ),
    "procurement.opening.releases_missing": Wording(
        _("只有 %(found)s 名开启人释放份额，须有 %(needed)s 名"), _WAIT
    ),
    "procurement.opening.marks_incomplete": Wording(
        _("核对结果没有逐一覆盖名单上的投标文件"), _AGAIN
    ),
    "procurement.opening.share_off_list": Wording(_("份额不属于名单上的投标文件"), _AGAIN),
    "procurement.opening.statement_other": Wording(
        _("声明属于标段 %(lot)s 或另一份名单、另一家单位"), _AGAIN
    ),
    "procurement.signature.no_time": Wording(
        _("签名没有写明签名时间"), _("请用带签名时间的方式重新签名")
    ),
    "procurement.signature.ahead": Wording(
        _("签名时间 %(said)s 晚于平台收到的时间 %(bound)s"), _("请校准电脑时钟后重新签名")
    ),
    "procurement.signature.before": Wording(
        _("签名时间 %(said)s 早于所签文件形成的时间 %(bound)s"), _("请校准电脑时钟后重新签名")
    ),
    "procurement.opening.stage_first": Wording(_("本标段第一阶段的演练在开启方案中办理")),
    "procurement.opening.drawn": Wording(_("系数已经抽取，不再公开随机数")),
    "procurement.opening.released_already": Wording(
        _("已有开启人释放份额，不能再补救、异议或更正"), _("请向监督部门反映")
    ),
    "procurement.opening.cure_over": Wording(_("补发份额的时间已过")),
    "procurement.opening.cure_awaited": Wording(
        _("还有 %(found)s 个信封等待补发份额或其他开启人核对"), _("请在补救时间届满后释放")
    ),
    "procurement.opening.cure_unknown": Wording(
        _("没有收到信封 %(envelope)s 的这份补发份额"), _AGAIN
    ),
    "procurement.opening.cured_before": Wording(
        _("信封 %(envelope)s 已经补发过份额，只能补发一次")
    ),
    "procurement.opening.cure_needless": Wording(_("信封 %(envelope)s 的完好份额已够，无须补发")),
    "procurement.opening.protest_open": Wording(
        _("有 %(found)s 份成立的异议尚未以更正的名单答复"), _("请等待更正后的截标名单")
    ),
    "procurement.opening.stop_proposed": Wording(
        _("已有人提议停止开标"), _("请由监督部门的另一人复核决定")
    ),
    "procurement.opening.stop_not_proposed": Wording(
        _("停止开标须先由监督部门的一人提议"), _("请先提议停止开标")
    ),
    "procurement.opening.stop_same_person": Wording(
        _("停止开标须由提议人以外的另一人决定"), _("请由监督部门的另一人办理")
    ),
    "procurement.opening.no_protest": Wording(_("没有成立的异议，不能更正名单")),
    "procurement.opening.protest_late": Wording(
        _("后一阶段的名单依据已公布的评审结果，不在此提出异议"), _("请向监督部门投诉")
    ),
    "procurement.opening.protest_unknown": Wording(
        _("平台没有与回执第 %(version)s 版相应的记录，本标段须由监督部门停止开标"),
        _("请把回执和投标文件交监督部门"),
    ),
    "procurement.opening.protest_withdrawn": Wording(
        _("该投标文件已由本单位撤回（声明摘要 %(statement_sha256)s），异议不成立")
    ),
    "procurement.opening.protest_fallen": Wording(
        _("签名证书在收到前已被吊销，受理已撤销，异议不成立"), _("撤销的理由见平台签署的拒收说明")
    ),
    "procurement.opening.result_other": Wording(
        _("阶段评审结果与本阶段的开启记录不一致（%(part)s）"),
        _("请对本阶段已开启的每份投标逐一写明结果"),
    ),
    "procurement.opening.result_void": Wording(
        _("已被认定投标无效的投标人不能通过本阶段评审（%(bidders)s）"),
        _("请把这些投标人列为未通过，并写明认定无效的决定"),
    ),
    "procurement.bid.stage_under_way": Wording(
        _("该投标已通过前一阶段评审，后一阶段正在开启，此时不能认定投标无效"),
        _("请在本阶段开标记录形成后录入决定；需要立即制止的，请停止开标"),
    ),
    "procurement.opening.window_over": Wording(_("现在不接收补交的投标文件")),
    "procurement.opening.decrypter": Wording(_("解密程序异常终止或超时，平台将自动重试")),
    "procurement.bid.not_the_same": Wording(
        _("文件与回执所载的不同（应为 %(wanted)s）"), _("请补交原来提交的同一文件")
    ),
    "procurement.bid.no_copy": Wording(
        _("平台和第二保管人的文件均已损坏"), _("投标人可以在解密时限内补交同一文件")
    ),
}
