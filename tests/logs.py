"""What the code logs, and the metrics among it, as CloudWatch gets them."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib import telemetry

Lines = list[dict[str, Any]]


class _Kept(logging.Handler):
    def __init__(self, lines: Lines) -> None:
        super().__init__()
        self._lines = lines
        self.setFormatter(telemetry._JsonLines())

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(json.loads(self.format(record)))


@contextmanager
def logged() -> Iterator[Lines]:
    """Every line that is logged inside the block."""
    lines: Lines = []
    handler = _Kept(lines)
    telemetry._logger.addHandler(handler)
    try:
        yield lines
    finally:
        telemetry._logger.removeHandler(handler)


def metrics(lines: Lines) -> list[tuple[str, float, dict[str, str]]]:
    """Name, value and dimensions of every metric among the lines, read as CloudWatch reads them."""
    return [
        (metric["Name"], line[metric["Name"]], {name: line[name] for name in dimensions})
        for line in lines
        for group in line.get("_aws", {}).get("CloudWatchMetrics", ())
        for dimensions in group["Dimensions"]
        for metric in group["Metrics"]
    ]
