"""Environments of their own, for tools that pin what the program pins otherwise.

`python3 -m deploy.environment NAME ...` installs them ahead of their first use.
"""

import fcntl
import hashlib
import platform
import shutil
import subprocess
import sys
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

_PROJECT = Path(__file__).parents[1]
ROOT = _PROJECT / ".local"
REQUIREMENTS = {
    "engine": _PROJECT / "local" / "engine-requirements.txt",
    "lint": _PROJECT / "deploy" / "lint-requirements.txt",
    "bench": _PROJECT / "benchmarks" / "requirements.txt",
}
_UNCOMPILED = frozenset({"lint"})
"""Where that much is never imported that to compile it all would take as long as the rest of the install."""
_LINES_OF_PIP = 15


class InstallError(RuntimeError):
    """An environment can't be installed. The message says why, for a person to read."""


def prepared(name: str) -> Path:
    """The Python of the environment `.local/NAME`, made anew unless these very versions are installed in it.

    Several processes may ask at once. Raises InstallError.
    """
    directory, requirements = ROOT / name, REQUIREMENTS[name]
    python, stamp = directory / "bin" / "python", directory / "installed.sha256"
    wanted = hashlib.sha256(requirements.read_bytes() + platform.python_version().encode()).hexdigest()
    ROOT.mkdir(parents=True, exist_ok=True)
    with (ROOT / f"{name}-install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # The stamp comes last: an install that was interrupted has none and is done again from nothing.
        if not (stamp.exists() and stamp.read_text() == wanted):
            print(f"Installing the {name} environment. This happens once and takes a minute.", flush=True)
            shutil.rmtree(directory, ignore_errors=True)
            venv.create(directory, symlinks=True, with_pip=True)
            _install(python, requirements, compiled=name not in _UNCOMPILED)
            stamp.write_text(wanted)
    return python


def _install(python: Path, requirements: Path, *, compiled: bool) -> None:
    # All that is needed stands in the file: there is nothing to resolve.
    options = ["--quiet", "--require-hashes", "--no-deps", *([] if compiled else ["--no-compile"])]
    command = [str(python), "-m", "pip", "install", *options, "--requirement", str(requirements)]
    pip = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if pip.returncode != 0:
        said = "\n".join(pip.stdout.splitlines()[-_LINES_OF_PIP:])
        raise InstallError(f"{requirements.name} could not be installed. Is there a connection? pip said:\n{said}")


if __name__ == "__main__":
    with ThreadPoolExecutor() as pool:  # most of it is waiting
        list(pool.map(prepared, sys.argv[1:]))
