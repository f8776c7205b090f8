"""Words of the refusals of sealed bids; readable with and without Django."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from kernel.errors import Wording
from kernel.sealing.words import lazy as _

_OTHER_TOOL = _("请用平台提供的程序重新生成该文件")
_SEAL_ANEW = _("请按最新的开启方案重新封装并提交")
_DAMAGED = _("文件可能在传输中损坏，请重新取得后再试")
_DO_NOT_SIGN = _("请勿签名，并告知招标人和监督部门")
_KEEP_PROOF = _("请保存全部文件，并向监督部门反映")
_FIX_POLICY = _("请修改开启方案后重新发布")
_TOO_LATE = _("文件在 %(at)s 传输完成，投标截止时间是 %(deadline)s（北京时间）")
_LEGAL_ZONE = timezone(timedelta(hours=8))


def _late(facts: Mapping[str, Any]) -> str:
    """Both instants as people read them: seconds decide here."""
    told = {
        name: datetime.fromisoformat(facts[name]).astimezone(_LEGAL_ZONE).isoformat(" ", "seconds")
        for name in ("at", "deadline")
    }
    return str(_TOO_LATE) % {name: text[:19] for name, text in told.items()}


WORDINGS = {
    # Form of the signed files
    "sealing.format.kind": Wording(_("文件不是 %(form)s 格式"), _OTHER_TOOL),
    "sealing.format.size": Wording(_("%(form)s 文件超过 %(limit)s 字节"), _OTHER_TOOL),
    "sealing.format.unknown": Wording(_("文件中有未规定的字段 %(path)s"), _OTHER_TOOL),
    "sealing.format.missing": Wording(_("文件缺少字段 %(path)s"), _OTHER_TOOL),
    "sealing.format.field": Wording(_("字段 %(path)s 不合规定（应为 %(expected)s）"), _OTHER_TOOL),
    # Signatures over them
    "sealing.signature.other": Wording(
        _("签名人是 %(found)s，应为 %(wanted)s"), _("请由该单位用自己的签名证书签名")
    ),
    "sealing.signature.stranger": Wording(_("%(found)s 无权签署该文件"), _KEEP_PROOF),
    "sealing.signature.too_few": Wording(
        _("只有 %(found)s 名开启人签名，须有 %(needed)s 名"), _("请等待其他开启人签名")
    ),
    "sealing.signature.shape": Wording(_("签名列表的写法不合规定"), _OTHER_TOOL),
    # The time-stamp of a policy
    "sealing.policy_proof.other": Wording(
        _("时间戳所附的文本不是这份开启方案及其全部签名的（不符：%(part)s）"), _KEEP_PROOF
    ),
    "sealing.policy_proof.order": Wording(
        _("开启方案时间戳文本中的签名人未按顺序各列一次"), _KEEP_PROOF
    ),
    "sealing.policy_proof.late": Wording(
        _("开启方案的时间戳 %(at)s 晚于投标截止时间 %(deadline)s"), _KEEP_PROOF
    ),
    "sealing.policy_proof.missing": Wording(
        _("平台没有给出开启方案的时间戳，无从判断证书在签署之前还是之后失效"),
        _("请向招标人、任一开启人或者监督部门索取带时间戳的开启方案文件，据以封装"),
    ),
    # The opening policy
    "sealing.policy.threshold": Wording(
        _("相互独立的开启人 %(n)s 名、开启所需 %(k)s 名，须满足 2 ≤ k < n（同一控制人只计一名）"),
        _FIX_POLICY,
    ),
    "sealing.policy.one_body": Wording(
        _("同一控制人 %(body)s 名下的开启人已达到开启所需的 %(k)s 名"), _FIX_POLICY
    ),
    "sealing.policy.operator": Wording(_("开启人受平台运营单位 %(operator)s 控制"), _FIX_POLICY),
    "sealing.policy.operator_with_entity": Wording(
        _("平台运营单位与招标人合起来已达到开启所需的 %(k)s 名"), _FIX_POLICY
    ),
    "sealing.policy.supervisor": Wording(
        _("监督部门 %(supervisor)s 只作见证，不得持有份额"), _FIX_POLICY
    ),
    "sealing.policy.twice": Wording(_("同一开启人或同一开启密钥出现两次"), _FIX_POLICY),
    "sealing.policy.commitment": Wording(
        _("%(party)s 的抽取随机数承诺缺失或重复"), _("请由该单位重新公布其承诺")
    ),
    "sealing.policy.stages": Wording(_("各开标阶段没有按顺序恰好包含每个信封一次"), _FIX_POLICY),
    "sealing.policy.draws": Wording(_("抽取项目或其备选值重复"), _FIX_POLICY),
    "sealing.policy.version": Wording(
        _("开启方案第 %(version)s 版与其所替换的版本不相称"), _FIX_POLICY
    ),
    "sealing.policy.key": Wording(
        _("%(trustee)s 的开启密钥与其摘要不符"), _("请由该开启人重新公布其开启密钥")
    ),
    "sealing.policy.no_trustee": Wording(_("%(trustee)s 不是本标段的开启人")),
    "sealing.policy.successor": Wording(
        _("开启方案第 %(version)s 版不是前一版的延期：除版本和截止时间外还有改动"),
        _("更换开启人须重新发布开启方案，投标人须重新封装"),
    ),
    "sealing.policy.earlier_deadline": Wording(
        _("新的截止时间 %(deadline)s 早于原截止时间 %(before)s"), _DO_NOT_SIGN
    ),
    "sealing.policy.organisations": Wording(
        _("开启方案的招标人和开启人与您指明的不一致（%(organisations)s）"),
        _("请按招标公告核对各单位的统一社会信用代码，确认前不要封装"),
    ),
    "sealing.policy.authority": Wording(
        _("开启方案不认可您所信任的证书机构"), _("请核对信任根证书文件")
    ),
    "sealing.policy.unsigned": Wording(
        _("%(party)s 没有签署开启方案"), _("请等待招标人和全体开启人签署后再封装")
    ),
    # Rehearsal
    "sealing.rehearsal.other": Wording(
        _("演练内容不属于本标段、本开启人或本密钥"), _("请核对标段和密钥文件")
    ),
    "sealing.rehearsal.wrong": Wording(
        _("演练答复不正确，该开启人目前不能开启"), _("请用公布时生成的密钥重新演练")
    ),
    # Acknowledgements of an upload
    "sealing.acknowledgement.beyond": Wording(
        _("上传确认所称的 %(offset)s 字节超过文件长度"), _KEEP_PROOF
    ),
    "sealing.acknowledgement.other": Wording(
        _("上传确认不是这次上传的（%(part)s 不符）"), _KEEP_PROOF
    ),
    # The file of a bid
    "sealing.container.layout": Wording(
        _("这不是封装好的投标文件（.zxb），或文件已损坏（%(part)s）"),
        _("请选择封装程序保存的 .zxb；文件损坏的，请重新封装"),
    ),
    "sealing.container.entry_size": Wording(
        _("投标文件包中 %(name)s 的长度 %(size)s 字节不合规定"), _OTHER_TOOL
    ),
    "sealing.container.too_large": Wording(
        _("投标文件包超过 %(limit)s 字节"), _("请压缩图片或减少附件后重新封装")
    ),
    "sealing.container.length": Wording(
        _("清单所定的文件长度是 %(size)s 字节，上传时声明的是 %(length)s 字节"), _DAMAGED
    ),
    "sealing.container.hash": Wording(_("信封 %(envelope)s 的内容与清单不符"), _DAMAGED),
    "sealing.container.missing": Wording(_("读不到投标文件"), _DAMAGED),
    "sealing.container.share_hash": Wording(
        _("信封 %(envelope)s 的第 %(index)s 份密钥份额与清单不符"), _DAMAGED
    ),
    "sealing.container.padding": Wording(
        _("信封 %(envelope)s 的长度 %(size)s 字节没有按规定填充"), _OTHER_TOOL
    ),
    "sealing.manifest.shape": Wording(_("投标清单自相矛盾（%(part)s）"), _OTHER_TOOL),
    "sealing.manifest.lot": Wording(
        _("投标文件属于标段 %(lot)s，不是 %(wanted)s"), _("请选择对应标段的投标文件")
    ),
    "sealing.manifest.policy": Wording(
        _("投标文件不是按最新的开启方案封装的（应为 %(wanted)s）"), _SEAL_ANEW
    ),
    "sealing.manifest.envelopes": Wording(
        _("投标文件的信封与开启方案不一致（应为 %(wanted)s）"), _SEAL_ANEW
    ),
    "sealing.manifest.shares": Wording(
        _("信封 %(envelope)s 没有为每名开启人各备一份密钥份额"), _SEAL_ANEW
    ),
    "sealing.manifest.version": Wording(
        _("投标文件第 %(version)s 版与已收到的不衔接（应为第 %(wanted)s 版，替换 %(replaces)s）"),
        _("请以最近一次提交的回执为准重新封装"),
    ),
    "sealing.bid.authority": Wording(
        _("签名证书的根机构 %(root)s 不在开启方案所列的证书机构之中"),
        _("请改用开启方案所列证书机构签发的证书重新封装"),
    ),
    "sealing.bid.bidder": Wording(
        _("投标文件的投标人是 %(found)s，提交人是 %(wanted)s"), _("请由投标人自己提交")
    ),
    "sealing.bid.deadline": Wording(
        _late,
        _("截止前已收到的版本仍然有效"),
    ),
    # Inside an envelope
    "sealing.envelope.too_many": Wording(
        _("一个信封中的文件超过 %(limit)s 个"), _("请合并文件后再封装")
    ),
    "sealing.envelope.name": Wording(
        _("文件名 %(name)s 不能在所有系统上保存"),
        _('请改短文件名，并去掉 \\ : * ? " < > | 和首尾空格'),
    ),
    "sealing.envelope.name_twice": Wording(
        _("同一信封中有仅大小写不同或与文件夹同名的文件"), _("请修改文件名")
    ),
    "sealing.envelope.other": Wording(
        _("信封 %(envelope)s 的内容属于另一份投标、另一版本或另一信封"), _KEEP_PROOF
    ),
    "sealing.envelope.file": Wording(_("信封中文件 %(name)s 的内容与其清单不符"), _KEEP_PROOF),
    "sealing.envelope.padding": Wording(_("信封 %(envelope)s 的填充不合规定"), _KEEP_PROOF),
    "sealing.sheet.missing": Wording(
        _("开标一览表信封中没有 %(name)s"), _("请用平台提供的程序封装")
    ),
    "sealing.sheet.other": Wording(
        _("开标一览表属于标段 %(lot)s、投标人 %(bidder)s，与投标文件不一致"),
        _("请按本标段重新填写"),
    ),
    # Shares
    "sealing.share.sealed": Wording(
        _("信封 %(envelope)s 的第 %(index)s 份份额不是投标人所签署的那一份"), _KEEP_PROOF
    ),
    "sealing.share.other_key": Wording(
        _("信封 %(envelope)s 的第 %(index)s 份份额不属于此开启密钥"), _("请核对密钥文件")
    ),
    "sealing.share.opened": Wording(
        _("信封 %(envelope)s 的第 %(index)s 份份额与投标清单不符"), _KEEP_PROOF
    ),
    "sealing.share.too_few": Wording(
        _("信封 %(envelope)s 只有 %(found)s 份份额，须有 %(needed)s 份"),
        _("请等待其他开启人提交份额"),
    ),
    "sealing.share.broken": Wording(
        _("开启人未按其签署的核对结果给出份额，信封未能开启，非投标人原因"), _KEEP_PROOF
    ),
    "sealing.share.commitment": Wording(
        _("信封 %(envelope)s 的份额拼合出的密钥与投标人的承诺不符"), _KEEP_PROOF
    ),
    "sealing.share.inconsistent": Wording(
        _("信封 %(envelope)s 的第 %(index)s 份份额与其余份额不成一组"), _KEEP_PROOF
    ),
    "sealing.recovery.no_passphrase": Wording(_("保存恢复文件须设置口令"), _("请设置口令")),
    "sealing.recovery.cannot_open": Wording(
        _("恢复文件无法打开：口令不正确或文件损坏"), _("请核对口令与文件")
    ),
    # Receipts
    "sealing.receipt.other": Wording(
        _("回执不属于这份投标文件（%(part)s 不符）"), _("请核对文件与回执是否属于同一次提交")
    ),
    "sealing.receipt.entry": Wording(_("回执所附的存证条目没有载明这份投标文件"), _KEEP_PROOF),
    # Closing, draw, release
    "sealing.closing.twice": Wording(_("截标文件中同一内容出现两次（%(part)s）"), _DO_NOT_SIGN),
    "sealing.closing.order": Wording(_("截标名单没有按回执的先后排列"), _DO_NOT_SIGN),
    "sealing.closing.policy": Wording(
        _("截标名单依据的不是您签署的最新开启方案（%(wanted)s）"), _DO_NOT_SIGN
    ),
    "sealing.closing.stage": Wording(_("开启方案中没有开标阶段 %(stage)s"), _DO_NOT_SIGN),
    "sealing.closing.too_early": Wording(
        _("投标截止时间 %(deadline)s 尚未到"), _("请在截止时间之后再签署截标名单")
    ),
    "sealing.closing.clock": Wording(
        _("截标时间 %(closed_at)s 晚于您的时钟 %(now)s"), _("请校准时钟后重试")
    ),
    "sealing.closing.bid": Wording(
        _("截标名单中 %(bidder)s 的投标与其清单或回执不符（%(part)s）"), _DO_NOT_SIGN
    ),
    "sealing.closing.late": Wording(
        _("截标名单中 %(bidder)s 的投标收到于 %(received_at)s，晚于截止时间"), _DO_NOT_SIGN
    ),
    "sealing.closing.resting": Wording(
        _("截标名单没有完整写明它所依据的名单和评审结果"), _DO_NOT_SIGN
    ),
    "sealing.closing.correction": Wording(
        _("更正后的截标名单与原名单和异议不相衔接（%(part)s）"), _DO_NOT_SIGN
    ),
    # Cures, protests, stages
    "sealing.cure.other": Wording(
        _("补发的密钥份额不属于这份投标文件或这份名单（%(part)s）"), _OTHER_TOOL
    ),
    "sealing.cure.shares": Wording(
        _("补发的信封 %(envelope)s 份额没有按开启人逐一给出"), _OTHER_TOOL
    ),
    "sealing.protest.other": Wording(
        _("异议不属于这份回执或这份名单（%(part)s）"), _("请用最近的截标名单重新提出")
    ),
    "sealing.protest.log": Wording(
        _("回执所附的存证条目 %(index)s 不能证明"), _("请提交平台出具的原回执")
    ),
    "sealing.protest.late": Wording(_("回执载明的收到时间 %(at)s 晚于投标截止时间")),
    "sealing.protest.listed": Wording(_("该投标文件已在截标名单上，异议不成立")),
    "sealing.protest.unlisted": Wording(
        _("%(bidder)s 没有投标文件在截标名单上，凭撤回回执的异议不成立")
    ),
    "sealing.protest.tree": Wording(
        _("撤回回执的存证条目 %(index)s 不在截标名单所依据的 %(size)s 条存证之内：其一系倒签"),
        _KEEP_PROOF,
    ),
    "sealing.protest.superseded": Wording(
        _("该投标文件已被第 %(version)s 版替换，异议不成立"), _("被替换的版本不再开启")
    ),
    "sealing.stage.result": Wording(
        _("后一阶段的截标名单与前一阶段的评审结果不一致（%(part)s）"), _DO_NOT_SIGN
    ),
    "sealing.stage.bids": Wording(
        _("开标阶段 %(stage)s 的名单不是恰好由通过前一阶段评审的投标组成"), _DO_NOT_SIGN
    ),
    "sealing.draw.nonce": Wording(
        _("%(party)s 公开的随机数与其承诺不符"), _("请公开开启方案中所承诺的随机数")
    ),
    "sealing.draw.few": Wording(
        _("抽取时只有 %(found)s 名开启人公开了随机数，须有 %(needed)s 名"), _KEEP_PROOF
    ),
    "sealing.draw.early": Wording(
        _("抽取时公开随机数的时间尚未届满或无从证明，缺少：%(parties)s"), _KEEP_PROOF
    ),
    "sealing.draw.other": Wording(_("抽取结果不能由公开的随机数重算得出"), _KEEP_PROOF),
}
