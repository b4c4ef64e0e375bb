"""An environment of its own for what the program is measured against."""

import hashlib
import shutil
import subprocess
import venv
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements.txt")


def prepared(directory: Path) -> Path:
    """Its Python, installed if it is not there in these versions."""
    python, stamp = directory / "bin" / "python", directory / "installed.sha256"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if not (stamp.exists() and stamp.read_text() == wanted):
        shutil.rmtree(directory, ignore_errors=True)
        venv.create(directory, with_pip=True)
        install = ["-m", "pip", "--quiet", "--quiet", "install", "--require-hashes", "--requirement", str(REQUIREMENTS)]
        subprocess.run([str(python), *install], check=True)
        stamp.write_text(wanted)
    return python
