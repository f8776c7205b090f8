"""Words of the refusals of the bidder's and trustee's tool."""

from kernel.errors import Wording
from kernel.sealing.words import lazy as _

_TELL = _("请勿继续，并告知招标人和监督部门")
_KEEP_PROOF = _("请保存全部文件，并向监督部门反映")

WORDINGS = {
    "bidder.server.unreachable": Wording(
        _("连接不上 %(server)s：%(fault)s"), _("请检查网址和网络后重试；同一文件可以重复提交")
    ),
    "bidder.server.answer": Wording(
        _("平台的答复不合约定（%(part)s）"), _("请稍后重试，仍不行请告知平台")
    ),
    "bidder.server.address": Wording(_("平台网址 %(server)s 无法识别")),
    "bidder.archive.exists": Wording(
        _("文件夹中已有 %(name)s"), _("要用平台现在的资料替换，加 --replace")
    ),
    "bidder.upload.state": Wording(
        _("上传记录 %(name)s 损坏"), _("请删除该文件后重新提交；平台上未完成的上传会自行作废")
    ),
    "bidder.upload.ended": Wording(_("这次上传已被平台作废"), _("请重新提交同一文件")),
    "bidder.sign.other": Wording(
        _("所给的签名（%(names)s）都不是对 %(statement)s 的签名"),
        _("请对写出的文件原样签名；文件改变后须重新签名"),
    ),
    "bidder.sign.nothing": Wording(
        _("没有等待签名的投标文件 %(name)s"), _("请先不带 --signature 执行一次，再对写出的清单签名")
    ),
    "bidder.usage.needs": Wording(_("缺少参数 %(option)s")),
    "bidder.usage.envelope": Wording(
        _("--envelope 应写作 信封=文件夹，信封为 %(wanted)s"), _("每个信封给出一个文件夹")
    ),
    "bidder.usage.policy": Wording(
        _("所给文件不是开启方案（%(part)s）"), _("请从标段的开启方案页下载 .policy.json")
    ),
    "bidder.seal.empty": Wording(
        _("以下信封中没有文件：%(envelopes)s"),
        _("请放入文件；某一信封确无文件可交的，放入一份说明"),
    ),
    "bidder.seal.receipted": Wording(
        _("%(name)s 已有回执，不能被新的文件覆盖"),
        _("请用 -o 和 --recovery 另取文件名；替换时用 --replaces 指明这一份"),
    ),
    "bidder.usage.sheet": Wording(
        _("开标一览表文件不是 JSON 对象（%(part)s）"), _("请按说明填写开标一览表")
    ),
    "bidder.sheet.bill": Wording(
        _("报价信封中没有摘要为 %(sha256)s 的清单文件"), _("请核对开标一览表中的清单摘要")
    ),
    "bidder.bid.not_mine": Wording(_("投标文件的投标人是 %(found)s，密钥文件的单位是 %(wanted)s")),
    "bidder.bid.other_policy": Wording(
        _("平台的开启方案不是封装时的那一份"), _("如方案已延期，请重新封装；否则请向监督部门反映")
    ),
    "bidder.receipt.leaf": Wording(_("回执中的存证条目与其叶哈希不符"), _KEEP_PROOF),
    "bidder.receipt.proof": Wording(_("回执中的存证条目不在其所称的日志中"), _KEEP_PROOF),
    "bidder.receipt.late": Wording(_("回执所载的收到时间 %(at)s 晚于截止时间"), _KEEP_PROOF),
    "bidder.receipt.no_timestamp": Wording(_("回执自称已完成，却没有时间戳"), _KEEP_PROOF),
    "bidder.list.no_timestamp": Wording(
        _("截标名单还没有时间戳机构的时间戳，不得签署"),
        _("请稍后再试；一直没有的，请向监督部门反映"),
    ),
    "bidder.list.timestamp": Wording(
        _("截标名单的时间戳（%(at)s）不晚于截止时间 %(deadline)s"), _TELL
    ),
    "bidder.recover.other": Wording(_("恢复文件属于另一份投标文件"), _("请核对两个文件")),
    "bidder.keep.key_exists": Wording(
        _("标段 %(lot)s 的开启密钥已经生成"), _("开启密钥只生成一次，请继续使用原有密钥")
    ),
    "bidder.keep.no_key": Wording(
        _("没有标段 %(lot)s 的开启密钥"), _("请先执行 trustee key，或核对 --keep 文件夹")
    ),
    "bidder.keep.no_key_there": Wording(
        _("文件夹 %(folder)s 中没有标段 %(lot)s 的开启密钥"),
        _("请核对 --keep 是否为生成密钥时所用的文件夹；从未生成过的，才执行 trustee key"),
    ),
    "bidder.keep.broken": Wording(_("保存的记录 %(name)s 损坏"), _("请从备份恢复该文件")),
    "bidder.keep.other": Wording(
        _("保管文件属于标段 %(found)s，不是 %(wanted)s"), _("请选择本标段的保管文件")
    ),
    "bidder.keep.older": Wording(
        _("标段 %(lot)s 的保管文件比本机的记录旧"), _("请用最近保存的保管文件")
    ),
    "bidder.task.nothing": Wording(_("任务文件中没有 %(part)s"), _("请从平台重新下载任务文件")),
    "bidder.task.other": Wording(
        _("任务文件是给 %(found)s 的，密钥文件的单位是 %(wanted)s"),
        _("请用本单位的任务文件和密钥文件"),
    ),
    "bidder.keep.no_policy": Wording(
        _("您没有签署过标段 %(lot)s 的开启方案"), _("请先执行 trustee sign-policy")
    ),
    "bidder.keep.no_policy_there": Wording(
        _("文件夹 %(folder)s 中没有标段 %(lot)s 的已签署的开启方案"),
        _("请核对 --keep 是否为签署时所用的文件夹；从未签署过的，才执行 trustee sign-policy"),
    ),
    "bidder.policy.not_rehearsed": Wording(
        _("尚未通过开启演练，不得签署开启方案"), _("请先执行 trustee rehearse")
    ),
    "bidder.policy.own": Wording(_("开启方案中您的开启密钥或随机数承诺不是您所公布的"), _TELL),
    "bidder.policy.second": Wording(
        _("您已签署过本标段第 %(version)s 版开启方案，这是另一份"), _TELL
    ),
    "bidder.policy.expected": Wording(
        _("开启方案的单位与您指明的不一致（%(organisations)s）"), _TELL
    ),
    "bidder.list.second": Wording(_("您已签署过本阶段的截标名单，这是另一份"), _TELL),
    "bidder.list.none": Wording(
        _("您没有签署过这份截标名单"),
        _("请先执行 trustee check；不持有份额的招标人加上 --no-share"),
    ),
    "bidder.list.bids": Wording(_("平台给出的投标与截标名单不一致"), _TELL),
    "bidder.list.proof": Wording(_("%(bidder)s 的回执不在截标名单所依据的日志中"), _TELL),
    "bidder.release.marks": Wording(
        _("只有 %(found)s 名开启人核对过份额，须有 %(needed)s 名"), _("请等待其他开启人核对")
    ),
    "bidder.release.no_draw": Wording(
        _("随机值尚未抽取，还不能核对或交出份额"), _("请等待各方公开随机数")
    ),
    "bidder.release.nonce": Wording(_("抽取时没有使用您公开的随机数"), _TELL),
    "bidder.witnessed.none": Wording(
        _("还没有足够的见证人签署过包含该回执（%(size)s 条）的树头"),
        _("见证人定期签署，请稍后再试；久无签署请告知监督部门"),
    ),
    "bidder.witnessed.file": Wording(
        _("读不了文件 %(name)s：%(reason)s"),
        _("请核对文件名和所在的文件夹；信任锚文件（anchors.json）须向见证人或监督部门索取"),
    ),
    "bidder.witnessed.unsound": Wording(
        _("见证材料不成立（%(what)s）：%(facts)s"), _("请保存全部文件，并向监督部门反映")
    ),
    "bidder.witnessed.other": Wording(
        _("见证人所见的日志（%(seen)s 条）不含该回执所在的日志（%(size)s 条）：日志被分叉或改写"),
        _("请保存全部文件，并向监督部门反映"),
    ),
    "bidder.keep.no_closing": Wording(
        _("没有保存阶段 %(stage)s 的截标资料"), _("请用签署或核对过该名单的开启人的文件夹")
    ),
    "bidder.list.released": Wording(_("您已按原名单交出份额，不得再签署更正的名单"), _TELL),
    "bidder.release.protest": Wording(
        _("有 %(found)s 份成立的异议尚未答复，不得交出份额"), _("请等待更正后的截标名单")
    ),
    "bidder.protest.handed": Wording(
        _("%(file)s 不是凭撤回回执的异议，不能直接交给开启人"), _("其他异议请经平台提出")
    ),
    "bidder.protest.kept": Wording(
        _("平台没有受理异议（%(told)s），异议已保存为 %(file)s"),
        _("请直接交给各开启人（trustee --protest）并报监督部门"),
    ),
    "bidder.release.cure": Wording(
        _("还有 %(found)s 个信封等待补发份额或其他开启人核对"), _("请稍后再释放")
    ),
    "bidder.stage.not_rehearsed": Wording(
        _("开标阶段 %(stage)s 之前尚未再次演练"), _("请先执行 trustee rehearse")
    ),
    "bidder.stage.not_logged": Wording(
        _("阶段 %(stage)s 的评审结果没有存证，或不在名单所依据的日志中"), _TELL
    ),
    "bidder.stage.unknown": Wording(
        _("%(bidder)s 不在本阶段已开启的投标之中"), _("请核对统一社会信用代码和理由")
    ),
    "bidder.destroy.early": Wording(
        _("开标尚未结束，不得销毁开启密钥"), _("请在开标记录公布后再执行")
    ),
    "bidder.cure.needless": Wording(_("没有需要补发份额的信封")),
    "bidder.offline.policy": Wording(_("各开启人保存的开启方案或名单不是同一份"), _TELL),
    "bidder.offline.shares": Wording(_("交出的份额不属于这份名单或没有其单位的签名"), _TELL),
}
