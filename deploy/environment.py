"""Environments of their own, for tools that pin what the program pins otherwise."""

import hashlib
import platform
import shutil
import subprocess
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1] / ".local"


def prepared(name: str, requirements: Path) -> Path:
    """The Python of the environment `.local/NAME`, made anew unless these very versions are installed in it.

    Raises CalledProcessError when pip fails, after it has said why.
    """
    directory = ROOT / name
    python, stamp = directory / "bin" / "python", directory / "installed.sha256"
    wanted = hashlib.sha256(requirements.read_bytes() + platform.python_version().encode()).hexdigest()
    if not (stamp.exists() and stamp.read_text() == wanted):
        shutil.rmtree(directory, ignore_errors=True)
        venv.create(directory, with_pip=True)
        # Python compiles what is imported when it is; pip would compile everything, which takes as long as the rest.
        install = ["-m", "pip", "--quiet", "--quiet", "install", "--no-compile", "--require-hashes"]
        subprocess.run([str(python), *install, "--requirement", str(requirements)], check=True)
        stamp.write_text(wanted)
    return python
