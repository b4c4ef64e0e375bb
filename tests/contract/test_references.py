"""Every name in the template leads to something, and the template is well-formed."""

from chalicelib.config import SETTINGS
from tests.contract.template import PSEUDO, Package, references


def test_every_reference_is_to_a_resource_parameter_or_condition_that_exists(package: Package) -> None:
    known = PSEUDO.union(*(package.template[section] for section in ("Resources", "Parameters", "Conditions")))
    assert set(references(package.template)) - known == set()


def test_every_parameter_is_used(package: Package) -> None:
    assert set(package.template["Parameters"]) - set(references(package.template)) == set()


def test_every_setting_reaches_the_functions(package: Package) -> None:
    assert set(package.variables()) == set(SETTINGS) - {"ROOM"}
    for name, function in package.functions().items():
        assert "ROOM" in function["Environment"]["Variables"], name


def test_settings_without_a_default_are_resources_and_the_others_parameters(package: Package) -> None:
    variables = dict(package.variables())
    assert variables.pop("METRICS_NAMESPACE") == {"Ref": "AWS::StackName"}
    check_image = package.functions()["check_image"]["FunctionName"]
    assert variables.pop("CHECK_IMAGE_FUNCTION") == check_image == {"Fn::Sub": "${AWS::StackName}-check_image"}
    for setting, value in variables.items():
        kind = "Resources" if SETTINGS[setting].default is None else "Parameters"
        assert value["Ref"] in package.template[kind], setting


def test_no_function_keeps_an_address_that_is_right_on_a_developers_machine_only(package: Package) -> None:
    parameters = package.template["Parameters"]
    assert "Default" not in parameters["MailFrom"]
    assert parameters["PublicUrl"]["Default"] == ""
    for name, function in package.functions().items():
        variables = function["Environment"]["Variables"]
        assert ("PUBLIC_URL" in variables) == (variables["ROOM"] == "none"), name
