"""What `make soak` runs is not run by `make test`, but must be there."""

import subprocess
import sys
from pathlib import Path


def test_the_files_of_make_soak_can_be_collected() -> None:
    files = map(str, Path(__file__).parent.glob("soak_*.py"))
    found = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", *files], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout
