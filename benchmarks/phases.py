"""In a measured process: work in phases, each counted by itself. Standard library only."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

REPORT = "PHASES_REPORT"
"""The setting that names the file for CPU seconds; without it callgrind counts, and dumps a file for each phase."""

TIMES = 20
"""How often a cheap request is repeated, so that one more or less of anything does not show."""

SPACE = "~"
"""Stands for a space in the name of a phase, which callgrind_control would cut there."""


def phase(name: str, times: int, work: Callable[[], object]) -> None:
    """Do `work` so many times, as the phase `name`."""
    report = os.environ.get(REPORT)
    if report is None:
        _callgrind("--zero")
        _repeat(times, work)
        _callgrind(f"--dump={name.replace(' ', SPACE)}")
        return
    started = time.process_time()
    _repeat(times, work)
    seconds = time.process_time() - started
    with Path(report).open("a") as file:
        file.write(json.dumps([name, seconds]) + "\n")


def _repeat(times: int, work: Callable[[], object]) -> None:
    for _ in range(times):
        work()


def _callgrind(command: str) -> None:
    done = subprocess.run(["callgrind_control", command, str(os.getpid())], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"callgrind_control {command}: {done.stderr}")
