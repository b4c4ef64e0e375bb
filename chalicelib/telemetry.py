"""Structured logs and metrics: one JSON object per line, and CloudWatch's embedded metric format.

A line carries ids, codes and numbers. It never carries a body, a header, an exception's message or any other
text that a customer typed: a traceback is logged as the places it went through.
"""

import json
import logging
import sys
import traceback
from typing import Any

from chalicelib import clock, config

_logger = logging.getLogger("practice_admin.telemetry")  # Chalice has a handler on the name of the app


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {"at": clock.to_text(clock.now()), "level": record.levelname, "message": record.msg}
        line |= getattr(record, "facts", {})
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["places"] = [f"{f.filename}:{f.lineno}:{f.name}" for f in traceback.extract_tb(record.exc_info[2])]
        return json.dumps(line, default=str)


def set_up() -> None:
    """Send the project's log lines to standard output, which Lambda ships to CloudWatch."""
    if not _logger.handlers:
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(_JsonLines())
        _logger.addHandler(handler)
        _logger.propagate = False
    _logger.setLevel(config.get("LOG_LEVEL"))


def info(message: str, **facts: Any) -> None:
    """Log a fixed `message` with facts beside it."""
    _logger.info(message, extra={"facts": facts})


def failure(message: str, error: BaseException, **facts: Any) -> None:
    """Log an unexpected exception: its type, where it came from and AWS's code, without its message."""
    _logger.error(message, exc_info=error, extra={"facts": {"aws_code": _aws_code(error), **facts}})


def _aws_code(error: BaseException | None) -> str | None:
    """The error code of AWS behind an exception ("ThrottlingException"); codes carry no customer's text."""
    while error is not None:
        response = getattr(error, "response", None)
        if isinstance(response, dict):
            return str(response.get("Error", {}).get("Code"))
        error = error.__cause__ or error.__context__
    return None


def metric(name: str, value: float, unit: str = "Count", **dimensions: str) -> None:
    """One metric value, in CloudWatch's embedded metric format."""
    _logger.info(
        "metric",
        extra={
            "facts": {
                "_aws": {
                    "Timestamp": int(clock.now().timestamp() * 1000),
                    "CloudWatchMetrics": [
                        {
                            "Namespace": config.get("METRICS_NAMESPACE"),
                            "Dimensions": [list(dimensions)],
                            "Metrics": [{"Name": name, "Unit": unit}],
                        }
                    ],
                },
                name: value,
                **dimensions,
            }
        },
    )


def work_failed(handler: str) -> None:
    """Count one piece of a scheduled handler's work that could not be done: its alarm rests on this."""
    metric("sweep_failed", 1, handler=handler)
