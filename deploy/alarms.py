"""The alarms: what is mailed to Operations, and when. `docs/operations.md` says what to do about each."""

from typing import Any

from deploy import metrics, names
from deploy.functions import FUNCTIONS, TABLES
from deploy.metrics import Metric
from deploy.resources import DEPARTMENTS, OPERATIONS_TOPIC, Resources
from deploy.schedules import DAY, HOUR, hours_of_a_month, period, schedules

_LONGEST_WAIT_SECONDS = 300
_BROKEN_ANSWERS = 5


def alarms() -> Resources:
    """Every alarm, by resource name."""
    found: Resources = {}
    for name in FUNCTIONS:
        found |= _at_least(name, "errors", "It crashed, or ran out of time.", metrics.function(name, "Errors"))
        found |= _at_least(name, "throttles", "Too many ran at once.", metrics.function(name, "Throttles"))
    for name, schedule in schedules().items():
        found |= _late(name, schedule)
        failed = metrics.own("sweep_failed", handler=name)
        found |= _at_least(name, "failed", "Work could not be done.", failed, seconds=max(period(schedule), HOUR))
    found |= _at_least(
        "relay_events",
        "behind",
        "A message waits longer than five minutes.",
        metrics.OLDEST_PENDING,
        statistic="Maximum",
        threshold=_LONGEST_WAIT_SECONDS,
        seconds=HOUR,  # the longest pause between two tries
    )
    for department in DEPARTMENTS:
        waiting = metrics.dead_letters(department)
        found |= _at_least(department, "dead-letters", "A message was not delivered.", waiting, statistic="Maximum")
    for table in TABLES:
        found |= _table_errors(table.setting)
    broken = metrics.api("5XXError")
    return found | _at_least("api", "errors", "Requests fail through no fault of theirs.", broken, _BROKEN_ANSWERS)


def _at_least(
    subject: str,
    kind: str,
    meaning: str,
    metric: Metric,
    threshold: int = 1,
    *,
    statistic: str = "Sum",
    seconds: int = 300,
) -> Resources:
    watched = {**metric.resource(), "Statistic": statistic, "Period": seconds, "Threshold": threshold}
    return _alarm(subject, kind, meaning, {**watched, **_HIGH, "EvaluationPeriods": 1})


def _late(name: str, schedule: str) -> Resources:
    """So often in a row there was no run without an error.

    Lambda's own counts tell it: what does not run can't log that it didn't. Metric math knows the date only of a
    metric's values; what runs every minute has values at every hour.
    """
    seconds = period(schedule)
    missed = 2 if seconds >= DAY else max(3, 300 // seconds)
    done = "FILL(runs, 0) - FILL(errors, 0)"
    inputs = {"runs": metrics.function(name, "Invocations"), "errors": metrics.function(name, "Errors")}
    if hours := hours_of_a_month(schedule):
        first, last, day = hours
        inputs["clock"] = metrics.function("relay_events", "Invocations")
        done = f"IF(DATE(clock) == {day} AND HOUR(clock) >= {first} AND HOUR(clock) <= {last}, {done}, 1)"
    watched = {**_math(done, seconds, inputs), "Threshold": 1, "EvaluationPeriods": missed}
    return _alarm(name, "late", f"It should run at {schedule}, and did not {missed} times.", {**watched, **_LOW})


def _table_errors(setting: str) -> Resources:
    """DynamoDB counts by operation, so they are summed."""
    inputs = {
        operation[0].lower() + operation[1:]: metrics.table(setting, "SystemErrors", operation)
        for operation in metrics.operations(setting)
    }
    watched = {**_math("SUM(METRICS())", 300, inputs), "Threshold": 1, "EvaluationPeriods": 1}
    return _alarm(setting.lower(), "errors", "DynamoDB fails on this table.", {**watched, **_HIGH})


_HIGH = {"ComparisonOperator": "GreaterThanOrEqualToThreshold", "TreatMissingData": "notBreaching"}
_LOW = {"ComparisonOperator": "LessThanThreshold", "TreatMissingData": "breaching"}


def _math(expression: str, seconds: int, inputs: dict[str, Metric]) -> dict[str, Any]:
    watched = [
        {"Id": id_, "MetricStat": {"Metric": each.resource(), "Period": seconds, "Stat": "Sum"}, "ReturnData": False}
        for id_, each in inputs.items()
    ]
    return {"Metrics": [{"Id": "result", "Expression": expression}, *watched]}


def _alarm(subject: str, kind: str, meaning: str, watched: dict[str, Any]) -> Resources:
    name = f"{subject}-{kind}"
    properties = {
        "AlarmName": {"Fn::Sub": f"${{AWS::StackName}}-{name}"},
        "AlarmDescription": f"{meaning} See {name} in docs/operations.md.",
        **watched,
        "AlarmActions": [{"Ref": OPERATIONS_TOPIC}],
        "OKActions": [{"Ref": OPERATIONS_TOPIC}],
    }
    resource = names.resource(f"{subject}_{kind.replace('-', '_')}_alarm")
    return {resource: {"Type": "AWS::CloudWatch::Alarm", "Properties": properties}}
