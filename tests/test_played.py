"""What the play told is held to what it must show, and a failure is told in full."""

from __future__ import annotations

import json

from tests import played


def test_a_failed_play_tells_its_whole_fault(tmp_path, capsys):
    fault = "verify: " + "不成立" * 900
    told = tmp_path / "told.json"
    told.write_text(json.dumps({"stages": [], "passed": False, "stage": "works", "fault": fault}))
    assert played.main(str(told)) == 1
    assert f"the play failed in works: {fault}" in capsys.readouterr().err


def test_a_play_that_was_cut_off_is_a_failure(tmp_path, capsys):
    told = tmp_path / "told.json"
    told.write_text('{"passed": tr')
    assert played.main(str(told)) == 1
    assert '{"passed": tr' in capsys.readouterr().err


def test_a_stage_left_out_is_missed():
    told = {"stages": [{"stage": each} for each in played.STAGES if each != "labour"]}
    assert played.missed(told) == ["labour was not reached"]
