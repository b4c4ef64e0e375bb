"""`make deploy-local` as a program: it starts an engine and deploys, deploys anew to the running one, ends cleanly."""

import re
import signal
import subprocess
import sys
from pathlib import Path

from tests.e2e.running import PROJECT, send, until

_SECONDS = 180


def deploy_local(home: Path) -> list[str]:
    return [sys.executable, "-m", "local", "--home", str(home), "deploy"]


def test_it_deploys_deploys_anew_and_ends_with_nothing_kept(tmp_path: Path) -> None:
    output = tmp_path / "output.txt"
    with output.open("wb") as file:
        first = subprocess.Popen(deploy_local(tmp_path), cwd=PROJECT, stdout=file, stderr=subprocess.STDOUT)
    try:
        until(lambda: "Ctrl-C ends it." in output.read_text() or first.poll() is not None, "a deployment", _SECONDS)
        assert first.poll() is None, output.read_text()
        answers = re.search(r"It answers at (\S+)/health", output.read_text())
        assert answers
        assert send(answers[1], "GET", "/health", None, {}).body == {"status": "ok"}

        again = subprocess.run(deploy_local(tmp_path), cwd=PROJECT, capture_output=True, text=True, timeout=_SECONDS)
        assert again.returncode == 0, again
        assert "practice-admin-local is up to date." in again.stdout
        assert answers[0] in again.stdout
    finally:
        first.send_signal(signal.SIGINT)
        first.wait(20)
    assert first.returncode == 0
    assert output.read_text().endswith("\nEnded. Nothing is kept.\n")
    assert "Traceback" not in output.read_text()
    assert not [*(tmp_path / "deployed").iterdir()]
