"""The words of refusals and findings about PDF files and the signatures in them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.errors import Wording

_RENEW = _("请向证书颁发机构换发证书后重新签署")

WORDINGS = {
    "documents.pdf.unreadable": Wording(
        _("文件不是完好的 PDF，无法读取"), cure=_("请重新下载原文件，不要用其他软件另存")
    ),
    "documents.pdf.encrypted": Wording(
        _("PDF 设有密码，不能签署或验证"), cure=_("请提供未加密的文件")
    ),
    "documents.pdf.locked": Wording(_("PDF 内的认证签名不允许再作任何更改，不能追加签名")),
    "documents.signature.field_taken": Wording(
        _("签名位置“%(name)s”已有签名"), cure=_("请刷新页面，查看最新的文件")
    ),
    "documents.signature.mismatch": Wording(
        _("签名值与文件或证书不符：签署的不是本文件，或使用了另一把私钥"),
        cure=_("请用请求中写明的证书重新签署"),
    ),
    "documents.signature.unreadable": Wording(_("签名域中的内容不是可识别的签名")),
    "documents.signature.altered": Wording(_("签名之后文件内容或签名本身被改动，签名无效")),
    "documents.signature.modified_after": Wording(_("签名之后文件被追加了签名以外的更改")),
    "documents.signature.untrusted": Wording(_("签名证书不能追溯到受信任的颁发机构")),
    "documents.signature.unknown_issuer": Wording(_("签名证书的颁发机构不在受信任之列")),
    "documents.signature.revoked": Wording(_("签名证书已被吊销"), cure=_RENEW),
    "documents.signature.issuer_revoked": Wording(_("签名证书的颁发机构证书已被吊销"), cure=_RENEW),
    "documents.signature.revocation_unknown": Wording(
        _("没有有效的吊销列表，无法确认签名证书是否已被吊销"),
        cure=_("请管理员更新证书吊销列表后重试"),
    ),
    "documents.signature.certificate_expired": Wording(
        _("在所判定的时刻，签名证书或其颁发机构证书已过有效期"), cure=_RENEW
    ),
    "documents.signature.certificate_not_yet_valid": Wording(_("在所判定的时刻，签名证书尚未生效")),
    "documents.signature.certificate_usage": Wording(
        _("签名证书的用途不允许签署文件"), cure=_("请使用签名证书，不要使用加密证书")
    ),
    "documents.signature.weak_algorithm": Wording(_("签名使用了不再安全的算法")),
    "documents.signature.time_outside_certificate": Wording(
        _("文件中写明的签署时间不在签名证书的有效期内")
    ),
    "documents.signature.time_in_future": Wording(_("文件中写明的签署时间晚于当前时间")),
}
