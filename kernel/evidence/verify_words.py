"""What the offline verifier says, in Chinese and English. Pure: it runs where Django is not."""

from __future__ import annotations

import os

WORDS: dict[str, tuple[str, str]] = {
    "ok": ("通过", "ok"),
    "failed": ("不成立", "FAILED"),
    "note": ("说明", "note"),
    "format": (
        "文件 {name} 为规范 JSON，格式 {format}",
        "{name} is canonical JSON of format {format}",
    ),
    "head_key": (
        "树头密钥标识与所附公钥相符：{log}",
        "the head names the key that comes with it: {log}",
    ),
    "head_signature": (
        "树头签名有效：{size} 条，{at}",
        "the head's signature holds: {size} entries, {at}",
    ),
    "entry_leaf": (
        "第 {index} 号条目（{kind}，{at}）与其叶哈希相符",
        "entry {index} ({kind}, {at}) hashes to its leaf",
    ),
    "entry_withheld": (
        "第 {index} 号条目内容未附，只能证明其叶哈希在树中",
        "entry {index} is withheld: only its leaf can be shown to be in the tree",
    ),
    "entry_included": (
        "第 {index} 号条目在 {size} 条的树中",
        "entry {index} is in the tree of {size} entries",
    ),
    "same_tree": (
        "两个树头条目数相同，根也相同：{size} 条",
        "both heads cover {size} entries and have the same root",
    ),
    "consistent": (
        "{second} 条的树以 {first} 条的树为开头，未改未删",
        "the tree of {second} entries begins with the tree of {first}: nothing changed or removed",
    ),
    "anchored": ("日志密钥在信任锚中：{name}", "the log's key is among the anchors: {name}"),
    "stamped": (
        "树头（{size} 条）的时间戳有效：{authority}，{at}",
        "the head of {size} entries was stamped by {authority} at {at}",
    ),
    "stamp_unvouched": (
        "附有 {authority} 的时间戳，信任锚中没有该机构，未予采信",
        "a time-stamp of {authority} is there; the anchors do not name it, so it was not believed",
    ),
    "stamp_demonstration": (
        "{authority} 是演示环境自设的时间戳机构，不能证明平台自己所说的时间",
        "{authority} is a sandbox's own authority: it proves nothing against the operator",
    ),
    "bad_stamp": (
        "{authority} 的时间戳不成立：{reason}",
        "the time-stamp of {authority} does not hold: {reason}",
    ),
    "witnessed": (
        "见证人 {name} 签署了 {size} 条的树头",
        "the witness {name} signed the head of {size} entries",
    ),
    "summary": (
        "共 {entries} 条，其中未附内容 {withheld} 条",
        "{entries} entries, {withheld} withheld",
    ),
    "all_holds": ("全部成立。", "everything holds."),
    "nobody_vouches": (
        "前后一致，但无人担保：未给出信任锚。",
        "consistent, but nobody vouches: no anchors were given.",
    ),
    "unreadable": ("无法读取 {name}：{reason}", "{name} cannot be read: {reason}"),
    "not_canonical": ("{name} 不是规范 JSON：{reason}", "{name} is not canonical JSON: {reason}"),
    "shape": ("{name} 缺少或写错：{field}", "{name}: missing or malformed: {field}"),
    "bad_format": ("{name} 的格式不是 {format}", "{name} is not of format {format}"),
    "bad_head_key": (
        "树头密钥标识 {log} 与所附公钥不符",
        "the head names the key {log}, which is not the key that comes with it",
    ),
    "bad_head_signature": (
        "树头签名无效：{size} 条，{at}",
        "the head's signature does not hold: {size} entries, {at}",
    ),
    "bad_order": (
        "条目序号未按升序或有重复：{index}",
        "entries are not in rising order, or one comes twice: {index}",
    ),
    "bad_case": (
        "第 {index} 号条目不属于案件 {case}",
        "entry {index} does not belong to the case {case}",
    ),
    "bad_leaf": (
        "第 {index} 号条目与其叶哈希不符：内容、盐或序号被改动",
        "entry {index} does not hash to its leaf: content, salt or index was changed",
    ),
    "bad_inclusion": (
        "不能证明第 {index} 号条目在 {size} 条的树中",
        "entry {index} is not shown to be in the tree of {size} entries",
    ),
    "withheld_refused": (
        "第 {index} 号条目内容未附，而要求内容齐全",
        "entry {index} is withheld, and --complete was asked for",
    ),
    "no_consistency": (
        "两个树头分别为 {first} 条与 {second} 条，需要 --consistency 文件",
        "the heads cover {first} and {second} entries: a --consistency file is needed",
    ),
    "bad_consistency_sizes": (
        "一致性证明针对 {first} 与 {second} 条，不是这两个树头",
        "the consistency proof is from {first} to {second} entries, not between these heads",
    ),
    "forked": (
        "同为 {size} 条，却签了两个不同的根：日志被分叉",
        "two different roots are signed for {size} entries: the log was forked",
    ),
    "inconsistent": (
        "{second} 条的树不以 {first} 条的树为开头：日志被改写",
        "the tree of {second} entries does not begin with that of {first}: the log was rewritten",
    ),
    "shrunk": (
        "较晚的树头只有 {first} 条，较早的却有 {second} 条：日志被删减或时间倒退",
        "the later head covers {first} entries, the earlier one {second}: the log was cut, or its"
        " time ran backwards",
    ),
    "bad_cosignature": (
        "见证人 {name} 对 {size} 条树头的签名无效",
        "the signature of the witness {name} over the head of {size} entries does not hold",
    ),
    "too_few_witnesses": (
        "{size} 条的树头只有 {found} 名受信任的见证人签署，须有 {wanted} 名",
        "{found} anchored witnesses signed the head of {size} entries, {wanted} are needed",
    ),
    "no_dossier": (
        "{name} 不是卷宗，不能核对回执",
        "{name} is no dossier: no receipt can be looked for in it",
    ),
    "convicts_nobody": (
        "两个树头可以同时为真，文件不能证明日志有错",
        "both heads may be true: the file proves nothing against the log",
    ),
    "not_anchored": (
        "日志密钥不在信任锚中：{log}",
        "the log's key is not among the anchors: {log}",
    ),
    "bad_anchor": (
        "信任锚中 {log} 的公钥与标识不符",
        "the anchor {log} does not match its own key",
    ),
}


def add(words: dict[str, tuple[str, str]]) -> None:
    """Words of another program that says its findings in the same way."""
    WORDS.update(words)


def language() -> str:
    """``en`` where the environment's locale is English, else ``zh``."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "en" if value.lower().startswith("en") else "zh"
    return "zh"


def say(code: str, lang: str, **facts: object) -> str:
    """The words of a code; facts come from files, so what could forge a line is spelled out."""
    printable = {name: _printable(str(fact)) for name, fact in facts.items()}
    return WORDS[code][lang == "en"].format(**printable)


def _printable(text: str) -> str:
    return "".join(
        character if character.isprintable() else f"\\u{ord(character):04x}" for character in text
    )
