"""`build/sam.json` and `build/deployment.zip`: everything CloudFormation needs, made without AWS."""

import fcntl
import json
import shutil
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy import chalice_files, names
from deploy.overlay import overlay
from deploy.settings import BUILD, environment
from deploy.slim import leave_out

PROJECT = Path(__file__).parent.parent
_SOURCES = ("app.py", "chalicelib", "deploy", "requirements.txt", "requirements-dev.txt")
_EPOCH = (1980, 1, 1, 0, 0, 0)
# Amazon Linux 2, under Lambda's Python 3.11, has glibc 2.26; Amazon Linux 2023, under later ones, has 2.34.
_GLIBC_MINOR = 26 if sys.version_info < (3, 12) else 34


class PackagingError(RuntimeError):
    """A step failed. The message has what its tool said."""


def package(out: Path = BUILD) -> None:
    """Have the template and the zip in `out`: they are written unless those there were made of these very sources.

    Whoever comes while somebody else is at it waits. Raises PackagingError.
    """
    out.mkdir(parents=True, exist_ok=True)
    stamp = out / "sources.sha256"
    with (out / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sources = _digest()
        if not (stamp.exists() and stamp.read_text() == sources):
            stamp.unlink(missing_ok=True)
            _write(out)
            stamp.write_text(sources)


def _digest() -> str:
    """Of all that the package is made of, and of the Python that makes it."""
    digest = sha256(sys.version.encode())
    for root in (PROJECT / name for name in _SOURCES):
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if path.is_file() and path.suffix != ".pyc":
                content = path.read_bytes()
                digest.update(f"{path.relative_to(PROJECT)} {len(content)} ".encode() + content)
    return digest.hexdigest()


def _write(out: Path) -> None:
    """Write the template and the zip.

    The functions' runtime is the Python that runs this: Chalice takes it from there, and bytecode is good for one
    minor version only. Run it on 3.12 or later for production, whose Lambdas stand on Amazon Linux 2023; 3.11 works
    too, because every compiled wheel is held to what the runtime's own glibc has.

    Chalice sees a copy of the project in which the requirements are installed already, as `vendor/`. Its own way
    would check hashes only at its first attempt, build from source for this machine what it can't find, and print
    rather than fail when something is missing in the end. The copy also keeps out whatever else lies about.
    """
    with TemporaryDirectory() as temporary:
        project, merged, unpacked = (Path(temporary) / name for name in ("project", "out", "unpacked"))
        _copy_sources(project)
        _install_requirements(project / "vendor")
        chalice_files.write(project / ".chalice")
        (project / "overlay.json").write_text(json.dumps(overlay()))
        chalice = [sys.executable, "-c", "from chalice.cli import main; main()", "--project-dir", str(project)]
        merge = ["package", "--stage", names.STAGE, "--merge-template", str(project / "overlay.json"), str(merged)]
        _run(chalice + merge)
        with zipfile.ZipFile(merged / "deployment.zip") as plain:
            plain.extractall(unpacked)  # (we made it ourselves)
        leave_out(unpacked)
        _run([sys.executable, "-m", "deploy.templates", str(unpacked / "chalicelib" / "console")])
        shutil.copy(merged / "sam.json", out / "sam.json")
        _compile_into(unpacked, out / "deployment.zip")


def _copy_sources(project: Path) -> None:
    project.mkdir()
    shutil.copy(PROJECT / "app.py", project)
    shutil.copytree(PROJECT / "chalicelib", project / "chalicelib", ignore=shutil.ignore_patterns("__pycache__"))


def _install_requirements(target: Path) -> None:
    platforms = [f"--platform=manylinux_2_{minor}_x86_64" for minor in range(_GLIBC_MINOR, 16, -1)]
    exactly = ["--require-hashes", "--no-deps", "--only-binary=:all:", "--no-compile"]
    requirements = ["--requirement", str(PROJECT / "requirements.txt"), "--target", str(target)]
    _run([sys.executable, "-m", "pip", "install", "--quiet", *exactly, *platforms, *requirements])
    # Scripts and manual pages; their lists, and the scripts' first lines, name this machine's folders.
    for leftover in ("bin", "share"):
        shutil.rmtree(target / leftover, ignore_errors=True)
    for listing in target.glob("*.dist-info/RECORD"):
        listing.unlink()


def _compile_into(directory: Path, archive: Path) -> None:
    """Zip a directory with bytecode for all its modules, the same bytes each time.

    Lambda's disk is read-only, so without it every cold start compiles everything anew. Unchecked: nobody edits a
    module beside its bytecode there, and a check would have to read each source.
    """
    unchecked = ["--invalidation-mode", "unchecked-hash", "-s", str(directory), "-p", "/var/task"]
    _run([sys.executable, "-m", "compileall", "-q", "-f", *unchecked, str(directory)])
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(directory.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(directory).as_posix(), _EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                packed.writestr(entry, path.read_bytes())


def _run(command: list[str]) -> None:
    # A fixed hash seed: bytecode holds sets, and their order depends on it.
    variables = environment() | {"PYTHONHASHSEED": "0"}
    done = subprocess.run(
        command, env=variables, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode != 0:
        raise PackagingError(f"{' '.join(command)}\n{done.stdout}")
