"""A message of the folder queue is there whole or not at all."""

from __future__ import annotations

from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from config.celery import app


@pytest.fixture
def channel(tmp_path: Path):
    (tmp_path / "in").mkdir()
    options = {
        "data_folder_in": str(tmp_path / "in"),
        "data_folder_out": str(tmp_path / "in"),
        "control_folder": str(tmp_path / "control"),
    }
    assert app.main == "zhuxin"
    connection = Connection("filesystem://localhost//", transport_options=options)
    yield connection.default_channel
    connection.release()


def test_what_is_put_is_got(channel):
    channel._put("zhuxin", {"body": "一"})
    assert channel._get("zhuxin") == {"body": "一"}
    with pytest.raises(Empty):
        channel._get("zhuxin")


def test_half_a_message_kills_nobody(channel, tmp_path: Path):
    (tmp_path / "in" / "1_x.zhuxin.msg").write_text('{"body": ')
    (tmp_path / "in" / "2_y.zhuxin.msg").write_text("")
    for _ in range(2):
        with pytest.raises(Empty):
            channel._get("zhuxin")
    channel._put("zhuxin", {"n": 1})
    assert channel._get("zhuxin") == {"n": 1}


def test_a_message_being_written_is_not_seen(channel, tmp_path: Path):
    (tmp_path / "in" / "1_x.zhuxin.msg.partial").write_text("{")
    with pytest.raises(Empty):
        channel._get("zhuxin")
