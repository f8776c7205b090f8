"""What a bidder reads before it signs, and files that are dragged into an envelope."""

from __future__ import annotations

import hashlib

from kernel.sealing.certificates import pem
from tests.kernel.sealing.bids.support import BIDDERS
from tests.procurement.bidder.web.conftest import policy_answer, prepared
from tests.procurement.bidder.web.driving import told

PASSPHRASE = "恢复口令-12345"


def test_whom_and_what_a_signature_is_for_is_read_before_it_is_made(bidder, stage):
    """Procuring entity, every trustee, k of n, deadline, the policy's hash; in both languages."""
    page = prepared(bidder(), stage)
    policy = stage.policy
    wanted = [policy.lot, policy.sha256, policy.procuring_entity.name, policy.procuring_entity.uscc]
    for each in policy.trustees:
        wanted += [each.name, each.uscc]
    for language in ("3 方保管，2 方到场", "3 hold keys, 2 open"):
        read = page.part("summary").inner_text()
        for word in (*wanted, language, "(UTC+8)", "1,234,567.89"):
            assert word in read, word
        page.press("language")


def test_the_manifests_hash_is_read_before_another_program_signs_it(bidder, stage, tmp_path):
    page = prepared(bidder(), stage)
    page.page.locator("[name=way][value=p7s]").check()
    certificate = stage.signers[BIDDERS[0]].certificate
    page.choose("certificate-file", told("own.pem", pem([certificate])))
    page.press("open-key")
    page.seal(PASSPHRASE)
    assert page.codes("seal-error") == []
    read = page.part("outside-facts").inner_text()
    manifest = page.saved("save-manifest", tmp_path).read_bytes()
    assert hashlib.sha256(manifest).hexdigest() in read
    assert stage.policy.sha256 in read
    assert page.part("outside-facts").is_visible()


def dropped(page, envelope, *paths):
    """Real files dragged from outside onto an envelope, by the browser's own events."""
    box = page.page.locator(f'[data-envelope="{envelope}"]')
    box.scroll_into_view_if_needed()
    place = box.bounding_box()
    session = page.context.new_cdp_session(page.page)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    at = {"x": place["x"] + place["width"] / 2, "y": place["y"] + 20, "data": data}
    for kind in ("dragEnter", "dragOver"):
        session.send("Input.dispatchDragEvent", {"type": kind, **at})
    box.and_(page.page.locator(".over")).wait_for()
    session.send("Input.dispatchDragEvent", {"type": "drop", **at})
    return box


def test_files_and_folders_dragged_into_an_envelope_are_its_files(bidder, stage, tmp_path):
    page = bidder()
    page.load_policy(policy_answer(stage))
    prepared_names = {"一.txt": "1", "图/平面.dwg": "22", "图/甲/剖面.dwg": "333"}
    for name, text in prepared_names.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    page = prepared(page, stage)
    box = dropped(page, "qualification", tmp_path / "一.txt", tmp_path / "图")
    for name in prepared_names:
        box.locator("td.code", has_text=name).wait_for()
    assert "over" not in box.get_attribute("class").split()
    assert "4 个文件" in page.part("summary").inner_text()
    assert page.codes("files-error") == []


def test_a_dragged_file_that_no_system_could_write_is_refused_and_the_others_stay(
    bidder, stage, tmp_path
):
    page = prepared(bidder(), stage)
    (tmp_path / "坏:名.txt").write_text("1")
    dropped(page, "technical", tmp_path / "坏:名.txt")
    page.part("files-error").locator("[data-code='sealing.envelope.name']").wait_for()
    assert "坏:名.txt" not in page.page.locator('[data-envelope="technical"]').inner_text()
