"""The zip holds what the functions run, ready to run, and nothing else."""

import ast
import importlib.util
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from benchmarks.archive import parts
from chalicelib.config import SETTINGS
from deploy.functions import FUNCTIONS
from deploy.package import PROJECT
from deploy.slim import LEFT_OUT, METADATA_IS_READ, clients, leave_out
from tests.contract.template import SERVERLESS, Package

CONSOLE = "chalicelib/console"
TEMPLATES = {path.stem for path in (PROJECT / CONSOLE / "templates").iterdir()}
GLIBC_MINOR = {"python3.11": 26}.get(f"python{sys.version_info.major}.{sys.version_info.minor}", 34)


def test_the_code_is_all_there_and_nothing_of_tests_and_local_system(package: Package) -> None:
    names = zipfile.ZipFile(package.archive).namelist()
    sources = PROJECT.joinpath("chalicelib").rglob("*")
    ours = {path.relative_to(PROJECT).as_posix() for path in sources if path.is_file() and path.suffix != ".pyc"}
    packed = {name for name in names if name.startswith("chalicelib/") and not name.endswith(".pyc")}
    templates, modules = {f"{CONSOLE}/templates/{name}.html" for name in TEMPLATES}, f"{CONSOLE}/compiled/"
    assert templates <= ours
    assert {name for name in packed if not name.startswith(modules)} == ours - templates
    assert len(packed) == len(ours), "a module for each template"
    strangers = ("local", "tests", "deploy", "benchmarks", "docs", "bin", ".chalice", ".venv", "moto", "pip", "boto3")
    assert [name for name in names if name.split("/")[0] in strangers] == []


def test_every_module_has_bytecode_for_the_runtime_that_is_never_checked(package: Package) -> None:
    runtimes = {each["Runtime"] for each in package.of_type(SERVERLESS).values()}
    assert runtimes == {f"python{sys.version_info.major}.{sys.version_info.minor}"}
    for source in package.unpacked.rglob("*.py"):
        header = Path(importlib.util.cache_from_source(str(source))).read_bytes()[:8]
        assert header == importlib.util.MAGIC_NUMBER + b"\x01\0\0\0", source


def test_every_compiled_library_is_for_the_runtimes_processor_python_and_glibc(package: Package) -> None:
    libraries = list(package.unpacked.rglob("*.so*"))
    assert libraries
    for library in libraries:
        binary = library.read_bytes()
        assert binary[:4] + binary[18:20] == b"\x7fELF\x3e\0", library
        assert {int(minor) for minor in re.findall(rb"GLIBC_2\.(\d+)", binary)} <= set(range(GLIBC_MINOR + 1)), library
        if library.parent.name.endswith(".libs"):
            continue  # no module of Python's, but what one is linked with
        python = f"cpython-{sys.version_info.major}{sys.version_info.minor}-x86_64-linux-gnu"
        assert library.name.split(".")[1] in ("abi3", python), library


def run_from(package: Package, program: str, *arguments: str, room: str = "") -> "subprocess.CompletedProcess[str]":
    """Run a program with the unpacked zip as its argument, and nothing else but the standard library."""
    variables = {name: "-" for name, setting in SETTINGS.items() if setting.default is None}
    variables |= {"ROOM": room, "AWS_DEFAULT_REGION": "us-east-1"}
    command = [sys.executable, "-I", "-S", "-B", "-c", program, str(package.unpacked), *arguments]
    return subprocess.run(command, env=variables, capture_output=True, text=True, cwd=os.sep)


@pytest.mark.parametrize("room", ["identity", "licensing", "uploads", "system", "none", ""])
def test_the_zip_alone_starts_each_room(room: str, package: Package) -> None:
    program = "import sys; sys.path.insert(0, sys.argv[1]); import app; print(*sorted(app.app.routes))"
    done = run_from(package, program, room=room)
    assert (done.returncode, done.stderr) == (0, "")
    served = {
        "identity": "/sessions",
        "licensing": "/licenses",
        "uploads": "/uploads/{upload_id}/complete",
        "system": "/health",
    }
    for other, path in served.items():
        assert (path in done.stdout.split()) == (room in ("", other)), done.stdout


WORK = """
import sys; sys.path.insert(0, sys.argv[1])
import app, importlib, pkgutil, chalicelib
for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
    importlib.import_module(module.name)
from chalicelib import aws, dynamo
from chalicelib.identity import passwords, totp
from chalicelib.licensing import billing_calendar
from chalicelib.uploads import pictures
from io import BytesIO
from PIL import Image
for service in sys.argv[2:]:
    aws.client(service)
dynamo.connection().client
passwords.hashed("correct horse battery staple")
totp.qr_svg("otpauth://totp/x")
for kind in ("PNG", "JPEG", "WEBP"):
    file = BytesIO()
    Image.new("RGB", (9, 9)).save(file, kind)
    pictures.remade(file.getvalue())
print(billing_calendar.cancel_until(app.clock.from_text("2026-07-02T16:00:00Z"), "America/New_York"))
"""


def test_the_zip_alone_makes_every_client_and_does_what_its_libraries_are_for(package: Package) -> None:
    services = {service for function in FUNCTIONS for service in clients(function)} - {"dynamodb"}
    done = run_from(package, WORK, *sorted(services))
    assert (done.returncode, done.stdout, done.stderr) == (0, "2026-07-08T03:59:59Z\n", "")


def test_every_client_that_the_code_makes_is_declared_by_a_function() -> None:
    made = set()
    for path in (PROJECT / "chalicelib").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("aws.client", "client"):
                made.add(ast.literal_eval(node.args[0]))
        assert path.name == "aws.py" or "create_client" not in path.read_text(), path
    declared = {service for function in FUNCTIONS for service in clients(function)}
    assert made == declared - {"dynamodb"}


def test_of_botocores_services_those_are_in_the_zip_that_some_function_calls(package: Package) -> None:
    data = package.unpacked / "botocore" / "data"
    declared = {service for function in FUNCTIONS for service in clients(function)}
    assert {path.name for path in data.iterdir() if path.is_dir()} == declared
    common = {"endpoints.json", "partitions.json", "sdk-default-configuration.json", "_retry.json"}
    assert {path.name for path in data.iterdir() if path.is_file()} == common


def test_what_no_function_needs_is_not_there(package: Package) -> None:
    assert [path for pattern in LEFT_OUT for path in package.unpacked.glob(pattern)] == []
    assert {path.name.partition("-")[0] for path in package.unpacked.glob("*.dist-info")} == METADATA_IS_READ


def test_leaving_out_what_is_not_there_fails(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="cffi"):
        leave_out(tmp_path)


def test_operations_accounts_for_every_part_of_the_zip_over_200_kilobytes(package: Package) -> None:
    section = (PROJECT / "docs/operations.md").read_text().partition("## The zip")[2].partition("\n## ")[0]
    told = {name: float(size) for name, size in re.findall(r"^\| ([^|]+) \| ([\d.]+) \| .+ \|$", section, re.MULTILINE)}
    found = {name: size / 1e6 for name, size in parts(package.archive).items()}
    assert {name for name, size in found.items() if size > 0.2} <= set(told)
    # Bytecode differs a little from one Python to the next.
    assert {name: size for name, size in told.items() if abs(found.get(name, 0) - size) > 0.05 + size / 10} == {}


LOAD = """
import sys; sys.path.insert(0, sys.argv[1])
import app
from chalicelib.console.rendering import environment
for name in sys.argv[2:]:
    assert environment().get_template(f"{name}.html").environment.autoescape
"""


def test_the_zip_has_every_template_as_a_module(package: Package) -> None:
    done = run_from(package, LOAD, *sorted(TEMPLATES))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
