"""`./dev run` before its programs start: addresses, roles, ports, the queue left by a run."""

from __future__ import annotations

import os
import socket

import pytest

from config import serve


@pytest.fixture
def environment(monkeypatch):
    for name in list(os.environ):
        if name.startswith("ZHUXIN_"):
            monkeypatch.delenv(name)
    # What serve sets is taken back after the test.
    for name in ("ZHUXIN_PUBLIC_URL", "ZHUXIN_HOSTS", "ZHUXIN_SANDBOX", "PYTHONUNBUFFERED"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    return monkeypatch


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:9000"),
        ("0.0.0.0", "http://127.0.0.1:9000"),
        ("::1", "http://[::1]:9000"),
        ("zhuxin.example", "http://zhuxin.example:9000"),
    ],
)
def test_the_public_address_follows_host_and_port(environment, host, url):
    serve.environment(serve.options(["--host", host, "--port", "9000"]))
    assert os.environ["ZHUXIN_PUBLIC_URL"] == url


def test_a_public_address_that_was_given_stands(environment):
    environment.setenv("ZHUXIN_PUBLIC_URL", "https://zhuxin.example")
    serve.environment(serve.options([]))
    assert os.environ["ZHUXIN_PUBLIC_URL"] == "https://zhuxin.example"


@pytest.mark.parametrize(
    ("argument", "value"), [("--sandbox", "1"), ("--no-sandbox", "0"), ("", None)]
)
def test_the_sandbox_is_switched_only_where_asked(environment, argument, value):
    serve.environment(serve.options([argument] if argument else []))
    assert os.environ.get("ZHUXIN_SANDBOX") == value


def test_a_taken_port_is_refused_with_a_way_out():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit, match=f"--port {port + 1}"):
            serve.require_free("127.0.0.1", port)
    serve.require_free("127.0.0.1", port)


def test_a_second_run_in_the_same_folder_is_refused(environment, tmp_path):
    serve.environment(serve.options([]))
    held = serve.claim(tmp_path, "web")
    with pytest.raises(SystemExit, match=f"pid {os.getpid()}"):
        serve.claim(tmp_path, "web")
    held.close()
    serve.claim(tmp_path, "web").close()


def test_left_over_wakeups_are_forgotten_but_never_another_brokers(environment, tmp_path):
    message = tmp_path / "queue" / "in" / "1.celery.msg"
    message.parent.mkdir(parents=True)
    message.touch()
    environment.setenv("ZHUXIN_BROKER_URL", "amqp://elsewhere")
    serve.forget_wakeups(tmp_path)
    assert message.exists()
    environment.delenv("ZHUXIN_BROKER_URL")
    serve.forget_wakeups(tmp_path)
    assert not message.exists()


def test_with_a_broker_the_worker_has_a_pool_else_one_process(environment, tmp_path):
    asked = serve.options(["--jobs", "3"])
    assert "solo" in serve.worker(asked, tmp_path).argv
    environment.setenv("ZHUXIN_BROKER_URL", "redis://127.0.0.1:6379/0")
    argv = list(serve.worker(asked, tmp_path).argv)
    assert "prefork" in argv
    assert argv[argv.index("-c") + 1] == "3"
