"""Trouble with AWS is no fault of the caller's, and passes: 503, with a time to try again."""

import pytest

from tests.api import Api
from tests.cast import Cast
from tests.identity.steps import WRONG, sign_in
from tests.simulation.scheduler import Fault, Scheduler, Strike


@pytest.mark.parametrize("fault", ["request lost", "throttled"])
@pytest.mark.parametrize("call", [1, 2])
def test_a_read_or_a_note_that_fails_is_answered_503(api: Api, cast: Cast, fault: Fault, call: int) -> None:
    (outcome,) = Scheduler(strikes=[Strike(fault, call)]).run(lambda: sign_in(api, "pat", WRONG))
    assert outcome.value.status_code == 503
    assert outcome.value.headers["Retry-After"] == "1"
