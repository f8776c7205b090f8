"""Words of the refusals of kernel.sealing; readable with and without Django."""

from kernel.errors import Wording
from kernel.sealing.words import lazy as _

_OTHER_TOOL = _("请用平台提供的程序重新生成该文件")
_DAMAGED = _("文件可能在传输中损坏，请重新取得后再试")
_ASK_CA = _("请联系证书的签发机构")
_NEW_CERTIFICATE = _("请改用有效的签名证书")
_OTHER_STAMP = _("该时间戳不予采信，请向其他时间戳机构取得")
_SAME_FILE = _("请确认文件与签名属于同一次提交")

WORDINGS = {
    # Canonical JSON (RFC 8785)
    "sealing.canonical.utf8": Wording(_("数据不是 UTF-8 文本（第 %(position)s 字节）"), _DAMAGED),
    "sealing.canonical.syntax": Wording(
        _("数据不是有效的 JSON（第 %(position)s 个字符）"), _DAMAGED
    ),
    "sealing.canonical.depth": Wording(_("数据嵌套超过 %(limit)s 层"), _OTHER_TOOL),
    "sealing.canonical.duplicate_key": Wording(_("数据中键 %(key)s 出现两次"), _OTHER_TOOL),
    "sealing.canonical.integer": Wording(
        _("%(path)s 的整数超出范围（绝对值须小于 2 的 53 次方）"), _OTHER_TOOL
    ),
    "sealing.canonical.key": Wording(_("%(path)s 中的键 %(key)s 不是 ASCII 文本"), _OTHER_TOOL),
    "sealing.canonical.not_canonical": Wording(
        _("数据的写法不规范，与 RFC 8785 的规范形式不一致"), _OTHER_TOOL
    ),
    "sealing.canonical.text": Wording(_("%(path)s 的文本含有无效字符"), _OTHER_TOOL),
    "sealing.canonical.type": Wording(_("%(path)s 的数据类型 %(type)s 不允许使用"), _OTHER_TOOL),
    # Certificates
    "sealing.certificate.malformed": Wording(_("证书文件无法识别"), _DAMAGED),
    "sealing.certificate.identity": Wording(_("证书 %(subject)s 载明的主体不唯一"), _ASK_CA),
    "sealing.certificate.key_unsupported": Wording(
        _("证书的密钥算法或长度不在允许范围内（P-256、P-384、P-521 或 RSA 2048 位以上）"),
        _NEW_CERTIFICATE,
    ),
    "sealing.certificate.wrong_profile": Wording(
        _("证书 %(subject)s 的用途不符（%(reason)s）"), _NEW_CERTIFICATE
    ),
    "sealing.certificate.not_yet": Wording(
        _("证书 %(subject)s 自 %(valid_from)s 起才有效"), _NEW_CERTIFICATE
    ),
    "sealing.certificate.expired": Wording(
        _("证书 %(subject)s 已于 %(valid_to)s 到期"), _("请更新证书后重新签名")
    ),
    "sealing.certificate.untrusted": Wording(
        _("证书 %(subject)s 不是由受信任的机构签发"), _NEW_CERTIFICATE
    ),
    "sealing.certificate.demonstration": Wording(
        _("证书 %(subject)s 与信任根不属于同一环境：演示证书与正式证书不得混用"),
        _(
            "正式环境请用证书机构签发的证书和它的根证书；演示环境请用演示证书，并接受演示环境的根证书"
        ),
    ),
    "sealing.certificate.revoked": Wording(
        _("证书 %(subject)s 已于 %(revoked_at)s 被吊销"), _NEW_CERTIFICATE
    ),
    "sealing.certificate.crl_missing": Wording(
        _("没有可用于核验证书 %(subject)s 的吊销列表"), _("请稍后再试，或取得签发机构的吊销列表")
    ),
    "sealing.certificate.crl_stale": Wording(
        _("证书 %(subject)s 的吊销列表在 %(at)s 已过期"), _("请取得签发机构的最新吊销列表")
    ),
    "sealing.crl.malformed": Wording(_("吊销列表文件无法识别"), _DAMAGED),
    # The demonstration authority
    "sealing.authority.broken": Wording(
        _("演示证书机构的文件缺失、损坏或口令不符"), _("请重新初始化演示环境")
    ),
    "sealing.authority.reason": Wording(
        _("没有吊销原因 %(reason)s"), _("请使用 RFC 5280 规定的吊销原因")
    ),
    # Signatures
    "sealing.cms.too_large": Wording(_("签名文件超过 %(limit)s 字节"), _OTHER_TOOL),
    "sealing.cms.malformed": Wording(
        _("签名不是只含一名签名人的分离式 CMS 签名（%(reason)s）"), _OTHER_TOOL
    ),
    "sealing.cms.algorithm": Wording(_("签名算法 %(algorithm)s 不允许使用"), _OTHER_TOOL),
    "sealing.cms.digest": Wording(_("签名所对应的内容与文件不一致"), _SAME_FILE),
    "sealing.cms.certificate": Wording(_("签名中没有与其声明相符的签名人证书"), _OTHER_TOOL),
    "sealing.cms.signature": Wording(_("签名无效"), _SAME_FILE),
    # Time-stamps
    "sealing.timestamp.refused": Wording(_("时间戳机构没有签发时间戳（%(status)s）"), _OTHER_STAMP),
    "sealing.timestamp.malformed": Wording(
        _("时间戳不是符合 RFC 3161 的时间戳（%(reason)s）"), _OTHER_STAMP
    ),
    "sealing.timestamp.algorithm": Wording(
        _("时间戳的算法 %(algorithm)s 不允许使用"), _OTHER_STAMP
    ),
    "sealing.timestamp.digest": Wording(_("时间戳的签名所对应的内容与其所载不一致"), _DAMAGED),
    "sealing.timestamp.signature": Wording(_("时间戳的签名无效"), _DAMAGED),
    "sealing.timestamp.certificate": Wording(
        _("时间戳所附的证书与其签名不符（%(part)s）"), _OTHER_STAMP
    ),
    "sealing.timestamp.imprint": Wording(_("时间戳对应的是另一份文件"), _SAME_FILE),
    "sealing.timestamp.nonce": Wording(_("时间戳回答的不是本次请求"), _OTHER_STAMP),
    "sealing.timestamp.policy": Wording(
        _("时间戳依据的策略是 %(found)s，应为 %(wanted)s"), _OTHER_STAMP
    ),
    "sealing.timestamp.accuracy": Wording(
        _("时间戳自称的误差达 %(seconds)s 秒，超过一分钟"), _OTHER_STAMP
    ),
    "sealing.timestamp.authority": Wording(
        _("时间戳由 %(found)s 签发，不是指定的时间戳机构"), _OTHER_STAMP
    ),
    "sealing.timestamp.time": Wording(
        _("时间戳的时间与所称时间相差 %(seconds)s 秒，超过 %(limit)s 秒"), _OTHER_STAMP
    ),
    # Encryption
    "sealing.hpke.bad_key": Wording(_("开启密钥无法识别，或口令不符"), _("请核对密钥文件与口令")),
    "sealing.hpke.no_passphrase": Wording(_("保存开启密钥须设置口令"), _("请设置口令")),
    "sealing.hpke.cannot_open": Wording(
        _("密文无法开启：密钥、用途不符，或内容已被改动"), _("请核对所用密钥与对应的文件")
    ),
    "sealing.shamir.empty": Wording(_("没有可拆分的内容")),
    "sealing.shamir.threshold": Wording(
        _("份额总数 %(n)s 与开启所需份额数 %(k)s 不符合 2 ≤ k ≤ n ≤ 255")
    ),
    "sealing.shamir.shares": Wording(
        _("份额不成一组（%(reason)s）"), _("请核对各份额是否属于同一信封")
    ),
    "sealing.age.not_binary": Wording(_("文件不是二进制 age 加密文件"), _OTHER_TOOL),
    "sealing.age.header": Wording(_("age 加密文件的文件头不合规范"), _OTHER_TOOL),
    "sealing.age.header_too_long": Wording(_("age 加密文件的文件头超过 2 KiB"), _OTHER_TOOL),
    "sealing.age.stanzas": Wording(
        _("age 加密文件须只有一个 X25519 接收者（%(kind)s）"), _OTHER_TOOL
    ),
    "sealing.age.size": Wording(_("age 加密文件的长度 %(size)s 字节不可能成立"), _DAMAGED),
    "sealing.age.cannot_open": Wording(
        _("加密文件无法解开：密钥不符，或内容已被改动或截断"), _DAMAGED
    ),
    "sealing.age.bad_identity": Wording(
        _("age 私钥无法识别"), _("请逐字核对以 AGE-SECRET-KEY-1 开头的私钥")
    ),
    "sealing.age.bad_recipient": Wording(_("age 公钥无法识别"), _("请逐字核对以 age1 开头的公钥")),
    # Key files and the signing client
    "sealing.keystore.cannot_open": Wording(
        _("密钥文件无法打开：PIN 码不正确或文件损坏"), _("请核对 PIN 码与文件")
    ),
    "sealing.keystore.no_key": Wording(
        _("密钥文件中没有私钥及其证书"), _("请导出同时含有私钥和证书的 .p12 文件")
    ),
    "sealing.keystore.no_pin": Wording(_("密钥文件须设置 PIN 码"), _("请设置 PIN 码")),
    "sealing.keystore.unsupported": Wording(_("密钥文件中的密钥算法不受支持"), _NEW_CERTIFICATE),
    "sealing.sign.request": Wording(
        _("签名请求的内容不合规定（%(part)s）"), _("请从平台重新下载签名请求")
    ),
    "sealing.sign.response": Wording(
        _("签名结果的内容不合规定（%(part)s）"), _("请用签名程序重新签名")
    ),
    "sealing.sign.other_request": Wording(
        _("签名结果对应的是另一份签名请求"), _("请上传对应本请求的签名结果")
    ),
    "sealing.sign.digest_mismatch": Wording(
        _("文件与签名请求不一致，不得签名"), _("请重新下载文件和签名请求，并核对内容")
    ),
    "sealing.sign.byte_range": Wording(
        _("签名请求没有覆盖整个文件，不得签名"), _("请从平台重新下载文件和签名请求")
    ),
    "sealing.sign.attributes": Wording(
        _("签名请求要求签署文件以外的内容（%(attributes)s），不得签名"),
        _("请从平台重新下载签名请求，并告知管理员"),
    ),
    "sealing.sign.other_certificate": Wording(
        _("密钥文件中的证书不是签名请求指定的证书（应为 %(wanted)s）"), _("请改用指定的证书")
    ),
}
