"""What the witness's program says, in Chinese and English."""

from kernel.evidence import verify_words

verify_words.add(
    {
        "alarm": ("警报", "ALARM"),
        "made": (
            "已生成见证密钥 {witness}；请把 {name} 交给平台运维人员登记，并交给信任锚的发布者",
            "made the key {witness}; give {name} to the platform's operator and to whoever"
            " publishes anchors",
        ),
        "keep_exists": ("{name} 中已有见证密钥", "{name} has a witness's key already"),
        "kept": (
            "已核对、签署并保存 {size} 条的树头（{at}）",
            "checked, signed and kept the head of {size} entries ({at})",
        ),
        "nothing_new": (
            "没有新的树头：{size} 条，{at}",
            "no new head: {size} entries, {at}",
        ),
        "posted": ("见证签名已提交：{size} 条", "the cosignature is posted: {size} entries"),
        "not_taken": (
            "平台没有接受 {size} 条树头的见证签名（{status}），签名已保存",
            "the platform did not take the cosignature over {size} entries ({status}); it is kept",
        ),
        "not_posted": (
            "{size} 条树头的见证签名暂未提交（{reason}），下次再试",
            "the cosignature over {size} entries is not posted yet ({reason}); it is tried again",
        ),
        "unreachable": ("平台没有应答：{reason}", "the platform does not answer: {reason}"),
        "stale": (
            "最新的树头已陈旧（{at}）：平台可能隐瞒了较新的树头，或已停止签名",
            "the newest head is old ({at}): newer ones may be held back, or nothing is signed",
        ),
        "denied": ("平台拒绝给出树头（{status}）", "the platform refuses its head ({status})"),
        "older": (
            "给出的树头（{second} 条）早于已保存的（{first} 条）",
            "the head that is shown ({second} entries) is older than the one kept ({first})",
        ),
        "no_proof": (
            "平台没有给出 {first} 条与 {second} 条之间的一致性证明",
            "the platform gives no consistency proof between {first} and {second} entries",
        ),
        "future": (
            "树头的时间 {at} 晚于本机时钟 {now}",
            "the head's time {at} is ahead of this machine's clock {now}",
        ),
        "evidence_at": (
            "证据文件：{name}。在有人查明并确认（acknowledge）之前不再签署",
            "evidence: {name}. Nothing more is signed until a person has looked into it"
            " (acknowledge)",
        ),
        "no_alarm": ("没有待确认的警报", "there is no alarm to acknowledge"),
        "acknowledged": ("已确认：{name}", "acknowledged: {name}"),
        "keep_holds": (
            "{name}：{heads} 个树头，签名与前后一致性全部成立，至 {size} 条",
            "{name}: {heads} heads, signatures and consistency all hold, up to {size} entries",
        ),
        "same_history": (
            "两份记录属于同一部日志：未分叉、未改写",
            "both keeps tell one log: not forked, not rewritten",
        ),
        "undecided": (
            "两份记录之间缺少一致性证明，请用 --server 或 --consistency 补上",
            "a consistency proof between the keeps is missing: give --server or --consistency",
        ),
        "convicted": (
            "罪证成立：该日志的密钥签署了互相矛盾的两个树头",
            "convicted: this log's own key signed two heads that cannot both be true",
        ),
        "programs_policy": (
            "标段 {lot} 的开启方案第 {version} 版",
            "opening policy of lot {lot}, version {version}",
        ),
        "programs_same": (
            "平台送出的 {name} 与开启方案一致（{sha256}）",
            "{name} is served as the policy names it ({sha256})",
        ),
        "programs_differ": (
            "平台送出的 {name} 不是标段 {lot} 开启方案所载的程序：应为 {wanted}，实为 {found}；"
            "不要使用",
            "{name} as it is served is not the program of lot {lot}'s policy: {wanted} is named,"
            " {found} is served; do not use it",
        ),
        "programs_missing": (
            "平台没有给出 {name}（{reason}）",
            "the platform does not serve {name} ({reason})",
        ),
        "programs_none": (
            "标段 {lot} 的开启方案没有载明程序",
            "the policy of lot {lot} names no program",
        ),
        "programs_no_command": (
            "标段 {lot} 的开启方案没有载明 {name}，无从比对",
            "the policy of lot {lot} does not name {name}: there is nothing to compare it with",
        ),
        "programs_unvouched": (
            "信任锚中没有证书机构，开启方案的签名未经核对",
            "the anchors name no certificate authority: the policy's signatures are not checked",
        ),
        "programs_refused": (
            "{file} 的签名不成立（{codes}）",
            "the signatures on {file} do not hold ({codes})",
        ),
        "unproven": (
            "尚不足以定案：两个树头可以同时为真，须要求平台给出它们之间的一致性证明",
            "not proven yet: both heads may be true; the log has to show a consistency proof"
            " between them",
        ),
    }
)
