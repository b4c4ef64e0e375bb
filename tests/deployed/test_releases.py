"""A stage's life: deployed, deployed anew, failing, rolled back, destroyed; and the rows are there all the while."""

import json
import py_compile
import shutil
import zipfile
from collections.abc import Iterator
from importlib.util import cache_from_source
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import Any

import pytest

from deploy.stages import Ask, Stage
from deploy.target import DeployError
from local import deployed as local
from tests.deployed.conftest import Machine
from tests.deployed.system import Deployed
from tests.e2e.running import Person, send

_ROUTES = "chalicelib/system/routes.py"


@pytest.fixture
def second(machine: Machine) -> Iterator[Deployed]:
    """A stage of its own, deployed from the package."""
    target = local.target(machine.engine.url)
    stage = Stage(target, "second", lambda _: True, agreed=True)
    stage.deploy(machine.build, local.PARAMETERS)
    yield Deployed(machine.engine, target, stage)
    if stage.outputs():
        stage.destroy()


def changed_code(build: Path, out: Path) -> Path:
    """The package with another answer to GET /health."""
    shutil.copytree(build, out)
    with zipfile.ZipFile(build / "deployment.zip") as before:
        source = before.read(_ROUTES).decode()
        assert '"ok"' in source
        module = out / "routes.py"
        module.write_text(source.replace('"ok"', '"well"'))
        py_compile.compile(
            str(module), str(out / "routes.pyc"), invalidation_mode=PycInvalidationMode.UNCHECKED_HASH, doraise=True
        )
        changed = {_ROUTES: module.read_bytes(), cache_from_source(_ROUTES): (out / "routes.pyc").read_bytes()}
        with zipfile.ZipFile(out / "deployment.zip", "w", zipfile.ZIP_DEFLATED) as after:
            for name in before.namelist():
                after.writestr(name, changed.get(name) or before.read(name))
    return out


def failing_template(build: Path, out: Path) -> Path:
    """The package with a resource that can't be made, and a change of one that can."""
    shutil.copytree(build, out)
    template = json.loads((build / "sam.json").read_text())
    template["Resources"]["IdentityApi"]["Properties"]["MemorySize"] = 2048
    template["Resources"]["ZFails"] = {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 99_999_999}}
    (out / "sam.json").write_text(json.dumps(template))
    return out


def refusing(asked: list[str]) -> Ask:
    """Says no to every question, and notes it."""

    def refuse(question: str) -> bool:
        asked.append(question)
        return False

    return refuse


def health(second: Deployed) -> Any:
    return send(second.url, "GET", "/health", None, {}).body


def test_a_stages_life(second: Deployed, machine: Machine, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stage = second.stage
    assert health(second) == {"status": "ok"}
    bob = Person(second, "bob")
    bob.sign_up()
    bob.sign_in()
    before = bob.call("GET", "/me").body

    stage.deploy(machine.build, {})
    assert "practice-admin-second is up to date." in capsys.readouterr().out

    stage.deploy(changed_code(machine.build, tmp_path / "changed"), {})
    assert "  Modify   APIHandler (AWS::Lambda::Function)" in capsys.readouterr().out
    assert health(second) == {"status": "well"}
    assert bob.call("GET", "/me").body == before

    with pytest.raises(DeployError, match=r"It failed\. ZFails \(AWS::SQS::Queue\): .+\nEverything is as it was"):
        stage.deploy(failing_template(tmp_path / "changed", tmp_path / "failing"), {})
    client = second.target.client("lambda")
    assert client.get_function_configuration(FunctionName=second.name_of("identity_api"))["MemorySize"] == 1024
    assert health(second) == {"status": "well"}

    stage.roll_back()
    assert health(second) == {"status": "ok"}
    assert bob.call("GET", "/me").body == before
    with pytest.raises(DeployError, match="Stage second has no earlier release"):
        stage.roll_back()

    kept = second.resource("IdentityTable")
    stage.destroy()
    assert stage.outputs() == {}
    assert second.target.client("dynamodb").scan(TableName=kept, Select="COUNT")["Count"] > 0


def test_a_first_deployment_names_the_parameters_that_are_missing(machine: Machine) -> None:
    stage = Stage(local.target(machine.engine.url), "third", lambda _: True)
    with pytest.raises(DeployError) as refused:
        stage.deploy(machine.build, {"MailFrom": "a@b.example", "Colour": "red"})
    assert str(refused.value).splitlines()[:2] == [
        "There is no parameter Colour.",
        "AccountingEmail is missing: Accounting's inbox; it must confirm the subscription",
    ]


def test_what_is_not_agreed_to_is_not_done(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[str] = []
    stage = Stage(local.target(machine.engine.url), "fourth", refusing(asked))
    with pytest.raises(DeployError, match=r"Nothing was changed\."):
        stage.deploy(machine.build, local.PARAMETERS)
    assert asked[0].endswith("changes to practice-admin-fourth?")
    assert "  Add      IdentityApi (AWS::Lambda::Function)" in capsys.readouterr().out
    assert stage.stack.described() is None


def test_leaving_data_behind_is_asked_about_even_when_all_is_agreed_to(
    second: Deployed, machine: Machine, tmp_path: Path
) -> None:
    with_one_more = shutil.copytree(machine.build, tmp_path / "more")
    template = json.loads((machine.build / "sam.json").read_text())
    template["Resources"]["OneMoreTable"] = template["Resources"]["ReceiptsTable"]
    (with_one_more / "sam.json").write_text(json.dumps(template))
    second.stage.deploy(with_one_more, {})
    asked: list[str] = []
    stage = Stage(second.target, "second", refusing(asked), agreed=True)
    with pytest.raises(DeployError, match=r"Nothing was changed\."):
        stage.roll_back()
    assert asked[0].startswith(
        "The data of OneMoreTable stays in AWS, but practice-admin-second will no longer know it."
    )
    assert second.resource("OneMoreTable")
