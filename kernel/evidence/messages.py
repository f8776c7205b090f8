"""Words of the log's refusals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording

WORDINGS = {
    "evidence.entry.unknown": Wording(_("存证日志中没有序号为 %(index)s 的条目。")),
    "evidence.entry.erased": Wording(
        _("序号为 %(index)s 的条目内容已按第 %(by)s 号条目清除，不能再次清除。")
    ),
    "evidence.entry.not_erasable": Wording(_("清除记录本身（序号 %(index)s）不能清除。")),
    "evidence.proof.size": Wording(
        _("不能在条目数为 %(size)s 的树上证明第 %(index)s 号条目；日志现有 %(entries)s 条。"),
    ),
    "evidence.consistency.size": Wording(
        _("不能证明条目数 %(first)s 与 %(second)s 的两棵树前后一致；日志现有 %(entries)s 条。"),
    ),
    "evidence.head.behind": Wording(
        _("最近一次签名的树头尚未包含第 %(index)s 号条目。"),
        cure=_("树头至少每小时签名一次，请稍后再取证明，或由运维人员立即签名。"),
    ),
    "evidence.database.not_durable": Wording(
        _(
            "数据库设置 %(name)s 为 %(value)s：断电后，已提交的数据（包括已出具回执的投标）"
            "可能丢失，平台不提供服务。"
        ),
        cure=_(
            "请由运维人员恢复设置：PostgreSQL 的 fsync、full_page_writes、synchronous_commit"
            " 均不得为 off；SQLite 的 synchronous 不低于 FULL，journal_mode 不得为 off 或 memory。"
        ),
    ),
    "evidence.timestamp.configuration": Wording(
        _("时间戳机构的配置文件 %(path)s 有误：%(reason)s"), cure=_("请由运维人员改正配置文件。")
    ),
    "evidence.timestamp.unreachable": Wording(_("时间戳机构没有应答：%(fault)s")),
    "evidence.timestamp.answer": Wording(
        _("时间戳机构的应答不合约定（状态 %(status)s，类型 %(kind)s，%(size)s 字节）")
    ),
    "evidence.timestamp.resting": Wording(_("时间戳机构刚才没有应答，稍后再试")),
    "evidence.timestamp.unconfigured": Wording(
        _("时间戳机构已不在平台的配置中"),
        cure=_("请由运维人员恢复其配置，或由拟订人另行拟订方案。"),
    ),
    "evidence.head.unknown": Wording(_("没有这样的树头（%(size)s 条）。")),
    "evidence.witness.key": Wording(
        _("见证人的公钥不是 P-256 公钥。"),
        cure=_("请由见证人用见证程序（witness init）生成密钥，并提供其公钥文件。"),
    ),
    "evidence.witness.twice": Wording(_("该见证密钥已登记：%(key)s。")),
    "evidence.witness.unknown": Wording(
        _("该见证密钥没有登记：%(key)s。"), cure=_("请由平台运维人员登记见证人及其公钥。")
    ),
    "evidence.cosignature.form": Wording(
        _("见证签名的写法不合规定（%(field)s）。"), cure=_("请使用见证程序提交。")
    ),
    "evidence.cosignature.signature": Wording(
        _("见证签名与所登记的密钥或该树头（%(size)s 条）不符。")
    ),
    "evidence.audit.trigger": Wording(_("防改触发器缺失、停用或被改动：%(names)s。")),
    "evidence.audit.gap": Wording(_("第 %(index)s 号条目缺失。")),
    "evidence.audit.entry": Wording(_("第 %(index)s 号条目的内容与其叶哈希不符，内容已被改动。")),
    "evidence.audit.erasure": Wording(_("第 %(index)s 号条目标为已清除，但清除记录与之不符。")),
    "evidence.audit.node": Wording(
        _("树节点（第 %(level)s 层第 %(index)s 个）缺失、多余或被改动。")
    ),
    "evidence.audit.root": Wording(
        _("第 %(head)s 号树头所签的根与其前 %(size)s 条条目不符，日志已被改写。")
    ),
    "evidence.audit.short": Wording(
        _("树头已签 %(size)s 条，日志只剩 %(entries)s 条，末尾条目已被删除。")
    ),
    "evidence.audit.key": Wording(
        _("第 %(head)s 号树头由未受信任的密钥 %(log)s 签名。"),
        cure=_("若该密钥为更换前的旧密钥，请以 --trust 给出包含它的信任锚文件。"),
    ),
    "evidence.audit.signature": Wording(_("第 %(head)s 号树头（%(size)s 条）的签名无效。")),
    "evidence.key.unreadable": Wording(
        _("存证日志的签名密钥无法读取：%(path)s。"),
        cure=_("请运维人员检查密钥文件（P-256，PKCS #8 PEM，无口令）及其权限。"),
    ),
    "evidence.key.changed": Wording(
        _("现用签名密钥 %(now)s 与上一个树头的密钥 %(before)s 不同。"),
        cure=_("如系有意更换密钥，请执行 manage.py evidence head --rotate，更换将写入日志。"),
    ),
}
