"""Least privilege, as IAM decides it: each function's own role is asked for everything, and gets what it declares."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from botocore.session import Session

from deploy import names
from deploy.functions import FUNCTIONS
from deploy.resources import OPERATIONS_TOPIC
from local.engine import REGION
from tests.deployed.probes import FOREIGN, OPERATIONS, Probe, declared, probes
from tests.deployed.system import Deployed


@pytest.fixture(scope="module")
def every_probe(deployed: Deployed) -> list[Probe]:
    """All probes, and what is not the system's for them to be tried on."""
    client = deployed.target.client
    keys = [{"AttributeName": name, "KeyType": kind} for name, kind in (("pk", "HASH"), ("sk", "RANGE"))]
    attributes = [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")]
    client("dynamodb").create_table(
        TableName=FOREIGN, KeySchema=keys, AttributeDefinitions=attributes, BillingMode="PAY_PER_REQUEST"
    )
    client("s3").create_bucket(Bucket=FOREIGN)
    configuration = client("lambda").get_function_configuration(FunctionName=deployed.name_of("relay_events"))
    settings: dict[str, str] = configuration["Environment"]["Variables"]
    settings[OPERATIONS] = deployed.resource(OPERATIONS_TOPIC)
    context = {"practice_id": "probe", "username": "probe"}
    sealed = client("kms").encrypt(KeyId=settings["TOTP_KEY"], Plaintext=b"probe", EncryptionContext=context)
    groups = {function: f"/aws/lambda/{deployed.name_of(function)}" for function in FUNCTIONS}
    return probes(settings, sealed["CiphertextBlob"], groups)


def as_function(function: str, deployed: Deployed) -> Callable[[str], Any]:
    """Clients with the credentials of a function's own role.

    Its trust policy names Lambda alone, and is widened for this: what the role allows stays as it is deployed.
    """
    role = deployed.target.client("lambda").get_function_configuration(FunctionName=deployed.name_of(function))["Role"]
    trust = {"Effect": "Allow", "Principal": {"AWS": deployed.target.account}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    iam = deployed.target.client("iam")
    name = role.rpartition("/")[2]
    before = iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
    iam.update_assume_role_policy(RoleName=name, PolicyDocument=document)
    assumed = deployed.target.client("sts").assume_role(RoleArn=role, RoleSessionName="probe")["Credentials"]
    iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(before))
    session = Session()
    session.set_credentials(assumed["AccessKeyId"], assumed["SecretAccessKey"], assumed["SessionToken"])
    session.set_config_variable("region", REGION)
    return cache(lambda service: session.create_client(service, endpoint_url=deployed.target.endpoint))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_may_do_what_it_declares_and_nothing_else(
    function: str, deployed: Deployed, every_probe: list[Probe]
) -> None:
    clients = as_function(function, deployed)
    allowed = {(probe.resource, probe.action) for probe in every_probe if probe.allowed(clients)}
    assert allowed == declared(function)


def test_what_is_never_allowed_is_probed_too(every_probe: list[Probe]) -> None:
    probed = {(probe.resource, probe.action) for probe in every_probe}
    granted = set().union(*(declared(function) for function in FUNCTIONS))
    assert granted < probed
    never = {action for _, action in probed - granted}
    assert {
        "dynamodb:Scan",
        "dynamodb:DeleteTable",
        "s3:ListBucket",
        "sns:Subscribe",
        "kms:ScheduleKeyDeletion",
    } <= never


def test_functions_are_trusted_to_lambda_alone(deployed: Deployed) -> None:
    iam = deployed.target.client("iam")
    for function in FUNCTIONS:
        name = deployed.resource(f"{names.function(function)}Role" if function != "api_handler" else "ApiHandlerRole")
        (statement,) = iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Service": "lambda.amazonaws.com"}, function
