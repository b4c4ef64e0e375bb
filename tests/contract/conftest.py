"""The package, made once for all contract tests."""

import json
import zipfile

import pytest

from deploy.package import package as write_package
from tests.contract.template import Package


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """What `make package` makes of the code as it stands, template and zip."""
    out, unpacked = tmp_path_factory.mktemp("build"), tmp_path_factory.mktemp("unpacked")
    write_package(out)
    with zipfile.ZipFile(out / "deployment.zip") as archive:
        archive.extractall(unpacked)
    template = out / "sam.json"
    return Package(json.loads(template.read_text()), template, out / "deployment.zip", unpacked)
