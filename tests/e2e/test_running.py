"""How the local system behaves as a program: starting, ending, its commands, and what it says to whom."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from local.logins import PASSWORD
from tests.e2e.running import PROJECT, Running, local, until


@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl")
def test_the_three_lines_to_try_work_when_they_are_pasted(system: Running) -> None:
    lines = [line for line in system.output.splitlines() if "curl -s" in line]
    assert len(lines) == 3
    script = "set -e\n" + "\n".join(lines)
    pasted = subprocess.run(["bash", "-c", script], cwd=PROJECT, capture_output=True, text=True, timeout=60)
    licenses, order = pasted.stdout.splitlines()
    assert '"available":' in licenses, pasted
    assert '"status":"pending"' in order, pasted


def test_prints_the_demo_logins_again_at_every_start(system: Running) -> None:
    assert re.search(r"demo\.admin  password: .{12,}  site admin; TOTP secret: [A-Z2-7]{32}", system.output)
    assert "demo.user" in system.output


def test_the_vendors_demo_people_sign_in_at_their_own_door(system: Running) -> None:
    for name, role in (("demo.support", "support"), ("demo.accounting", "accounting")):
        assert re.search(rf"{name}  password: .{{12,}}  {role}; TOTP secret: [A-Z2-7]{{32}}", system.output)
        code = local(system.home, "code", name).stdout.strip()
        login = {"username": name, "password": PASSWORD, "totp": code}
        assert system.call("POST", "/staff/sessions", login).status == 201
        assert system.call("POST", "/sessions", login).status == 401


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/no/such/path", 404, "not_found"),
        ("GET", "/_local/nothing", 404, "not_found"),
        ("DELETE", "/health", 405, "method_not_allowed"),
        ("PURGE", "/health", 405, "method_not_allowed"),
        ("GET", "/users/demo.admin;x", 401, "not_signed_in"),
    ],
)
def test_a_wrong_address_gets_a_problem(system: Running, method: str, path: str, status: int, code: str) -> None:
    answer = system.call(method, path, Authorization="Bearer é".encode("latin-1").decode("latin-1"))
    assert (answer.status, answer.body["code"]) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.body["request_id"] == answer.headers["x-amzn-RequestId"] != ""


def test_a_giant_body_gets_a_problem(system: Running) -> None:
    for size in (1_000_000, 11_000_000):
        answer = system.call("POST", "/sessions", b"[" * size)
        assert (answer.status, answer.body["code"]) == (413, "body_too_large")


def test_head_and_options(system: Running) -> None:
    head = system.call("HEAD", "/health")
    assert (head.status, head.body, head.headers["Content-Length"]) == (200, "", "15")
    options = system.call("OPTIONS", "/licenses")
    assert (options.status, options.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")


def test_keeps_local_routes_from_web_pages(system: Running) -> None:
    """One that had its name pointed at this machine, and one that posts a form."""
    assert system.call("GET", "/_local/mailbox", Host="evil.example").body["code"] == "wrong_host"
    form = system.call("POST", "/_local/tick", b'{"name": "relay_events"}', Content_Type="text/plain")
    assert form.body["code"] == "unsupported_media_type"


def test_shows_the_mailbox_in_a_browser(system: Running) -> None:
    until(lambda: system.mail("Receipt for license order"), "the demo order's receipt")
    page = system.call("GET", "/_local/mailbox", Accept="text/html,*/*")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Receipt for license order" in page.body


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["no_such"], "There is no handler no_such. There are: apply_decreases, block_dormant,"),
        (["relay_events", "--at", "tomorrow"], "tomorrow is not an instant"),
        (["relay_events", "--at", "2026-07-08"], "2026-07-08 is not an instant"),
        (["relay_events", "--at", "0001-01-01T00:00:00Z"], "0001-01-01T00:00:00Z is not an instant"),
    ],
)
def test_a_tick_that_makes_no_sense_is_explained(system: Running, arguments: list[str], sentence: str) -> None:
    ticked = local(system.home, "tick", *arguments)
    assert (ticked.returncode, ticked.stdout) == (1, "")
    assert ticked.stderr.startswith(sentence)


def test_a_tick_without_a_running_system_is_explained(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    for stale in (False, True):
        if stale:
            (tmp_path / "address").write_text(f"http://127.0.0.1:{port}")
        ticked = local(tmp_path, "tick", "relay_events")
        assert (ticked.returncode, ticked.stderr) == (1, "The system isn't running. Start it with `make run`.\n")


def test_says_when_the_port_is_taken(system: Running, stopped: Running) -> None:
    port = system.url.rpartition(":")[2]
    assert stopped.spawn(int(port)).wait(30) == 1
    assert stopped.output == (
        f"Port {port} is taken by another program. End that one, or choose another: PORT=8001 make run\n"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_listens_on_loopback_only(system: Running) -> None:
    assert system.process
    process = Path(f"/proc/{system.process.pid}")
    own = {str(file.readlink()) for file in (process / "fd").iterdir()}
    rows = [row.split() for name in ("tcp", "tcp6") for row in (process / "net" / name).read_text().splitlines()[1:]]
    listening = [row[1] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in own]
    assert listening == [f"0100007F:{int(system.url.rpartition(':')[2]):04X}"]


def test_starts_again_after_it_was_killed(stopped: Running) -> None:
    stopped.start()
    until(lambda: stopped.mail("Receipt for license order"), "the demo order's receipt")
    secret = re.search("TOTP secret: (.+)", stopped.output)
    stopped.stop(signal.SIGKILL)
    stopped.start()
    assert secret
    assert secret[0] in stopped.output
    assert stopped.mail("Receipt for license order")


def test_ctrl_c_while_it_starts_ends_it_cleanly(stopped: Running) -> None:
    stopped.spawn()
    until(lambda: "Starting." in stopped.output, "the first line")
    assert stopped.stop() == 0
    assert stopped.output == "Starting.\n\nEnded. Everything is kept.\n"


def test_ends_with_a_word_when_the_engine_is_killed(stopped: Running) -> None:
    stopped.start()
    assert stopped.process
    children = Path(f"/proc/{stopped.process.pid}/task/{stopped.process.pid}/children")
    if not children.exists():
        pytest.skip("reads /proc")
    os.kill(int(children.read_text()), signal.SIGKILL)
    assert stopped.process.wait(20) == 1
    assert "The local engine has ended unexpectedly." in stopped.output
    assert "Traceback" not in stopped.output


def test_staff_commands_are_run_on_the_running_system(system: Running) -> None:
    made = local(system.home, "staff", "make_report", "day=2026-01-31")
    assert (made.returncode, json.loads(made.stdout)["finished"]) == (0, True)
    refused = local(system.home, "staff", "make_report", "someday")
    assert (refused.returncode, refused.stderr) == (1, "Write facts as name=value, unlike someday.\n")
