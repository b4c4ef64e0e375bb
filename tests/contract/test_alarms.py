"""Whatever goes wrong by itself is told to Operations, by an alarm that rests on a metric which is really there."""

import json
import re
from datetime import timedelta
from fnmatch import fnmatch
from typing import Any

import pytest

from chalicelib import clock, notify
from deploy.functions import FUNCTIONS, TABLES
from deploy.package import PROJECT
from deploy.schedules import hours_of_a_month, period, schedules
from tests.api import Api
from tests.cast import Cast
from tests.conftest import NOON
from tests.contract.template import Package
from tests.licensing.orders import placed
from tests.logs import logged, metrics

DAY = 86_400
STACK = {"Ref": "AWS::StackName"}


def alarms(package: Package) -> dict[str, dict[str, Any]]:
    """Every alarm by its name, without the stack's."""
    prefix = "${AWS::StackName}-"
    found = package.of_type("AWS::CloudWatch::Alarm").values()
    assert all(each["AlarmName"]["Fn::Sub"].startswith(prefix) for each in found)
    return {each["AlarmName"]["Fn::Sub"].removeprefix(prefix): each for each in found}


def watched(alarm: dict[str, Any]) -> list[dict[str, Any]]:
    """The metrics under an alarm: one, or the inputs of an expression."""
    inputs = [each["MetricStat"]["Metric"] for each in alarm.get("Metrics", []) if "MetricStat" in each]
    return inputs or [alarm]


def test_every_function_schedule_table_and_department_has_its_alarms(package: Package) -> None:
    expected = {f"{name}-{kind}" for name in FUNCTIONS for kind in ("errors", "throttles")}
    expected |= {f"{name}-{kind}" for name in schedules() for kind in ("late", "failed")}
    expected |= {f"{table.setting.lower()}-errors" for table in TABLES}
    expected |= {"accounting-dead-letters", "support-dead-letters", "relay_events-behind", "api-errors"}
    assert set(alarms(package)) == expected


def test_every_alarm_is_mailed_to_operations_when_it_begins_and_when_it_ends(package: Package) -> None:
    for name, alarm in alarms(package).items():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "OperationsTopic"}], name
    subscription = package.resources["OperationsSubscription"]["Properties"]
    assert (subscription["TopicArn"], subscription["Endpoint"]) == (
        {"Ref": "OperationsTopic"},
        {"Ref": "OperationsEmail"},
    )
    key = package.resources[package.resources["OperationsTopic"]["Properties"]["KmsMasterKeyId"]["Ref"]]["Properties"]
    users = [each for each in key["KeyPolicy"]["Statement"] if "Service" in each["Principal"]]
    assert [(each["Principal"]["Service"], each["Action"]) for each in users] == [
        (["cloudwatch.amazonaws.com", "ses.amazonaws.com"], ["kms:Decrypt", "kms:GenerateDataKey"])
    ]


def test_a_handler_is_late_after_it_missed_its_own_schedule_several_times(package: Package) -> None:
    for name, schedule in schedules().items():
        alarm = alarms(package)[f"{name}-late"]
        inputs = {each["Id"]: each["MetricStat"] for each in alarm["Metrics"] if "MetricStat" in each}
        assert {each["Period"] for each in inputs.values()} == {period(schedule)}, name
        for id_, metric in (("runs", "Invocations"), ("errors", "Errors")):
            assert inputs[id_]["Metric"]["MetricName"] == metric
            (dimension,) = inputs[id_]["Metric"]["Dimensions"]
            assert dimension["Value"] == {"Fn::Sub": f"${{AWS::StackName}}-{name}"}
        assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (1, "LessThanThreshold")
        assert alarm["TreatMissingData"] == "breaching"
        assert 2 <= alarm["EvaluationPeriods"] <= 5, name


def test_cloudwatch_accepts_the_periods_and_expressions(package: Package) -> None:
    for name, alarm in alarms(package).items():
        seconds = (
            {alarm["Period"]}
            if "Period" in alarm
            else {each["MetricStat"]["Period"] for each in alarm["Metrics"] if "MetricStat" in each}
        )
        (each,) = seconds
        # A week in all for periods of an hour or more, else a day.
        assert each % 60 == 0
        assert each * alarm["EvaluationPeriods"] <= (7 * DAY if each >= 3600 else DAY), name
        known = {metric["Id"] for metric in alarm.get("Metrics", [])}
        for metric in alarm.get("Metrics", []):
            assert set(re.findall(r"\b[a-z]\w*", metric.get("Expression", ""))) <= known, name
        assert len(known) <= 10 + 1, name


def test_the_monthly_report_is_late_on_its_day_only(package: Package) -> None:
    hours = {name: hours_of_a_month(schedule) for name, schedule in schedules().items()}
    assert {name: each for name, each in hours.items() if each} == {"reconcile_month": (6, 23, 1)}
    expression = alarms(package)["reconcile_month-late"]["Metrics"][0]["Expression"]
    assert expression.startswith("IF(DATE(clock) == 1 AND HOUR(clock) >= 6 AND HOUR(clock) <= 23, ")


@pytest.mark.parametrize("schedule", ["rate(2 weeks)", "cron(0 6 ? * MON *)", "cron(15 6-23 1 * ? *)"])
def test_a_schedule_of_a_new_kind_does_not_go_without_its_alarm_unnoticed(schedule: str) -> None:
    with pytest.raises(ValueError, match="late"):
        period(schedule)


def own_metrics(package: Package) -> set[tuple[str, tuple[tuple[str, str], ...]]]:
    """Name and dimensions of the code's own metrics that alarms and dashboard look at."""
    found = set()
    for alarm in alarms(package).values():
        for metric in watched(alarm):
            if metric["Namespace"] == STACK:
                found.add((metric["MetricName"], tuple((each["Name"], each["Value"]) for each in metric["Dimensions"])))
    body = json.loads(package.resources["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"])
    for widget in body["widgets"]:
        for namespace, name, *dimensions in widget["properties"].get("metrics", []):
            if namespace == "${AWS::StackName}":
                found.add((name, tuple(zip(dimensions[::2], dimensions[1::2], strict=True))))
    return found


@pytest.mark.moto("about log lines, which are the same on both")
def test_the_code_emits_every_metric_that_is_looked_at(
    package: Package, api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notify, "_email", lambda *_: 1 / 0)
    with logged() as lines:
        placed(api, cast)
        with clock.frozen(NOON + timedelta(minutes=7)):
            api.tick("relay_events")
    emitted = metrics(lines)
    values = {name: value for name, value, dimensions in emitted if dimensions.get("handler") == "relay_events"}
    assert values["oldest_pending_seconds"] == 7 * 60
    assert (values["sweep_due"], values["sweep_done"], values["sweep_failed"]) == (3, 0, 1)
    # Every handler's sweep is the same code; its name is the dimension's value.
    by_handler = {name for name, _, dimensions in emitted if set(dimensions) == {"handler"}}
    handlers = set(schedules())
    others = {(name, tuple(dimensions.items())) for name, _, dimensions in emitted if "handler" not in dimensions}
    for name, dimensions in own_metrics(package):
        if [key for key, _ in dimensions] == ["handler"]:
            assert (name in by_handler, dimensions[0][1] in handlers) == (True, True), name
        else:
            assert (name, dimensions) in others, name
    assert package.variables()["METRICS_NAMESPACE"] == STACK


def test_licenses_are_counted_as_sold_once_the_order_stands(api: Api, cast: Cast) -> None:
    body = {"physician": 2, "midlevel": 1, "agreement_version": "2026-11", "agreement_accepted": True}
    with logged() as lines:
        for _ in range(2):
            assert api.post("/license-orders", body, cast.site_admin.token, key="once").status_code == 201
        assert api.post("/license-orders", body | {"agreement_version": "0"}, cast.site_admin.token).status_code == 422
    sold = [
        (dimensions["license_type"], value) for name, value, dimensions in metrics(lines) if name == "licenses_sold"
    ]
    assert sold == [("physician", 2), ("midlevel", 1)]


def test_operations_says_what_to_do_about_every_alarm(package: Package) -> None:
    section = (PROJECT / "docs/operations.md").read_text().partition("## Alarms")[2].partition("\n## ")[0]
    rows = [re.findall(r"`([\w*-]+)`", cell) for cell in re.findall(r"^\| (`.+?) \|", section, re.MULTILINE)]
    patterns = [pattern for row in rows for pattern in row]
    names = set(alarms(package))
    assert {name for name in names if not any(fnmatch(name, pattern) for pattern in patterns)} == set()
    assert {pattern for pattern in patterns if not any(fnmatch(name, pattern) for name in names)} == set()


def test_every_function_is_traced_but_no_address_which_may_hold_a_token(package: Package) -> None:
    assert {each["Tracing"] for each in package.functions().values()} == {"Active"}
    assert package.resources["RestAPI"]["Properties"]["TracingEnabled"] is False
