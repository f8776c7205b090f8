"""The words of the documents room's refusals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.documents import signing_messages, workbook_messages
from kernel.errors import Wording

_AGAIN = _("请重新发起签名")

WORDINGS = {
    **signing_messages.WORDINGS,
    **workbook_messages.WORDINGS,
    # Files.
    "documents.file.too_large": Wording(
        _("文件超过 %(limit)s 字节的上限"), cure=_("请压缩或拆分后重新上传")
    ),
    "documents.upload.kind": Wording(
        _("这种文件不收，只收 %(kinds)s"), cure=_("请转换格式后重新上传")
    ),
    "documents.file.hash_mismatch": Wording(
        _("收到的内容与声明的摘要不符：声明 %(expected)s，实收 %(actual)s"), cure=_("请重新上传")
    ),
    "documents.file.missing": Wording(
        _("文件 %(sha256)s 不在存储中"), cure=_("请联系平台运维人员从备份恢复")
    ),
    "documents.file.damaged": Wording(
        _("文件 %(sha256)s 已损坏，不予提供"), cure=_("请联系平台运维人员从备份恢复")
    ),
    # Forms and drafts.
    "documents.form.unknown": Wording(_("没有代码为 %(form)s 的文书")),
    "documents.document.unknown": Wording(_("没有这份文件，或者您无权查看")),
    "documents.document.wrong_state": Wording(_("文件处于“%(state)s”状态，不能办理此事")),
    "documents.draft.number_missing": Wording(_("文件没有文号"), cure=_("请先编号")),
    "documents.draft.different": Wording(
        _("文号 %(number)s 已用于内容不同的文件"), cure=_("请使用新的文号，或撤销原文件")
    ),
    # The engine.
    "documents.engine.unavailable": Wording(
        _("PDF 输出暂不可用（缺少 %(missing)s），其余功能正常。请管理员执行：%(command)s")
    ),
    "documents.engine.missing_glyphs": Wording(
        _("字体中没有下列字符，为免错字不予出具：%(characters)s"),
        cure=_("请管理员在 DOCUMENT_FONTS 中加入含有这些字符的字体"),
    ),
    "documents.engine.resource_refused": Wording(_("文书模板引用了外部资源 %(url)s，不予出具")),
    "documents.render.form_changed": Wording(
        _("文书模板已由第 %(drafted)s 版改为第 %(now)s 版"), cure=_("请重新拟稿")
    ),
    "documents.seal.unavailable": Wording(
        _("平台电子印章不可用，文件暂未签发"), cure=_("请管理员安装平台印章证书和密钥")
    ),
    # Signing.
    "documents.signing.unknown": Wording(_("没有这次签名，或者不是由您发起"), cure=_AGAIN),
    "documents.signing.not_a_signer": Wording(_("您不是本文件的签名人")),
    "documents.signing.already_signed": Wording(_("您已签署本文件，无需再签")),
    "documents.signing.not_your_turn": Wording(
        _("本文件须依次签署，现应由“%(role)s”签署"), cure=_("请待前一签名人签署后再签")
    ),
    "documents.signing.certificate_not_yours": Wording(
        _("该证书不属于您或您所在的单位"), cure=_("请选择本人或本单位登记的证书")
    ),
    "documents.signing.no_certificate": Wording(
        _("您没有可用于本文件的有效证书"), cure=_("请先登记本人或本单位的签名证书")
    ),
    "documents.signing.certificate_not_valid": Wording(
        _("证书不在有效期内（%(since)s 至 %(until)s）"), cure=_("请换用有效的证书")
    ),
    "documents.signing.revocation_unknown": Wording(
        _("没有“%(issuer)s”的有效吊销列表，无法确认您的证书未被吊销，暂不能签署"),
        cure=_("请平台管理员更新证书吊销列表，之后再签；您的证书无需更换"),
    ),
    "documents.signing.expired": Wording(_("签名请求已超过 %(hours)s 小时，自动失效"), cure=_AGAIN),
    "documents.signing.overtaken": Wording(
        _("在您签名期间，另一位签名人已先行签署，文件有了新的版本"), cure=_AGAIN
    ),
    "documents.signing.not_valid": Wording(_("签名未通过验证，没有采用"), cure=_AGAIN),
    "documents.signing.response_unreadable": Wording(
        _("无法识别所上传的签名结果文件"), cure=_("请上传签名工具生成的结果文件，不要改动其内容")
    ),
    "documents.signing.response_other": Wording(
        _("签名结果对应的是另一次签名请求"), cure=_("请上传本次请求的签名结果，或重新发起签名")
    ),
    # The check page.
    "documents.check.not_found": Wording(
        _("没有查到文号或核验码为“%(text)s”的文件"),
        cure=_("请核对后重新输入；核验码印在文件二维码旁边，共十二位"),
    ),
    "documents.check.no_file": Wording(_("没有选择文件"), cure=_("请选择要核对的 PDF 文件")),
}
