"""What the verifier says of dossiers, in Chinese and English."""

from kernel.evidence import verify_words

verify_words.add(
    {
        "d_read": (
            "卷宗 {name}：标段 {lot}，{files} 个文件，范围 {scope}，结构与摘要逐字节相符",
            "dossier {name}: lot {lot}, {files} files, scope {scope}; layout and hashes hold",
        ),
        "d_entries": (
            "{entries} 条存证条目（其中 {open} 条附内容）都在 {size} 条的树中",
            "{entries} log entries ({open} with their content) are all in the tree of {size}",
        ),
        "d_policy": (
            "开启方案第 {version} 版由招标人和全体开启人（共 {signers} 方）签署，{n} 取 {k} 开启",
            "opening policy version {version} is signed by all {signers} parties; {k} of {n} open",
        ),
        "d_policy_stamped": (
            "开启方案第 {version} 版及其全部签名的时间戳：{at}，各签名以此时为准",
            "opening policy version {version} and all its signatures were stamped at {at};"
            " they are judged as of then",
        ),
        "d_organisations": (
            "招标人、开启人和运营单位共 {count} 家均在信任锚中",
            "all {count} organisations (entity, trustees, operator) are among the anchors",
        ),
        "d_party": ("{party} 的随机数承诺有其签名", "{party} signed its commitment for the draw"),
        "d_trustee": (
            "开启人 {party} 公布的密钥有其签名，演练答复正确",
            "trustee {party} signed its key, and its rehearsal was answered rightly",
        ),
        "d_bids": (
            "{bidders} 家投标人共 {versions} 版投标：签名、回执、存证、版本衔接全部成立，"
            "撤回 {withdrawn} 版",
            "{versions} versions of {bidders} bidders: signatures, receipts, log entries and"
            " succession hold; {withdrawn} withdrawn",
        ),
        "d_list": (
            "阶段 {stage} 的截标名单有 {bids} 份有效投标，{signers} 名开启人签署",
            "the closing list of stage {stage} has {bids} live bids; {signers} trustees signed it",
        ),
        "d_whole": (
            "名单恰为全部 {bids} 份有效投标，无一遗漏",
            "the list is exactly the {bids} live bids: none is left out",
        ),
        "d_corrected": (
            "{file} 按成立的异议补列 {added} 份投标，其余未变",
            "{file} adds {added} bids by founded protests, and changes nothing else",
        ),
        "d_struck": (
            "{file} 按成立的异议移出 {struck} 份已撤回的投标，其余未变",
            "{file} strikes off {struck} withdrawn bids by founded protests, and changes nothing"
            " else",
        ),
        "d_result": (
            "阶段 {stage} 的评审结果由招标人签署并已存证：通过 {passed} 份，未通过 {failed} 份",
            "the result of stage {stage} is signed by the entity and logged: {passed} passed,"
            " {failed} did not",
        ),
        "d_rehearsed": (
            "{count} 名开启人在本阶段前重新演练",
            "{count} trustees rehearsed anew before this stage",
        ),
        "d_cured": (
            "{count} 个信封由投标人补发份额，开启人签署了 {marks} 份核对",
            "{count} envelopes were cured by their bidders; trustees signed {marks} marks of cures",
        ),
        "d_stamps": (
            "{versions} 份回执中 {stamped} 份的时间由外部时间戳佐证",
            "the moment of {stamped} of {versions} receipts is vouched for by an outside clock",
        ),
        "d_stamped": (
            "{file} 的时间戳：{at}，在截止时间之后",
            "{file} was stamped at {at}, after the deadline",
        ),
        "d_unstamped": ("{file} 没有时间戳", "{file} carries no time-stamp"),
        "d_stamp_apart": (
            "{file} 称收到于 {said}，外部时间戳却是 {at}",
            "{file} says it was received at {said}, the outside clock says {at}",
        ),
        "d_fallen": (
            "{bidder} 第 {version} 版的签名证书在收到前已吊销，由签名的撤销决定和存证说明",
            "version {version} of {bidder} fell: its certificate had been revoked before receipt,"
            " by a signed and logged refusal",
        ),
        "d_drawn": (
            "抽取重算相符：{name} = {choice}",
            "the draw computes again: {name} = {choice}",
        ),
        "d_moments": (
            "{count} 个起算时刻有平台签名，无人的时间被缩短",
            "{count} moments are signed by the platform, and nobody's time was cut short",
        ),
        "d_marked": ("{count} 名开启人签署了逐份核对", "{count} trustees signed their marks"),
        "d_released": (
            "{count} 名开启人签署了释放，没有名单以外的份额",
            "{count} trustees signed their releases; none is off the list",
        ),
        "d_sheet_opened": (
            "{bidder}：份额拼出承诺的密钥，密文解开后与开标记录一致（{price} 分）",
            "{bidder}: shares give the committed key, the ciphertext opens to what the record"
            " says ({price} fen)",
        ),
        "d_failed": (
            "{bidder} 的投标未能开启（{reason}）；公开卷宗不含重验材料，完整卷宗含有",
            "the bid of {bidder} did not open ({reason}); not the public dossier, but that of the"
            " entitled, shows it again",
        ),
        "d_broken": (
            "{file}：{bidder} 的信封未能开启，责任在开启人：{promised} 签署份额完好，"
            "其中未提交份额的：{withheld}",
            "{file}: that the envelope of {bidder} did not open is its trustees' failure:"
            " {promised} signed that their shares are good; of them sent none: {withheld}",
        ),
        "d_blamed": (
            "{file}：{bidder} 的信封因份额未能开启，"
            "记录的责任（{reason}）与开启人签署的核对结果不符",
            "{file}: whose failure it is that the shares of {bidder} did not suffice ({reason}) is"
            " not what the trustees' signed marks say",
        ),
        "d_failed_again": (
            "{file}：用释放的份额重新开启，同样失败（{reason}）",
            "{file}: tried again with the released shares, it fails the same way ({reason})",
        ),
        "d_failed_inside": (
            "{file}：密钥可以拼出；信封内容不在卷宗中，{reason} 未重验",
            "{file}: the shares give the key; the envelope is not in the dossier, so {reason} is"
            " not shown again",
        ),
        "d_failed_other": (
            "{file}：记录的失败原因是 {reason}，重新开启却是 {found}",
            "{file}: the record says it failed for {reason}, tried again it is {found}",
        ),
        "d_wrongly_failed": (
            "{file}：{bidder} 的信封其实可以开启，开标记录却说失败：投标被错误剔除",
            "{file}: the envelope of {bidder} opens, and the record says it failed: the bid was"
            " struck out wrongly",
        ),
        "d_too_large": (
            "{file} 超出卷宗的大小限制，没有附上，未重新解密",
            "{file} is beyond the dossier's bound and not in it: not decrypted again",
        ),
        "d_timestamp": (
            "{file} 的时间戳机构不在信任锚中，时间戳不作为证明",
            "the anchors vouch for no authority of the time-stamp {file}: it proves nothing here",
        ),
        "d_logged": (
            "截标名单和开标记录已先后写入日志（第 {listed}、{opened} 号）",
            "closing list and record stand in the log in this order (entries {listed}, {opened})",
        ),
        "d_documents": (
            "{count} 份公开文件与日志中的签发记录逐字节一致",
            "{count} papers are byte for byte those that the log says were issued",
        ),
        "d_sealed": (
            "卷宗目录由运营单位 {operator} 签署",
            "the operator {operator} sealed the index",
        ),
        "d_receipt": (
            "回执 {file}（{bidder} 第 {version} 版）在卷宗中",
            "the receipt {file} ({bidder}, version {version}) is in the dossier",
        ),
        "d_stamp_early": (
            "{file} 的时间 {at} 早于截止时间：名单在截标前已作成",
            "{file} is dated {at}, before the deadline: the list was made too early",
        ),
        "d_not_revoked": (
            "{file}：吊销列表并未说明 {bidder} 的证书当时已吊销，投标被不当撤销",
            "{file}: no list says that the certificate of {bidder} was revoked: its bid was struck"
            " out wrongly",
        ),
        "d_protest_open": (
            "{file} 中 {count} 份成立的异议没有得到更正",
            "{count} founded protests in {file} were not answered by a correction",
        ),
        "d_missing": ("卷宗缺少 {file}", "{file} is missing from the dossier"),
        "d_size": ("{file} 过大", "{file} is too large"),
        "d_hash": ("{file} 的内容与目录中的摘要不符", "{file} is not what the index says"),
        "d_refused": ("{file}：{reason} {facts}", "{file}: {reason} {facts}"),
        "d_stray": ("卷宗中有不应存在的文件：{file}", "{file} has no place in a dossier"),
        "d_no_roots": (
            "信任锚中没有证书机构的根证书：请向签发各方证书的电子认证服务机构索取（名称见卷宗所载"
            "证书的签发者），不向平台索取，再加入 authorities（见 docs/checking-by-hand.md）",
            "the anchors name no certificate authority's root: ask the authority that issued the "
            "parties' certificates (their issuer, as the dossier's certificates name it) for it, "
            "not the platform, and add it under authorities (docs/checking-by-hand.md)",
        ),
        "d_other_log": ("{file} 出自另一部日志 {log}", "{file} is of another log: {log}"),
        "d_not_in_log": (
            "{file} 所载的第 {index} 号条目不在卷宗的日志中",
            "entry {index}, which {file} carries, is not in the dossier's log",
        ),
        "d_entry_other": (
            "第 {index} 号存证条目与 {file} 不符",
            "entry {index} does not say what {file} says",
        ),
        "d_no_act": ("日志中没有 {act}", "the log has no act {act}"),
        "d_act_twice": ("日志中有多个 {act}", "the log has the act {act} more than once"),
        "d_payload": (
            "{file} 与第 {index} 号条目所载摘要不符",
            "{file} is not what entry {index} binds",
        ),
        "d_not_issued": (
            "{file} 不是日志中签发的文件",
            "{file} is no paper that the log says was issued",
        ),
        "d_other_lot": (
            "{file} 属于另一标段、名单或开启人",
            "{file} is of another lot, list or party",
        ),
        "d_version": ("{file} 的版本或位置不符", "{file} is not the version that must stand there"),
        "d_unsigned": ("{party} 没有签署 {file}", "{party} did not sign {file}"),
        "d_stranger": ("{party} 无权签署 {file}", "{party} has no part in {file}"),
        "d_authority": (
            "开启方案不认可信任锚中的任何证书机构",
            "the policy names none of the anchors' certificate authorities",
        ),
        "d_organisation": ("{party} 不在信任锚所列的单位中", "{party} is not among the anchors"),
        "d_key_other": (
            "{file}：{party} 公布的与开启方案不一致",
            "{file}: what {party} announced is not what the policy says",
        ),
        "d_policy_other": (
            "{file} 不是按卷宗中的开启方案封装的",
            "{file} was sealed under no policy of this dossier",
        ),
        "d_receipt_other": ("{file} 与投标不符（{part}）", "{file} is not of this bid ({part})"),
        "d_late": ("{file} 收到于 {at}，晚于截止时间", "{file} came at {at}, after the deadline"),
        "d_early": ("{file} 的时间 {at} 早于截标", "{file} is dated {at}, before the closing"),
        "d_off_list": (
            "{file}：{bidder} 不是有效投标或不在名单上",
            "{file}: {bidder} is no live bid, or off the list",
        ),
        "d_left_out": (
            "{file} 漏列了 {bidder} 的有效投标",
            "{file} leaves out the live bid of {bidder}",
        ),
        "d_too_few": (
            "{file}：只有 {found} 名开启人，须有 {wanted} 名",
            "{file}: {found} trustees where {wanted} are needed",
        ),
        "d_draw": ("{file} 与开启方案或开标记录不符", "{file} does not fit policy or record"),
        "d_marks": ("{file} 没有逐份核对名单上的每个信封", "{file} does not mark every envelope"),
        "d_not_the_list": (
            "{file} 的投标或信封与截标名单不同",
            "{file}: bids or envelopes are not those of the list",
        ),
        "d_sheet": (
            "{file}：开标一览表与开标记录不一致",
            "{file}: the opening sheet is not what the record says",
        ),
        "d_identity": (
            "{file}：拼出的密钥与开标记录不一致",
            "{file}: the key is not the one in the record",
        ),
        "d_unreleased": (
            "{file}：第 {place} 名开启人没有释放该份额",
            "{file}: the trustee at place {place} did not release this share",
        ),
        "d_receipt_elsewhere": (
            "回执 {file} 属于另一标段",
            "the receipt {file} is of another lot",
        ),
        "d_receipt_missing": (
            "卷宗中没有回执 {file} 所载的投标（{bidder}，{manifest}）：投标被隐瞒或删除",
            "the bid of the receipt {file} ({bidder}, {manifest}) is not in the dossier: it was"
            " hidden or dropped",
        ),
    }
)
