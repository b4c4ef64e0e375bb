"""What an operation is, and how one is declared: over HTTP, as a scheduled event, inside another room's commit."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from chalicelib import clock
from chalicelib.errors import Problem
from chalicelib.model import Actor, Practice
from chalicelib.store import Commit, Context
from tests.simulation.script import PEOPLE
from tests.simulation.stage import Stage


class Answer(NamedTuple):
    """What a caller saw. A sweep answers 200."""

    status: int
    body: Any = None


@dataclass(frozen=True)
class Operation:
    """One request or event, repeated alike.

    `actor`: the username that acts, "" for the system. `names`: usernames that it names beside its own.
    `proves`: the login that it proves to be its own, too.
    `changes`: the type of the event that one success makes, "" for none.
    `factor`: the attribute in which its code is used up, "" without one.
    `keyed`: it has an Idempotency-Key. `quiet`: it may succeed without a change.
    `ahead`: how much later its clock is.
    `account`: where it needs the privilege that its route asks for.
    `waiting`: the kind of due work that a sweep does, "" for whatever is no sweep.
    """

    route: str
    act: Callable[[Stage], Answer]
    actor: str = ""
    names: tuple[str, ...] = ()
    proves: str = ""
    changes: str = ""
    factor: str = ""
    keyed: bool = False
    quiet: bool = False
    ahead: timedelta = timedelta(0)
    waiting: str = ""
    account: Callable[[Stage], str] = lambda stage: stage.provider_id


AWS_TROUBLE = (PynamoDBException, BotoCoreError, ClientError)
OPERATIONS: dict[str, Operation] = {}


def declare(name: str, operation: Operation) -> None:
    """Add an operation. Raises ValueError for a name that is taken."""
    if name in OPERATIONS:
        raise ValueError(f"two operations are called {name}")
    OPERATIONS[name] = operation


def request(
    name: str,
    route: str,
    body: Callable[[Stage], Any] = lambda _: None,
    *,
    parameter: Callable[[Stage], str] = lambda _: "",
    token: Callable[[Stage], str] | None = None,
    version: str = "",
    actor: str = "",
    signed_in: bool = True,
    **facts: Any,
) -> None:
    """Declare an operation over HTTP. `parameter` gives the route's path parameters, with blanks between them;
    `version` is what it sends as If-Match."""
    method, path = route.split(" ")

    def act(stage: Stage) -> Answer:
        values = iter(parameter(stage).split())
        filled = re.sub(r"{\w+}", lambda _: next(values), path)
        bearer = token(stage) if token else stage.tokens[actor] if signed_in else None
        key = f"key of {name}" if facts.get("keyed") else None
        headers = {"If-Match": version} if version else {}
        answer = stage.api.request(method, filled, body(stage), token=bearer, key=key, headers=headers)
        return Answer(answer.status_code, answer.body)

    declare(name, Operation(route, act, actor, **facts))


def event(name: str, handler: str, **facts: Any) -> None:
    """Declare a scheduled event."""

    def act(stage: Stage) -> Answer:
        try:
            return _ended(stage.api.tick(handler))
        except AWS_TROUBLE:  # Lambda calls again
            return Answer(503)

    declare(name, Operation(handler, act, quiet=True, **facts))


def staff(name: str, command: str, facts_of: Callable[[Stage], dict[str, Any]], actor: str, **facts: Any) -> None:
    """Declare a staff command."""

    def act(stage: Stage) -> Answer:
        return _in_a_function(lambda: _ended(stage.api.staff(command, **facts_of(stage))))

    declare(name, Operation(f"staff {command}", act, actor, **facts))


def inside(
    name: str, work: Callable[[Commit, Stage], Any], changes: str, actor: str = "ada", names: tuple[str, ...] = ()
) -> None:
    """Declare what other rooms do with licenses and grants inside commits of their own."""

    def act(stage: Stage) -> Answer:
        practice = Practice(stage.practices[PEOPLE[actor]], "Elm Street Clinic", "America/Chicago", "standard")
        commit = Commit(Context(Actor(actor, practice.id), clock.now(), "simulated", practice=practice))

        def change() -> Answer:
            work(commit, stage)
            return Answer(200, commit.write(None))

        return _in_a_function(change)

    declare(name, Operation("", act, actor, names, changes=changes))


def _ended(result: dict[str, Any]) -> Answer:
    """The answer of a handler: a problem has its status, and what is not finished is to be called again."""
    if "problem" in result:
        return Answer(result["problem"]["status"], result["problem"]["code"])
    return Answer(200 if result.get("finished", True) else 503)


def _in_a_function(work: Callable[[], Answer]) -> Answer:
    """What the caller of a function sees, as the route decorator would say it."""
    try:
        return work()
    except Problem as problem:
        return Answer(problem.status, problem.code)
    except AWS_TROUBLE:
        return Answer(503)
