"""Reads and writes gettext's .po and .mo files; for tests and checks, without gettext's tools."""

from __future__ import annotations

import ast
import re
import struct
from dataclasses import dataclass, replace
from pathlib import Path

ENGLISH = Path("kernel/locale/en/LC_MESSAGES/django.po")
_FIELD = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?) (".*")$')
HEADER = (
    "Project-Id-Version: zhuxin\n"
    "Language: en\n"
    "MIME-Version: 1.0\n"
    "Content-Type: text/plain; charset=UTF-8\n"
    "Content-Transfer-Encoding: 8bit\n"
    "Plural-Forms: nplurals=2; plural=(n != 1);\n"
)

Key = tuple[str | None, str]  # context and msgid


@dataclass(frozen=True)
class Entry:
    """One message: where it stands, its words in the source, its words in the translation."""

    msgid: str
    context: str | None = None
    plural: str | None = None
    texts: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        """What tells it from every other message."""
        return self.context, self.msgid

    @property
    def fuzzy(self) -> bool:
        """Whether a tool guessed its translation."""
        return any(line.startswith("#,") and "fuzzy" in line for line in self.comments)

    @property
    def complete(self) -> bool:
        """Whether every form of it is translated."""
        return len(self.texts) == (2 if self.plural is not None else 1) and all(self.texts)


def read(text: str) -> dict[Key, Entry]:
    """The messages of a .po in their order, its header left out; obsolete ones are left out."""
    found = {}
    for block in re.split(r"\n\s*\n", text):
        entry = _entry(block)
        if entry and entry.msgid:
            if entry.key in found:
                raise ValueError(f"twice in the catalogue: {entry.msgid!r}")
            found[entry.key] = entry
    return found


def _entry(block: str) -> Entry | None:
    lines = [line for line in block.splitlines() if line.strip()]
    fields: dict[str, str] = {}
    name = ""
    for line in lines:
        if match := _FIELD.match(line):
            name = match[1]
            fields[name] = ast.literal_eval(match[2])
        elif line.startswith('"'):
            fields[name] += ast.literal_eval(line)
        elif not line.startswith("#"):
            raise ValueError(f"not a line of a catalogue: {line!r}")
    if "msgid" not in fields:
        return None
    return Entry(
        msgid=fields["msgid"],
        context=fields.get("msgctxt"),
        plural=fields.get("msgid_plural"),
        texts=tuple(text for name, text in fields.items() if name.startswith("msgstr")),
        comments=tuple(line for line in lines if line.startswith("#")),
    )


def obsolete(text: str) -> list[str]:
    """The msgids that a tool has kept as comments."""
    return re.findall(r'^#~ msgid "(.*)"$', text, flags=re.MULTILINE)


def merged(wanted: dict[Key, Entry], translated: dict[Key, Entry]) -> dict[Key, Entry]:
    """The wanted messages with the translations there are; the others stay empty."""
    return {
        key: replace(entry, texts=translated[key].texts if key in translated else ())
        for key, entry in wanted.items()
    }


def write_po(entries: dict[Key, Entry]) -> str:
    """A .po with one message a paragraph and no wrapped lines, so that changes read well."""
    blocks = ['msgid ""\nmsgstr ""\n' + "\n".join(_quoted(line) for line in _lines(HEADER))]
    for entry in entries.values():
        lines = [*entry.comments]
        if entry.context is not None:
            lines.append(f"msgctxt {_quoted(entry.context)}")
        lines.append(f"msgid {_quoted(entry.msgid)}")
        if entry.plural is None:
            lines.append(f"msgstr {_quoted(entry.texts[0] if entry.texts else '')}")
        else:
            lines.append(f"msgid_plural {_quoted(entry.plural)}")
            texts = entry.texts or ("", "")
            lines += [f"msgstr[{i}] {_quoted(text)}" for i, text in enumerate(texts)]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"' + escaped.replace("\t", "\\t") + '"'


def write_mo(entries: dict[Key, Entry]) -> bytes:
    """The .mo that msgfmt would write: complete messages, sorted, without a hash table."""
    table = {"": HEADER} | {
        _mo_id(entry): "\0".join(entry.texts) for entry in entries.values() if entry.complete
    }
    pairs = sorted((k.encode(), v.encode()) for k, v in table.items())
    start = 28 + 16 * len(pairs)
    ids, places = b"", []
    for key, _text in pairs:
        places.append((len(key), start + len(ids)))
        ids += key + b"\0"
    start += len(ids)
    texts, text_places = b"", []
    for _key, text in pairs:
        text_places.append((len(text), start + len(texts)))
        texts += text + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    numbers = b"".join(struct.pack("<2I", *place) for place in places + text_places)
    return head + numbers + ids + texts


def _mo_id(entry: Entry) -> str:
    words = entry.msgid if entry.plural is None else f"{entry.msgid}\0{entry.plural}"
    return words if entry.context is None else f"{entry.context}\x04{words}"


def read_mo(data: bytes) -> dict[str, str]:
    """Every message of a .mo by its whole identity, as :func:`write_mo` would write it."""
    magic, _revision, count, ids, texts = struct.unpack("<5I", data[:20])
    if magic != 0x950412DE:
        raise ValueError("not a little-endian .mo")

    def at(table: int, i: int) -> str:
        length, place = struct.unpack("<2I", data[table + 8 * i : table + 8 * i + 8])
        return data[place : place + length].decode()

    return {at(ids, i): at(texts, i) for i in range(count)}


def mo_messages(entries: dict[Key, Entry]) -> dict[str, str]:
    """What the .mo of these messages has to hold, its header left out."""
    return {_mo_id(e): "\0".join(e.texts) for e in entries.values() if e.complete}
