"""The tests here say what is wrong: three things are broken on purpose, and each is told in a sentence."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from deploy import names
from tests.deployed.system import NOBODY, Deployed

pytestmark = pytest.mark.usefixtures("started")
_LICENSES = "GET", "/licenses"


@contextmanager
def without_a_policy_line(deployed: Deployed) -> Iterator[None]:
    """licensing_api may not read the identity table, where sessions are."""
    iam, role = deployed.target.client("iam"), deployed.resource(f"{names.function('licensing_api')}Role")
    (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    before = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    table = deployed.resource("IdentityTable")
    left = [each for each in before["Statement"] if not str(each["Resource"]).endswith(f"/{table}")]
    assert len(left) == len(before["Statement"]) - 1
    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(before | {"Statement": left}))
    try:
        yield
    finally:
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(before))


@contextmanager
def with_a_route_to_another_function(deployed: Deployed) -> Iterator[None]:
    """GET /licenses leads to identity_api."""
    gateway, api = deployed.target.client("apigateway"), deployed.stage.outputs()["RestAPIId"]
    resources = gateway.get_resources(restApiId=api, limit=500)["items"]
    (resource,) = [each["id"] for each in resources if each["path"] == "/licenses"]
    at = {"restApiId": api, "resourceId": resource, "httpMethod": "GET"}
    before = gateway.get_integration(**at)["uri"]

    def lead_to(uri: str) -> None:
        gateway.update_integration(**at, patchOperations=[{"op": "replace", "path": "/uri", "value": uri}])
        gateway.create_deployment(restApiId=api, stageName="v1")

    lead_to(before.replace(deployed.name_of("licensing_api"), deployed.name_of("identity_api")))
    try:
        yield
    finally:
        lead_to(before)


@contextmanager
def with_a_tables_name_mistyped(deployed: Deployed) -> Iterator[None]:
    """licensing_api looks for sessions in a table that is not there."""
    client, function = deployed.target.client("lambda"), deployed.name_of("licensing_api")
    before: dict[str, Any] = client.get_function_configuration(FunctionName=function)["Environment"]
    mistyped = {"Variables": before["Variables"] | {"IDENTITY_TABLE": "identiy"}}
    client.update_function_configuration(FunctionName=function, Environment=mistyped)
    try:
        yield
    finally:
        client.update_function_configuration(FunctionName=function, Environment=before)


@pytest.mark.parametrize(
    ("breakage", "sentence"),
    [
        (
            without_a_policy_line,
            r"GET /licenses answered 503\. AccessDenied in licensing_api for dynamodb:BatchGetItem "
            r"on arn:aws:dynamodb:\S+:table/\S+IdentityTable\S+$",
        ),
        (with_a_route_to_another_function, r"GET /licenses ran in identity_api, not licensing_api$"),
        (
            with_a_tables_name_mistyped,
            r"GET /licenses answered 503\. AccessDenied in licensing_api for dynamodb:BatchGetItem "
            r"on arn:aws:dynamodb:\S+:table/identiy$",
        ),
    ],
    ids=["policy", "route", "table"],
)
def test_what_is_broken_is_told_in_a_sentence(breakage: Any, sentence: str, deployed: Deployed) -> None:
    broken: AbstractContextManager[None] = breakage(deployed)
    with broken, pytest.raises(AssertionError) as told:
        deployed.call(*_LICENSES, Authorization=f"Bearer {NOBODY}")
    told.match(sentence)
    assert deployed.call(*_LICENSES, Authorization=f"Bearer {NOBODY}").status == 401
