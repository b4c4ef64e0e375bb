"""Measures processes: instructions by callgrind where valgrind is there, else CPU seconds, good for ratios alone."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.phases import REPORT, SPACE

CALLGRIND = bool(shutil.which("valgrind") and shutil.which("callgrind_control"))
UNIT = "million instructions" if CALLGRIND else "CPU milliseconds"
_CPU_RUNS = 5
_EXIT = "\nimport os; os._exit(0)"
"""At once: a Lambda function's process is never tidied up."""


def imported(python: str, code: str, environment: Mapping[str, str]) -> float:
    """What a process costs that runs `code` and nothing else."""
    if not CALLGRIND:
        timed = f"{code}\nimport time; print(time.process_time())"
        command = [python, "-PS", "-c", timed]
        return min(float(run(command, environment).splitlines()[-1]) for _ in range(_CPU_RUNS)) * 1e3
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", python, "-PS", "-c", code + _EXIT]
    found = re.search(r"Collected : (\d+)", run(command, environment))
    if found is None:
        raise RuntimeError("callgrind gave no count")
    return int(found[1]) / 1e6


def phases(command: list[str], environment: Mapping[str, str]) -> dict[str, float]:
    """What each phase of a process costs, see `benchmarks/phases.py`."""
    with TemporaryDirectory() as directory:
        out = Path(directory) / "out"
        if not CALLGRIND:
            run(command, {**environment, REPORT: str(out)})
            rows = map(json.loads, out.read_text().splitlines())
            return {name: seconds * 1e3 for name, seconds in rows}
        run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", *command], environment)
        found = (
            re.search(r"^desc: Trigger: .*dump (\S+)$.*^summary: (\d+)$", dump.read_text(), re.MULTILINE | re.DOTALL)
            for dump in out.parent.glob("out.*")
        )
        return {match[1].replace(SPACE, " "): int(match[2]) / 1e6 for match in found if match}


def run(command: list[str], environment: Mapping[str, str]) -> str:
    # The hash seed decides the order of sets, and so a little of every count.
    variables = {"PATH": os.environ["PATH"], "PYTHONHASHSEED": "0", **environment}
    done = subprocess.run(command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout[-4000:]}")
    return done.stdout
