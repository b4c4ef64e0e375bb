"""`make lint-template`: what cfn-lint says of the packaged template, and whether it is made alike each time.

Takes too long to be done with every run of the tests.
"""

import json
import subprocess
from pathlib import Path

from deploy.environment import prepared
from deploy.package import package as write_package
from tests.contract.template import Package


def test_the_same_code_gives_the_same_bytes(package: Package, tmp_path: Path) -> None:
    write_package(tmp_path)
    for name in (package.archive.name, package.template_file.name):
        assert (tmp_path / name).read_bytes() == (package.archive.parent / name).read_bytes(), name


def test_cfn_lint_finds_nothing(package: Package) -> None:
    assert linted(package.template_file) == (0, "", "")


def test_cfn_lint_finds_nothing_in_what_sam_makes_of_it(package: Package, tmp_path: Path) -> None:
    made = tmp_path / "made.json"
    made.write_text(json.dumps(package.transformed()))
    assert linted(made) == (0, "", "")


def linted(template: Path) -> tuple[int, str, str]:
    command = [str(prepared("lint")), "-c", "from cfnlint.runner import main; main()", str(template)]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr
