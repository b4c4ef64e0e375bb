"""The package, made once for all contract tests, in whichever process they run; and what every operation costs."""

import json
import zipfile

import pytest

from benchmarks.operations import Operation, measured
from benchmarks.world import measured_world
from deploy.package import package as write_package
from deploy.settings import BUILD
from tests.contract.template import Package


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """What `make package` makes of the code as it stands, template and zip."""
    write_package()
    template, zipped, unpacked = BUILD / "sam.json", BUILD / "deployment.zip", tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(zipped) as archive:
        archive.extractall(unpacked)
    return Package(json.loads(template.read_text()), template, zipped, unpacked)


@pytest.fixture(scope="session")
def operations() -> list[Operation]:
    """Every operation with the AWS calls that it makes."""
    with measured_world() as (api, cast, world):
        return measured(api, cast, world)
