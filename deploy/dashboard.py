"""The dashboard: what is asked of the system, what it does by itself, and what waits."""

import json
from typing import Any

from chalicelib.licensing.model import LICENSE_TYPES
from deploy import metrics
from deploy.functions import FUNCTIONS, TABLES
from deploy.metrics import Metric
from deploy.resources import Resources
from deploy.schedules import schedules

_WIDTH, _HEIGHT = 12, 6
_REGION = "${AWS::Region}"
Widget = dict[str, Any]


def dashboard() -> Resources:
    """The one dashboard, called like the stack."""
    widgets = [
        _graph("Requests", "Sum", [metrics.api(name) for name in ("Count", "4XXError", "5XXError")]),
        _latency_by_route(),
        _graph("Licenses sold", "Sum", [metrics.own("licenses_sold", license_type=kind) for kind in LICENSE_TYPES]),
        _graph("Work due and done", "Sum", [_sweep(name, what) for name in schedules() for what in ("due", "done")]),
        _graph("Messages that waited", "Sum", [_sweep("relay_events", "due")]),
        _graph("Longest wait of a message, s", "Maximum", [metrics.OLDEST_PENDING]),
        _graph("Crashes", "Sum", [metrics.function(name, "Errors") for name in FUNCTIONS]),
        _graph("Slowest run, ms", "Maximum", [metrics.function(name, "Duration") for name in FUNCTIONS]),
        _graph("Runs at once", "Maximum", [metrics.function(name, "ConcurrentExecutions") for name in FUNCTIONS]),
        _graph(
            "DynamoDB throttles", "Sum", [metrics.throttles(table.setting, way) for table in TABLES for way in _WAYS]
        ),
    ]
    for place, widget in enumerate(widgets):
        row, column = divmod(place, 2)
        widget |= {"x": column * _WIDTH, "y": row * _HEIGHT, "width": _WIDTH, "height": _HEIGHT}
    properties = {"DashboardName": metrics.STACK, "DashboardBody": {"Fn::Sub": json.dumps({"widgets": widgets})}}
    return {"Dashboard": {"Type": "AWS::CloudWatch::Dashboard", "Properties": properties}}


_WAYS = ("Read", "Write")


def _sweep(handler: str, what: str) -> Metric:
    return metrics.own(f"sweep_{what}", handler=handler)


def _graph(title: str, statistic: str, watched: list[Metric]) -> Widget:
    lines = [[_text(each.namespace), each.name, *_dimensions(each)] for each in watched]
    shown = {"title": title, "view": "timeSeries", "stat": statistic, "period": 300}
    return {"type": "metric", "properties": {**shown, "region": _REGION, "metrics": lines}}


def _dimensions(metric: Metric) -> list[str]:
    return [text for name, value in metric.dimensions.items() for text in (name, _text(value))]


def _text(value: str | dict[str, Any]) -> str:
    """Inside the text that CloudFormation fills in."""
    if isinstance(value, str):
        return value
    return str(value["Fn::Sub"]) if "Fn::Sub" in value else f"${{{value['Ref']}}}"


def _latency_by_route() -> Widget:
    """From the log: a metric for each route would cost more than all the functions."""
    serving = [name for name, function in FUNCTIONS.items() if function.room != "none"]
    sources = " | ".join(f"SOURCE '/aws/lambda/${{AWS::StackName}}-{name}'" for name in serving)
    times = ", ".join(f"pct(milliseconds, {percent}) as p{percent}" for percent in (50, 95, 99))
    query = f"{sources} | filter message = 'request' | stats count(*) as requests, {times} by route | sort p95 desc"
    shown = {"title": "Requests and latency by route, ms", "view": "table"}
    return {"type": "log", "properties": {**shown, "region": _REGION, "query": query}}
