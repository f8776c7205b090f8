"""The offline verifier over files made by hand from the documented format, without a database."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.evidence import formats, merkle, verify
from kernel.evidence.keys import FileSigner
from kernel.evidence.verify_words import WORDS
from kernel.sealing import canonical
from tests.kernel.evidence.support import AT, CASE, new_signer

KEY = new_signer()
SALTS = [bytes([n]) * 32 for n in range(9)]


@dataclass
class World:
    """A log of nine entries, and files out of it."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    def entry(self, index: int) -> dict[str, Any]:
        return {
            "v": 1,
            "index": index,
            "kind": "workflow.act",
            "at": formats.instant(AT),
            "case": CASE,
            "body": {"n": index, "name": "道路"},
        }

    def leaf(self, index: int) -> bytes:
        return formats.entry_leaf(SALTS[index], canonical.encode(self.entry(index)))

    def get(self, level: int, index: int) -> bytes:
        return merkle.root([self.leaf(n) for n in range(index << level, (index + 1) << level)])

    def head(self, size: int, signer: FileSigner = KEY, root: bytes = b"") -> dict[str, Any]:
        root = root or merkle.root([self.leaf(n) for n in range(size)])
        at = AT + timedelta(hours=size)
        data = formats.head_bytes(size=size, root=root, at=at, log=signer.key_id)
        return {**canonical.decode(data), "signature": formats.b64(signer.sign(data))}

    def proof(self, *indexes: int, size: int = 9, signer: FileSigner = KEY) -> dict[str, Any]:
        return {
            "format": "zhuxin-proof/1",
            "head": self.head(size, signer),
            "key": formats.b64(signer.spki),
            "entries": [
                {
                    "index": index,
                    "leaf": self.leaf(index).hex(),
                    "salt": SALTS[index].hex(),
                    "entry": self.entry(index),
                    "proof": [p.hex() for p in merkle.inclusion_proof(index, size, self.get)],
                }
                for index in indexes
            ],
        }

    def write(self, name: str, value: Any) -> str:
        path = self.folder / name
        path.write_bytes(canonical.encode(value))
        return str(path)

    def anchors(self, *signers: FileSigner) -> str:
        return self.write("anchors.json", formats.anchors([("log", s.spki) for s in signers]))

    def run(self, value: Any, *options: str) -> tuple[int, str]:
        status = verify.main([self.write("proof.json", value), "--lang", "en", *options])
        return status, self.capsys.readouterr().out


@pytest.fixture
def world(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> World:
    return World(tmp_path, capsys)


def test_all_holds_under_anchors(world: World):
    status, out = world.run(world.proof(4), "--trust", world.anchors(new_signer(), KEY))
    assert status == 0 and out.endswith("everything holds.\n")
    for line in (
        "the head names the key that comes with it",
        "the head's signature holds: 9 entries",
        "entry 4 (workflow.act, 2026-11-23T01:02:03.000004Z) hashes to its leaf",
        "entry 4 is in the tree of 9 entries",
        "the log's key is among the anchors: log",
    ):
        assert f"[ok] {line}" in out


def test_without_anchors_nobody_vouches(world: World):
    status, out = world.run(world.proof(4))
    assert status == 2 and "consistent, but nobody vouches" in out


def test_it_speaks_chinese(world: World):
    world.run(world.proof(4), "--lang", "zh")
    status, out = world.run(world.proof(4), "--lang", "zh")
    assert status == 2 and "无人担保" in out and "[通过] 第 4 号条目在 9 条的树中" in out


def test_a_dossier_of_many_entries_holds(world: World):
    value = {**world.proof(0, 3, 8), "case": CASE}
    status, out = world.run(value, "--trust", world.anchors(KEY))
    assert status == 0 and "3 entries, 0 withheld" in out


def test_a_withheld_entry_is_told_and_can_be_refused(world: World):
    value = world.proof(2, 4)
    del value["entries"][0]["entry"], value["entries"][0]["salt"]
    status, out = world.run(value, "--trust", world.anchors(KEY))
    assert status == 0 and "entry 2 is withheld" in out and "2 entries, 1 withheld" in out
    status, out = world.run(value, "--trust", world.anchors(KEY), "--complete")
    assert status == 1 and "[FAILED] entry 2 is withheld" in out


def _set(*path: Any, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(value: Any) -> None:
        for step in path[:-1]:
            value = value[step]
        value[path[-1]] = to

    return change


OTHER = new_signer()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_set("entries", 0, "entry", "body", "n", to=5), "entry 4 does not hash to its leaf"),
        (_set("entries", 0, "entry", "at", to="2026-11-23T01:02:03.000005Z"), "does not hash"),
        (_set("entries", 0, "salt", to="00" * 32), "does not hash"),
        (_set("entries", 0, "leaf", to="00" * 32), "does not hash"),
        (_set("entries", 0, "index", to=5), "does not hash"),
        (_set("entries", 0, "entry", "extra", to=1), "missing or malformed: entry"),
        (_set("entries", 0, "entry", "v", to=2), "missing or malformed: entry"),
        (_set("entries", 0, "proof", 0, to="00" * 32), "not shown to be in the tree"),
        (_set("entries", 0, "proof", to=[]), "not shown to be in the tree"),
        (_set("entries", 0, "proof", 0, to="00"), "missing or malformed: proof"),
        (_set("entries", 0, "proof", 0, to="AA" * 32), "missing or malformed: proof"),
        (_set("entries", 0, "proof", to="x"), "missing or malformed: proof"),
        (_set("entries", to={}), "missing or malformed: entries"),
        (_set("entries", to=[7]), "missing or malformed: entries"),
        (_set("entries", 0, "note", to="x"), "missing or malformed: entries"),
        (_set("note", to="x"), "missing or malformed: proof"),
        (lambda value: value["entries"][0].pop("entry"), "missing or malformed: entry"),
        (lambda value: value["entries"][0].pop("salt"), "missing or malformed: salt"),
        (_set("entries", 0, "index", to=True), "missing or malformed: index"),
        (_set("entries", 0, "index", to=-1), "rising order"),
        (_set("head", "size", to=8), "signature does not hold"),
        (_set("head", "size", to=-1), "malformed: head"),
        (_set("head", "size", to="9"), "malformed: size"),
        (_set("head", "root", to="00" * 32), "signature does not hold"),
        (_set("head", "at", to="2027-01-01T00:00:00.000000Z"), "signature does not hold"),
        (_set("head", "log", to="00" * 32), "not the key that comes with it"),
        (_set("head", "signature", to="AAAA"), "signature does not hold"),
        (_set("head", "signature", to="?"), "malformed: signature"),
        (_set("head", "signature", to=""), "malformed: signature"),
        (_set("head", "signature", to="AB=="), "malformed: signature"),
        (_set("head", "signature", to="é"), "malformed: signature"),
        (_set("head", "extra", to=1), "malformed: head"),
        (_set("head", "format", to="zhuxin-tree-head/2"), "not of format"),
        (_set("key", to=formats.b64(OTHER.spki)), "not the key that comes with it"),
        (_set("key", to=7), "malformed: key"),
        (_set("format", to="zhuxin-proof/2"), "not of format"),
        (_set("case", to="procurement.project:18"), "does not belong to the case"),
    ],
)
def test_the_first_check_that_fails_is_named(world: World, change, says: str):
    value = world.proof(4)
    change(value)
    status, out = world.run(value, "--trust", world.anchors(KEY))
    assert status == 1 and out.splitlines()[-1].startswith("[FAILED] ")
    assert says in out.splitlines()[-1]


def test_a_log_signed_by_another_key_is_not_vouched_for(world: World):
    status, out = world.run(world.proof(4, signer=OTHER), "--trust", world.anchors(KEY))
    assert status == 1 and f"not among the anchors: {OTHER.key_id}" in out


def test_a_forged_tree_needs_a_forged_signature(world: World):
    """Swapping root and proof for a tree of one's own fails at the signature."""
    value = world.proof(4)
    value["head"] = {**world.head(9, OTHER), "log": KEY.key_id}
    status, out = world.run(value, "--trust", world.anchors(KEY))
    assert status == 1 and "signature does not hold" in out


@pytest.mark.parametrize("indexes", [(4, 4), (4, 3)])
def test_no_entry_comes_twice_or_out_of_order(world: World, indexes: tuple[int, ...]):
    status, out = world.run(world.proof(*indexes))
    assert status == 1 and "rising order" in out


def test_an_earlier_head_is_shown_to_be_the_beginning(world: World):
    proof = merkle.consistency_proof(3, 9, world.get)
    consistency = world.write("c.json", formats.consistency(3, 9, proof))
    earlier = world.write("head.json", world.proof(size=3))
    options = ("--head", earlier, "--consistency", consistency, "--trust", world.anchors(KEY))
    status, out = world.run(world.proof(4), *options)
    assert status == 0 and "the tree of 9 entries begins with the tree of 3" in out
    later = world.write("head.json", world.proof())
    status, out = world.run(world.proof(1, size=3), *options[:1], later, *options[2:])
    assert status == 0


def test_a_head_needs_its_consistency_proof(world: World):
    earlier = world.write("head.json", world.proof(size=3))
    status, out = world.run(world.proof(4), "--head", earlier)
    assert status == 1 and "a --consistency file is needed" in out
    wrong = world.write("c.json", formats.consistency(4, 9, []))
    status, out = world.run(world.proof(4), "--head", earlier, "--consistency", wrong)
    assert status == 1 and "not between these heads" in out
    wrong = world.write("c.json", formats.consistency(3, 9, [b"\0" * 32] * 4))
    status, out = world.run(world.proof(4), "--head", earlier, "--consistency", wrong)
    assert status == 1 and "rewritten" in out


def test_a_rewritten_beginning_is_found(world: World):
    earlier = world.proof(size=3)
    earlier["head"] = world.head(3, root=b"\7" * 32)
    proof = merkle.consistency_proof(3, 9, world.get)
    consistency = world.write("c.json", formats.consistency(3, 9, proof))
    head = world.write("head.json", earlier)
    status, out = world.run(world.proof(4), "--head", head, "--consistency", consistency)
    assert status == 1 and "the log was rewritten" in out


def test_two_heads_of_one_size_must_be_of_one_tree(world: World):
    same = world.write("head.json", world.proof())
    assert world.run(world.proof(4), "--head", same)[0] == 2
    fork = world.proof()
    fork["head"] = world.head(9, root=b"\7" * 32)
    status, out = world.run(world.proof(4), "--head", world.write("head.json", fork))
    assert status == 1 and "forked" in out


def test_the_other_head_must_be_vouched_for_too(world: World):
    other = world.write("head.json", world.proof(signer=OTHER))
    status, out = world.run(world.proof(4), "--head", other, "--trust", world.anchors(KEY))
    assert status == 1 and OTHER.key_id in out
    anchors = world.anchors(KEY, OTHER)
    assert world.run(world.proof(4), "--head", other, "--trust", anchors)[0] == 0


def test_an_anchor_must_match_its_own_key(world: World):
    value = formats.anchors([("log", OTHER.spki)])
    value["logs"][0]["log"] = KEY.key_id
    status, out = world.run(world.proof(4), "--trust", world.write("a.json", value))
    assert status == 1 and "does not match its own key" in out


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"format":1.5}', b"\xff", b"null"])
def test_what_is_no_file_of_ours_fails(world: World, content: bytes):
    path = world.folder / "x.json"
    path.write_bytes(content)
    assert verify.main([str(path), "--lang", "en"]) == 1
    good = world.write("proof.json", world.proof(4))
    assert verify.main([good, "--lang", "en", "--trust", str(path)]) == 1
    assert verify.main([good, "--lang", "en", "--head", str(path)]) == 1
    assert verify.main([str(world.folder / "absent"), "--lang", "en"]) == 1
    assert world.capsys.readouterr().out.count("[FAILED]") == 4


def test_an_ambiguous_file_is_refused(world: World):
    path = world.folder / "x.json"
    text = canonical.encode(world.proof(4)).decode()
    path.write_text(text.replace('{"entries"', '{"key":"","entries"'))
    assert verify.main([str(path), "--lang", "en"]) == 1
    path.write_text(json.dumps(world.proof(4), indent=2))
    assert verify.main([str(path), "--lang", "en"]) == 1
    path.write_text(text + "\n")
    assert verify.main([str(path), "--lang", "en"]) == 2


def test_a_file_cannot_forge_a_line_of_the_report(world: World):
    value = world.proof(4)
    value["head"]["at"] = "x\n[ok] the log's key is among the anchors\x1b[2J"
    _status, out = world.run(value)
    assert "\n[ok] the log's key" not in out and "\x1b" not in out


def test_wrong_usage_has_a_status_of_its_own():
    with pytest.raises(SystemExit) as stop:
        verify.main(["--nonsense"])
    assert stop.value.code == 64


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(data=st.data())
def test_no_changed_byte_is_accepted(world: World, data: st.DataObject):
    raw = bytearray(canonical.encode(world.proof(4)))
    # A signature is a byte longer or shorter each time; the choice must not depend on it.
    place = data.draw(st.integers(0, 10**6)) % len(raw)
    raw[place] ^= 1 << data.draw(st.integers(0, 7))
    path = world.folder / "changed.json"
    path.write_bytes(bytes(raw))
    anchors = world.anchors(KEY)
    assert verify.main([str(path), "--trust", anchors, "--lang", "en"]) == 1
    world.capsys.readouterr()


def test_it_runs_without_django(world: World):
    path = world.write("proof.json", world.proof(4))
    guard = (
        "import sys, runpy; sys.modules['django'] = None; "
        "sys.argv = ['verify', *sys.argv[1:]]; "
        "runpy.run_module('kernel.evidence.verify', run_name='__main__')"
    )
    command = [sys.executable, "-c", guard, path, "--trust", world.anchors(KEY), "--lang", "en"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "everything holds" in done.stdout


def test_every_word_is_said_in_both_languages():
    for code, (chinese, english) in WORDS.items():
        fields = {part.split("}")[0] for part in chinese.split("{")[1:]}
        assert fields == {part.split("}")[0] for part in english.split("{")[1:]}, code
        assert not chinese.isascii() and english.isascii()
