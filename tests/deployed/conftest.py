"""One deployment for all tests here: packaged, deployed, started; and nothing left of it at the end."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest

from deploy.settings import BUILD
from local import deployed as local
from local.engine import Engine
from tests.deployed import figures
from tests.deployed.system import Deployed, Latency, latencies
from tests.e2e.running import until

_ROOM = 4 << 30
_FIGURES = pytest.StashKey[str]()


class Machine(NamedTuple):
    """The engine, and what is deployed to it."""

    engine: Engine
    build: Path


@pytest.fixture(scope="session")
def machine() -> Iterator[Machine]:
    """An engine that enforces IAM, and a package. At the end no process and no file of theirs is left."""
    with TemporaryDirectory(dir=_roomy()) as directory:
        home = Path(directory).resolve()
        local.package()
        with local.engine(home / "engine") as engine:
            local.verify_sender(local.target(engine.url))
            yield Machine(engine, BUILD)
        until(lambda: not _processes_under(home), "the end of the functions' processes")
        assert not (home / "engine").exists()
    assert not home.exists()


@pytest.fixture(scope="session")
def deployed(machine: Machine) -> Deployed:
    """The stage that most tests use."""
    target = local.target(machine.engine.url)
    stage = local.stage(machine.engine.url)
    stage.deploy(machine.build, local.PARAMETERS)
    return Deployed(machine.engine, target, stage)


@pytest.fixture(scope="session")
def started(deployed: Deployed, machine: Machine, request: pytest.FixtureRequest) -> dict[str, Latency]:
    """How long each function took, cold and warm; after this all are warm."""
    if not os.environ.get("FIGURES"):
        return latencies(deployed, times=1)
    taken = latencies(deployed, times=15)
    request.config.stash[_FIGURES] = figures.table(deployed, machine.build, taken)
    return taken


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Show the figures, and keep them in the file that FIGURES names."""
    text = config.stash.get(_FIGURES, "")
    if text:
        terminalreporter.write_line(text)
        Path(os.environ["FIGURES"]).write_text(figures.document(text))


def _roomy() -> str | None:
    """A file system in memory, where there is one with room: each function unpacks the zip, some thousand files."""
    memory = Path("/dev/shm")  # noqa: S108
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > _ROOM else None


def _processes_under(home: Path) -> list[str]:
    """The processes that work in a directory or were started with it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            places = [str((process / "cwd").readlink()), *(process / "cmdline").read_bytes().decode().split("\0")]
        except OSError:  # it has ended, or is none of ours
            continue
        if any(place.startswith(str(home)) for place in places):
            found.append(" ".join(places))
    return found
