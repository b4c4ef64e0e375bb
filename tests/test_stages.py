"""What whoever deploys types."""

import pytest
from botocore.session import Session
from botocore.stub import Stubber

from deploy.stack import Change, ChangeSet, Stack
from deploy.stages import check_name, parsed
from deploy.target import DeployError, Target


@pytest.mark.parametrize("name", ["dev", "prod", "customer-7"])
def test_a_stage_has_a_short_plain_name(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize("name", ["Dev", "7th", "a_b", "dev\n", "a-name-that-is-too-long"])
def test_another_name_is_refused(name: str) -> None:
    with pytest.raises(DeployError, match="A stage is called by"):
        check_name(name)


def test_no_name_is_asked_for() -> None:
    with pytest.raises(DeployError, match="Say which stage, such as STAGE=dev"):
        check_name("")


def test_parameters_are_name_and_value() -> None:
    assert parsed(["MailFrom=a@b.example", 'Plans={"a": "="}']) == {"MailFrom": "a@b.example", "Plans": '{"a": "="}'}
    with pytest.raises(DeployError, match="Write parameters as Name=value, unlike MailFrom"):
        parsed(["MailFrom"])


def test_only_what_holds_data_can_leave_data_behind() -> None:
    changes = [
        Change(action, "It", kind)
        for action in ("Add", "Modify", "Remove", "Replace")
        for kind in ("AWS::DynamoDB::Table", "AWS::Lambda::Function")
    ]
    lost = [(change.action, change.kind) for change in changes if change.loses_data]
    assert lost == [("Remove", "AWS::DynamoDB::Table"), ("Replace", "AWS::DynamoDB::Table")]


def test_a_replacement_is_told_from_a_change() -> None:
    session = Session()
    session.set_config_variable("region", "us-east-1")
    target = Target(session)
    client = target.client("cloudformation")
    described = [
        {"ResourceChange": {"Action": "Modify", "LogicalResourceId": name, "ResourceType": "T", "Replacement": value}}
        for name, value in (("Kept", "False"), ("Perhaps", "Conditional"), ("New", "True"))
    ]
    with Stubber(client) as stubbed:
        stubbed.add_response("describe_change_set", {"Changes": described})
        change_set = ChangeSet(Stack(target, "a-stack"), client, pause=0, new=False)
        assert [(change.action, change.name) for change in change_set.changes()] == [
            ("Modify", "Kept"),
            ("Modify", "Perhaps"),
            ("Replace", "New"),
        ]
