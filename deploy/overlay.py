"""The overlay: all that Chalice doesn't write. `chalice package --merge-template` merges it into its own template."""

from typing import Any

from deploy import alarms, buckets, concurrency, dashboard, domain, firewall, gateway, names, parameters, resources
from deploy.functions import FUNCTIONS

LOG_DAYS = 90


def overlay() -> dict[str, Any]:
    """The whole overlay."""
    return {
        "Description": "practice-admin: administration back office of hosted medical-practice software",
        "Parameters": parameters.parameters(),
        "Conditions": parameters.conditions(),
        "Globals": {"Function": {"Environment": {"Variables": parameters.environment()}}},
        "Resources": _merged(
            resources.tables(),
            resources.secrets(),
            buckets.reports(),
            buckets.uploads(),
            resources.topics(),
            resources.operations_topic(),
            resources.feedback(),
            alarms.alarms(),
            dashboard.dashboard(),
            gateway.api(),
            firewall.firewall(),
            domain.domain(),
            _functions(),
            _log_groups(),
        ),
        "Outputs": _outputs(),
    }


def _functions() -> dict[str, Any]:
    return {names.function(name): {"Properties": _function(name)} for name in FUNCTIONS}


def _function(name: str) -> dict[str, Any]:
    variables: dict[str, Any] = {"ROOM": FUNCTIONS[name].room}
    properties: dict[str, Any] = {
        # A name that is known beforehand: Lambda's default log group has it, and so has the role's policy, which
        # can't ask the function for it without a circle.
        "FunctionName": {"Fn::Sub": names.deployed(name)},
        "Tracing": "Active",
        **concurrency.properties(name),
        "LoggingConfig": {"LogGroup": {"Ref": names.log_group(name)}},
        "Environment": {"Variables": variables},
    }
    if FUNCTIONS[name].room == "none":
        variables["PUBLIC_URL"] = parameters.public_url()
        # No second try: the next tick finds the same work, and a retry would only run beside it. What SNS tells is told
        # once.
        properties["EventInvokeConfig"] = {"MaximumRetryAttempts": 2 if name == "ses_feedback" else 0}
    return properties


def _log_groups() -> dict[str, Any]:
    return {
        names.log_group(name): {
            "Type": "AWS::Logs::LogGroup",
            "DeletionPolicy": "Delete",
            "UpdateReplacePolicy": "Delete",
            "Properties": {
                "LogGroupName": {"Fn::Sub": f"/aws/lambda/${{AWS::StackName}}-{name}"},
                "RetentionInDays": LOG_DAYS,
            },
        }
        for name in FUNCTIONS
    }


def _outputs() -> dict[str, Any]:
    """What whoever deploys needs next; Chalice adds EndpointURL."""
    outputs: dict[str, Any] = {
        "PublicUrl": {"Description": "Where customers reach it", "Value": parameters.public_url()},
        resources.OPERATIONS_TOPIC: {"Description": "Alarms' topic", "Value": {"Ref": resources.OPERATIONS_TOPIC}},
        **domain.outputs(),
    }
    for department in resources.DEPARTMENTS:
        topic, queue = names.resource(f"{department}_topic"), f"{department.title()}DeadLetters"
        outputs[topic] = {"Description": f"{department.title()}'s topic", "Value": {"Ref": topic}}
        outputs[queue] = {"Description": f"What {department.title()} could not be sent", "Value": {"Ref": queue}}
    return outputs


def _merged(*parts: dict[str, Any]) -> dict[str, Any]:
    """All parts in one; dictionaries under the same key are merged too."""
    result: dict[str, Any] = {}
    for part in parts:
        for key, value in part.items():
            result[key] = _merged(result[key], value) if isinstance(result.get(key), dict) else value
    return result
