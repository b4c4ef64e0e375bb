"""What finding a login takes, by whether anybody has the name; and what a privilege costs to check."""

import time
from statistics import median
from typing import NamedTuple

from benchmarks.recorder import recorded
from chalicelib.identity.tables import FailuresRow
from tests.api import Api
from tests.cast import Cast
from tests.identity.steps import WRONG

TRIES = 200


class Times(NamedTuple):
    """Medians of CPU seconds of a find that is refused."""

    known: float
    unknown: float

    @property
    def apart(self) -> float:
        """How far the two are from each other, as a share."""
        return max(self) / min(self) - 1


def found(api: Api, cast: Cast) -> Times:
    """So many refused finds of a username that there is and of one that nobody has, by turns, argon2 and all."""
    names = {"cleo": list[float](), "nobody": list[float]()}
    for number in range(TRIES + 1):
        for username, seconds in names.items():
            body = {"username": username, "password": WRONG}
            begun = time.process_time()
            answer = api.post("/accounts/find", body, cast.outsider.token)
            if number:  # the first one is not warm
                seconds.append(time.process_time() - begun)
            if answer.status_code != 404:
                raise AssertionError(answer.body)
            for owner, place in ((username, "anywhere"), (cast.outsider.username, "find")):
                FailuresRow.key(owner, place).row().delete()  # so that nobody has to wait
    return Times(*map(median, names.values()))


def checked(api: Api, cast: Cast) -> dict[str, int]:
    """AWS calls of `GET /providers/{id}` by who asks: the session's read is one, and finds the account, too."""
    people: dict[str, str] = {
        "a site admin, who needs no grant": cast.site_admin.token,
        "a grant to an account of the own practice": cast.clinician.token,
        "a grant to an account of another practice": cast.master.token,
    }
    return {who: _calls(api, f"/providers/{cast.provider_id}", token) for who, token in people.items()}


def _calls(api: Api, path: str, token: str) -> int:
    with recorded() as calls:
        api.get(path, token)
    return len([call for call in calls if not call.touch])
