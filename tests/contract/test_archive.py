"""The zip holds what the functions run, ready to run, and nothing else."""

import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from chalicelib.config import SETTINGS
from deploy.package import PROJECT, compile_into
from tests.contract.template import SERVERLESS, Package

GLIBC_MINOR = {"python3.11": 26}.get(f"python{sys.version_info.major}.{sys.version_info.minor}", 34)


def test_the_code_is_all_there_and_nothing_of_tests_and_local_system(package: Package) -> None:
    names = zipfile.ZipFile(package.archive).namelist()
    sources = PROJECT.joinpath("chalicelib").rglob("*")
    ours = {path.relative_to(PROJECT).as_posix() for path in sources if path.is_file() and path.suffix != ".pyc"}
    packed = {name for name in names if name.startswith("chalicelib/") and not name.endswith(".pyc")}
    assert packed == ours
    strangers = ("local", "tests", "deploy", "benchmarks", "docs", "bin", ".chalice", ".venv", "moto", "pip", "boto3")
    assert [name for name in names if name.split("/")[0] in strangers] == []


def test_every_module_has_bytecode_for_the_runtime_that_is_never_checked(package: Package) -> None:
    runtimes = {each["Runtime"] for each in package.of_type(SERVERLESS).values()}
    assert runtimes == {f"python{sys.version_info.major}.{sys.version_info.minor}"}
    for source in package.unpacked.rglob("*.py"):
        header = Path(importlib.util.cache_from_source(str(source))).read_bytes()[:8]
        assert header == importlib.util.MAGIC_NUMBER + b"\x01\0\0\0", source


def test_every_compiled_library_runs_on_the_runtimes_glibc(package: Package) -> None:
    oldest = {"any", *(f"manylinux_2_{minor}_x86_64" for minor in range(5, GLIBC_MINOR + 1))}
    for wheel in package.unpacked.glob("*.dist-info/WHEEL"):
        tags = [line.split("-")[-1] for line in wheel.read_text().splitlines() if line.startswith("Tag: ")]
        assert oldest & set(tags), wheel.parent.name


@pytest.mark.parametrize("room", ["identity", "licensing", "system", "none", ""])
def test_the_zip_alone_starts_each_room(room: str, package: Package) -> None:
    variables = {name: "-" for name, setting in SETTINGS.items() if setting.default is None}
    variables |= {"ROOM": room, "AWS_DEFAULT_REGION": "us-east-1"}
    program = "import sys; sys.path.insert(0, sys.argv[1]); import app; print(*sorted(app.app.routes))"
    command = [sys.executable, "-I", "-S", "-c", program, str(package.unpacked)]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, cwd=os.sep)
    assert (done.returncode, done.stderr) == (0, "")
    served = {"identity": "/sessions", "licensing": "/licenses", "system": "/health"}
    for other, path in served.items():
        assert (path in done.stdout.split()) == (room in ("", other)), done.stdout


def test_the_same_code_gives_the_same_bytes(tmp_path: Path) -> None:
    code = tmp_path / "code"
    code.mkdir()
    (code / "module.py").write_text("NAMES = {'one', 'two', 'three'}\nassert 'four' not in {'one', 'two', 'three'}\n")
    for name in ("first.zip", "second.zip"):
        compile_into(code, tmp_path / name)
        os.utime(code / "module.py", (0, 0))
    assert (tmp_path / "first.zip").read_bytes() == (tmp_path / "second.zip").read_bytes()
