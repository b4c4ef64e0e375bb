"""`python -m benchmarks`: measure everything, print it and write docs/performance.md. Takes some minutes."""

import tests.conftest  # noqa: F401  # isort: skip  (first of all: it makes the settings)

import json
import os
import platform
import zipfile
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import meter, sections
from benchmarks.environment import prepared
from benchmarks.ledger import reconciled
from benchmarks.operations import measured
from benchmarks.report import table
from benchmarks.scenes import scenes
from benchmarks.world import measured_world
from deploy.package import package

DOCUMENT = sections.PROJECT / "docs" / "performance.md"
_MEASURED_LIBRARIES = ("chalice", "pynamodb", "botocore", "msgspec")


def measure(directory: Path) -> list[sections.Section]:
    """All sections; `directory` is for what they need on the way."""
    with measured_world() as (api, cast, world):
        counted = sections.operations(measured(api, cast, world))
    with measured_world() as (api, cast, _):
        long = sections.reconciliation(reconciled(api, cast))
    recording = directory / "scenes.json"
    with measured_world() as (api, cast, _):
        recording.write_text(json.dumps(scenes(api, cast)))
    settings = {name: value for name, value in os.environ.items() if name.isupper() and not name.startswith("PYTHON")}
    python = prepared(sections.PROJECT / ".local" / "bench")
    package(directory)
    unpacked = directory / "unpacked"
    with zipfile.ZipFile(directory / "deployment.zip") as packed:
        packed.extractall(unpacked)  # (we made it ourselves)
    return [
        counted,
        sections.starts(unpacked),
        sections.handlers(python, recording, settings),
        sections.sign_in(python, recording, settings),
        long,
        sections.archive(directory / "deployment.zip"),
    ]


def document(found: list[sections.Section]) -> str:
    """docs/performance.md."""
    lines = [line for section in found for line in section.targets]
    versions = ", ".join(f"{name} {version(name)}" for name in _MEASURED_LIBRARIES)
    how = "callgrind of valgrind" if meter.CALLGRIND else "CPU time, good for ratios alone"
    intro = f"""# What it costs

`make bench` wrote this file: counts, and ratios within one run, no wall-clock. Python {platform.python_version()},
{versions}; instructions by {how}.

{table(["Figure", "Target", "Measured", ""], lines)}
"""
    return "\n".join([intro, *(f"## {section.title}\n\n{section.text}" for section in found)])


with TemporaryDirectory() as temporary:
    text = document(measure(Path(temporary)))
DOCUMENT.write_text(text)
print(text)
