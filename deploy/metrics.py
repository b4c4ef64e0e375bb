"""The metrics that alarms and dashboard look at: AWS's, and the code's own (`chalicelib/telemetry.py`)."""

from typing import Any, NamedTuple

from deploy import names
from deploy.functions import FUNCTIONS

STACK = {"Ref": "AWS::StackName"}
"""The namespace of the code's own metrics, too."""


class Metric(NamedTuple):
    """`dimensions`: values may be CloudFormation's intrinsic functions of a text."""

    namespace: str | dict[str, Any]
    name: str
    dimensions: dict[str, Any]

    def resource(self) -> dict[str, Any]:
        """In an alarm."""
        dimensions = [{"Name": name, "Value": value} for name, value in self.dimensions.items()]
        return {"Namespace": self.namespace, "MetricName": self.name, "Dimensions": dimensions}


def own(name: str, **dimensions: str) -> Metric:
    """A metric of the code's."""
    return Metric(STACK, name, dimensions)


OLDEST_PENDING = own("oldest_pending_seconds", handler="relay_events")


def function(name: str, metric: str) -> Metric:
    """Lambda's metric of a function."""
    return Metric("AWS/Lambda", metric, {"FunctionName": {"Fn::Sub": f"${{AWS::StackName}}-{name}"}})


def api(metric: str) -> Metric:
    """API Gateway's metric of the API, which is called like the stack."""
    return Metric("AWS/ApiGateway", metric, {"ApiName": STACK, "Stage": names.API_STAGE})


def dead_letters(department: str) -> Metric:
    """What waits in a department's queue of undelivered messages."""
    queue = {"Fn::GetAtt": [f"{department.title()}DeadLetters", "QueueName"]}
    return Metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", {"QueueName": queue})


def table(setting: str, metric: str, operation: str) -> Metric:
    """DynamoDB's metric of one operation on a table."""
    return Metric("AWS/DynamoDB", metric, {"TableName": {"Ref": names.resource(setting)}, "Operation": operation})


def throttles(setting: str, way: str) -> Metric:
    """The reads or writes of a table that DynamoDB turned away."""
    return Metric("AWS/DynamoDB", f"{way}ThrottleEvents", {"TableName": {"Ref": names.resource(setting)}})


def operations(setting: str) -> list[str]:
    """The operations on a table that some function declares; writes of commits count as transactions."""
    actions = {
        action.partition(":")[2]
        for each in FUNCTIONS.values()
        for resource, allowed in each.access.items()
        if resource.partition("/")[0] == setting
        for action in allowed
    }
    writes = {"PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"}
    return sorted(actions - {"ConditionCheckItem"} | ({"TransactWriteItems"} if actions & writes else set()))
