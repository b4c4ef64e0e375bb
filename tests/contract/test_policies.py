"""Least privilege: a function may do what it declares, on the resources it declares, and nothing else."""

from typing import Any

import pytest

from deploy import names
from deploy.functions import FUNCTIONS, TABLES
from tests.contract.template import Package, as_list, statements

TRACES = {"Effect": "Allow", "Action": ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], "Resource": "*"}
LAMBDA = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:"
SES_SETS = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:configuration-set/"
SES = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/"


def resource_of(arn: Any, package: Package) -> str:
    """The resource as `chalicelib.access` names it, told from the ARN's intrinsic function alone."""
    settings = {value["Ref"]: setting for setting, value in package.variables().items() if "Ref" in value}
    match arn:
        case {"Ref": name}:
            assert package.resources[name]["Type"] == "AWS::SNS::Topic"
            return str(settings[name])
        case {"Fn::GetAtt": [name, "Id"]}:
            assert package.resources[name]["Type"] == "AWS::SecretsManager::Secret"
            return str(settings[name])
        case {"Fn::GetAtt": [name, "Arn"]}:
            return str(settings.get(name, name))
        case {"Fn::Sub": str(text)} if "/index/" in text:
            table, _, index = text.partition(".Arn}/index/")
            return f"{settings[table.removeprefix('${')]}/index/{index}"
        case {"Fn::Sub": str(text)} if text.endswith("/*"):
            bucket, _, prefix = text.removesuffix("/*").partition(".Arn}/")
            name = bucket.removeprefix("${")
            assert package.resources[name]["Type"] == "AWS::S3::Bucket"
            return f"{settings[name]}/{prefix}"
        case {"Fn::Sub": str(text)} if text == LAMBDA + package.variables()["CHECK_IMAGE_FUNCTION"]["Fn::Sub"]:
            return "CHECK_IMAGE_FUNCTION"
        case {"Fn::Sub": str(text)} if text == SES_SETS + "${MailEvents}":
            assert package.resources["MailEvents"]["Type"] == "AWS::SES::ConfigurationSet"
            return "MAIL_EVENTS"
        case {"Fn::Sub": str(text)}:
            assert text == SES + "${MailFrom}"
            return "MAIL_FROM"
        case {"Fn::Sub": [text, {"Domain": domain}]}:
            assert (text, domain) == (SES + "${Domain}", {"Fn::Select": [1, {"Fn::Split": ["@", {"Ref": "MailFrom"}]}]})
            return "MAIL_FROM"
    raise AssertionError(f"no resource of ours: {arn}")


def granted(function: str, package: Package) -> set[tuple[str, str]]:
    """(resource, action) for all that the function's role allows."""
    allowed = set()
    for statement in package.statements(function):
        if statement == TRACES:
            continue
        assert set(statement) == {"Effect", "Action", "Resource"}
        assert statement["Effect"] == "Allow"
        for arn in as_list(statement["Resource"]):
            allowed |= {(resource_of(arn, package), action) for action in as_list(statement["Action"])}
    return allowed


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_allows_exactly_what_its_function_declares_and_its_own_log(function: str, package: Package) -> None:
    declared = {(name, action) for name, actions in FUNCTIONS[function].access.items() for action in actions}
    log = {(names.log_group(function), f"logs:{action}") for action in ("CreateLogStream", "PutLogEvents")}
    assert granted(function, package) == declared | log


def test_no_action_anywhere_is_a_wildcard(package: Package) -> None:
    allowed = [each for each in statements(package.template) if each["Effect"] == "Allow"]
    found = [action for each in allowed for action in as_list(each["Action"])]
    assert found
    assert [action for action in found if "*" in action] == []


def test_no_resource_is_a_wildcard_but_in_the_keys_own_policy_where_it_is_the_key(package: Package) -> None:
    keys = package.of_type("AWS::KMS::Key")
    others = {name: each for name, each in package.resources.items() if name not in keys}
    wide = [
        each
        for each in statements(others)
        if each != TRACES and each["Effect"] == "Allow" and "*" in str(each.get("Resource"))
    ]
    # Objects have no name before they are made: those of one folder of our own buckets.
    folders = [
        "${ReportsBucket.Arn}/reconciliation/*",
        "${UploadsBucket.Arn}/quarantine/*",
        "${UploadsBucket.Arn}/images/*",
        "${UploadsBucket.Arn}/attachments/*",
        "${UploadsBucket.Arn}/exports/*",
    ]
    assert [each for each in wide if each["Resource"].get("Fn::Sub") not in folders] == []


def test_what_decodes_uploaded_images_can_reach_nothing_but_those(package: Package) -> None:
    reached = {each for each in granted("check_image", package) if each[0] != names.log_group("check_image")}
    assert reached == {
        ("UPLOADS_BUCKET/quarantine", "s3:GetObject"),
        ("UPLOADS_BUCKET/images", "s3:PutObject"),
        ("UPLOADS_BUCKET/attachments", "s3:PutObject"),
    }


def test_staff_reach_no_provider_account_patient_or_code(package: Package) -> None:
    tables = {resource.partition("/")[0] for resource, _ in granted("staff_api", package)}
    assert not tables & {"PROVIDERS_TABLE", "CODES_TABLE"}
    # Files of tickets are shown to them, and taken out.
    files = {each for each in granted("staff_api", package) if each[0].startswith("UPLOADS_")}
    assert files == {("UPLOADS_TABLE", "dynamodb:UpdateItem"), ("UPLOADS_BUCKET/attachments", "s3:GetObject")}
    may = {action for resource, action in granted("staff_api", package) if resource.startswith("LICENSING_TABLE")}
    assert "dynamodb:Query" not in may


def test_no_function_scans_or_lists_or_deletes_a_table(package: Package) -> None:
    on_items = {"BatchGetItem", "ConditionCheckItem", "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem"}
    for name in FUNCTIONS:
        dynamodb = {action for _, action in granted(name, package) if action.startswith("dynamodb:")}
        assert dynamodb <= {f"dynamodb:{action}" for action in on_items}, name


def test_the_audit_trail_is_append_only_the_relay_alone_updates_and_nobody_deletes(package: Package) -> None:
    may: dict[str, set[str]] = {}
    for name in FUNCTIONS:
        for resource, action in granted(name, package):
            if resource == "EVENTS_TABLE":
                may.setdefault(action, set()).add(name)
    assert may.pop("dynamodb:UpdateItem") == {"relay_events"}
    assert set(may) == {"dynamodb:PutItem", "dynamodb:Query"}


def test_a_sweep_queries_indexes_that_exist(package: Package) -> None:
    indexes = {
        f"{table.setting}/index/{index['IndexName']}"
        for table in TABLES
        for index in package.of_type("AWS::DynamoDB::Table")[names.resource(table.setting)].get(
            "GlobalSecondaryIndexes", []
        )
    }
    queried = {resource for name in FUNCTIONS for resource, _ in granted(name, package) if "/index/" in resource}
    assert queried <= indexes


def test_no_topic_is_left_to_snss_own_policy_which_lets_every_role_of_the_account_publish(package: Package) -> None:
    policies = package.of_type("AWS::SNS::TopicPolicy").values()
    assert {topic["Ref"] for each in policies for topic in each["Topics"]} == set(package.of_type("AWS::SNS::Topic"))
    account = {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}
    for each in policies:
        iam, *services = each["PolicyDocument"]["Statement"]
        assert iam["Principal"] == account  # whom IAM allows, and nobody beside
        assert all(set(statement["Principal"]) == {"Service"} for statement in services)
        assert all("aws:SourceAccount" in str(statement["Condition"]) for statement in services)
