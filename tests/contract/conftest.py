"""The package, made once for all contract tests, in whichever process they run; and what every operation costs."""

import fcntl
import json
import os
import zipfile

import pytest

from benchmarks.operations import Operation, measured
from benchmarks.world import measured_world
from deploy.package import package as write_package
from tests.contract.template import Package


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """What `make package` makes of the code as it stands, template and zip."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    out, unpacked, done = shared / "package", shared / "unpacked", shared / "packaged"
    with (shared / "package.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another process may be at it
        if not done.exists():
            write_package(out)
            with zipfile.ZipFile(out / "deployment.zip") as archive:
                archive.extractall(unpacked)
            done.touch()
    template = out / "sam.json"
    return Package(json.loads(template.read_text()), template, out / "deployment.zip", unpacked)


@pytest.fixture(scope="session")
def operations() -> list[Operation]:
    """Every operation with the AWS calls that it makes."""
    with measured_world() as (api, cast, world):
        return measured(api, cast, world)
