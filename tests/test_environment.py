"""Environments of their own are installed once, and again whenever an install did not come to its end."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from deploy import environment
from deploy.environment import REQUIREMENTS, InstallError, prepared


@pytest.fixture
def installs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands of pip that would run in an empty project; the first one fails."""
    commands: list[list[str]] = []

    def create(directory: Path, **_: Any) -> None:
        (directory / "bin").mkdir(parents=True)
        (directory / "bin" / "python").touch()

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        return subprocess.CompletedProcess(command, int(len(commands) == 1), stdout="no route to host")

    monkeypatch.setattr(environment, "ROOT", tmp_path / "environments")
    monkeypatch.setattr("deploy.environment.venv.create", create)
    monkeypatch.setattr("deploy.environment.subprocess.run", run)
    return commands


def test_an_interrupted_install_is_told_and_done_again_a_finished_one_is_not(installs: list[list[str]]) -> None:
    with pytest.raises(InstallError, match=r"(?s)engine-requirements.txt could not be installed.*no route to host"):
        prepared("engine")
    assert prepared("engine") == prepared("engine") == environment.ROOT / "engine" / "bin" / "python"
    assert len(installs) == 2


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_each_has_pinned_requirements_and_a_place_of_its_own(
    installs: list[list[str]], name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    installs.append([])
    other = tmp_path / "other.txt"
    other.write_text("nothing")
    assert prepared(name) == environment.ROOT / name / "bin" / "python"
    assert installs[-1][-1] == str(REQUIREMENTS[name])
    assert "--hash=sha256:" in REQUIREMENTS[name].read_text()
    monkeypatch.setitem(REQUIREMENTS, name, other)
    prepared(name)
    assert installs[-1][-1] == str(other)
