"""When AWS does not answer: 503 with Retry-After, a line in the log that says why, and no message of AWS in it. What it
refuses for a mistake of ours: 500.
"""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from botocore.exceptions import ParamValidationError
from pynamodb.exceptions import CancellationReason, QueryError, TransactWriteError, VerboseClientError

from chalicelib import dynamo
from tests.api import Api
from tests.cast import PASSWORD, Cast
from tests.identity.steps import WRONG, sign_in
from tests.simulation.faults import Fault, Strike
from tests.simulation.scheduler import Scheduler


@contextmanager
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[logging.Logger]:
    """Take note of what the product logs, which goes by pytest."""
    logger = logging.getLogger("practice_admin.telemetry")
    logger.addHandler(caplog.handler)
    try:
        yield logger
    finally:
        logger.removeHandler(caplog.handler)


@pytest.mark.parametrize("fault", ["request lost", "throttled"])
@pytest.mark.parametrize("call", [1, 2])
def test_a_signed_in_request_is_answered_503(api: Api, cast: Cast, fault: Fault, call: int) -> None:
    (outcome,) = Scheduler(strikes=[Strike(fault, call)]).run(lambda: api.get("/license-orders", cast.site_admin.token))
    answer = outcome.value
    assert (answer.status_code, answer.json_body["code"], answer.headers["Retry-After"]) == (503, "unavailable", "1")


@pytest.mark.parametrize("fault", ["request lost", "throttled"])
@pytest.mark.parametrize("call", [1, 2])
def test_a_failed_sign_in_that_can_not_be_counted_is_answered_503(
    api: Api, cast: Cast, fault: Fault, call: int
) -> None:
    (outcome,) = Scheduler(strikes=[Strike(fault, call)]).run(lambda: sign_in(api, "pat", WRONG))
    assert outcome.value.status_code == 503


def _refused(code: str, *reasons: str) -> VerboseClientError:
    cancelled = [CancellationReason(reason) for reason in reasons]
    return VerboseClientError({"Error": {"Code": code}}, "Query", cancellation_reasons=[None, *cancelled])


@pytest.mark.parametrize(
    "error",
    [
        ParamValidationError(report="Invalid type for parameter Key.pk.S, value: None"),
        _refused("ValidationException"),
        QueryError(cause=_refused("ValidationException")),
        TransactWriteError("", _refused("TransactionCanceledException", "ValidationError")),
    ],
)
def test_a_call_that_is_refused_for_what_it_says_is_answered_500(
    api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def refused(_: object) -> None:
        raise error

    monkeypatch.setattr(dynamo, "_batch_get", refused)
    with logged(caplog):
        answer = api.get("/practice", cast.site_admin.token)
    assert (answer.status_code, answer.json_body["code"]) == (500, "internal_error")
    assert "Retry-After" not in answer.headers
    assert [record.msg for record in caplog.records if record.levelname == "ERROR"] == ["unexpected error"]


def test_ready_says_when_it_is_not(api: Api) -> None:
    (outcome,) = Scheduler(strikes=[Strike("request lost", 1)]).run(lambda: api.get("/ready"))
    assert outcome.value.status_code == 503


def test_a_sign_in_without_the_key_service_is_answered_503(api: Api, cast: Cast) -> None:
    body = {"username": "ada", "password": PASSWORD, "totp": cast.site_admin.code()}
    (outcome,) = Scheduler(strikes=[Strike("throttled", 2)]).run(lambda: api.post("/sessions", body))
    assert outcome.value.status_code == 503


def test_the_log_names_awss_code_and_nothing_else(api: Api, cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    with logged(caplog) as logger:
        Scheduler(strikes=[Strike("throttled", 1)]).run(lambda: api.get("/licenses", cast.site_admin.token))
    (failure,) = [record for record in caplog.records if record.levelname == "ERROR"]
    line = logger.handlers[0].format(failure)
    assert json.loads(line)["aws_code"] == "ThrottlingException"
    assert "simulated" not in line
