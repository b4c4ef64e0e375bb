"""The packaged system on an engine that enforces IAM: requests to it, and what it says of itself."""

import json
import re
import time
from typing import Any, NamedTuple

from chalicelib.http import ROUTES
from chalicelib.identity.sessions import Token
from chalicelib.serving import ENDPOINTS
from deploy import names
from deploy.functions import FUNCTIONS
from deploy.stages import Stage
from deploy.target import Target
from local.deployed import api_url
from local.engine import Engine
from tests.e2e.running import Answer, send, until
from tests.tour.requests import route_of

ROUTED = {route.name: names.serving(route.room) for route in ROUTES}
"""The function that has to serve each route."""
NOBODY = Token.new("prc_nobody", "nobody").text
"""The token of a session that there never was: whoever sends it costs a read of the tables."""
_DENIED = re.compile(r"^denied: \S+/(\S+) (\S+) (\S+)$", re.MULTILINE)
_START = re.compile(r"START RequestId: (\S+)")
_EVENT = {
    "version": "0",
    "id": "3f0c0a52-9d3a-4f3c-8a39-6f1a4cc0a7b1",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "000000000000",
    "time": "2026-01-01T00:00:00Z",
    "region": "us-east-1",
    "resources": [],
    "detail": {},
}
_OWN_EVENTS = {"check_image": {"source": "quarantine/probe", "image": "", "thumbnail": ""}}
"""What invokes a function that neither a route nor a schedule leads to."""


class Denial(NamedTuple):
    """What IAM refused to a function."""

    function: str
    action: str
    resource: str

    def __str__(self) -> str:
        return f"AccessDenied in {self.function} for {self.action} on {self.resource}"


class Deployed:
    """One stage. Every request is held to the function that its route belongs to, and to IAM."""

    def __init__(self, engine: Engine, target: Target, stage: Stage) -> None:
        self.target = target
        self.stage = stage
        self._engine = engine
        self._logs = target.client("logs")
        self._ran: set[str] = set()

    @property
    def url(self) -> str:
        """Where the API answers now: an update may move it."""
        return api_url(self._engine.url, self.stage.outputs())

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """One request; underscores in the names of headers stand for hyphens.

        Fails, with the sentence that tells why, when another function than its route's ran, or the answer is 5xx.
        """
        self._just_ran()
        denied_before = len(self.denials())
        answer = send(self.url, method, path, body, headers)
        route = route_of(method, path)
        ran = until(self._just_ran, f"{route} in a log")
        assert ran == {ROUTED[route]}, f"{route} ran in {', '.join(sorted(ran))}, not {ROUTED[route]}"
        denied = "; ".join(str(each) for each in self.denials()[denied_before:])
        assert answer.status < 500, f"{route} answered {answer.status}. {denied or answer.body}"
        return answer

    def invoke(self, function: str, event: dict[str, Any] | None = None) -> Any:
        """What a function without routes answers; without an event it gets a schedule's."""
        payload = json.dumps(_EVENT if event is None else event).encode()
        done = self.target.client("lambda").invoke(FunctionName=self.name_of(function), Payload=payload)
        answer = json.load(done["Payload"])
        assert "FunctionError" not in done, f"{function} failed: {answer}"
        return answer

    def denials(self) -> list[Denial]:
        """Everything that IAM refused to a function of this stage so far."""
        prefix = self.name_of("")
        found = [Denial(*each) for each in _DENIED.findall(self._engine.log.read_text(errors="replace"))]
        return [
            each._replace(function=each.function.removeprefix(prefix))
            for each in found
            if each.function.startswith(prefix)
        ]

    def log(self, function: str) -> list[dict[str, Any]]:
        """The JSON lines that a function has logged."""
        return [json.loads(line) for line in self._messages(function) if line.startswith("{")]

    def name_of(self, function: str) -> str:
        """A function's physical name."""
        return f"{self.stage.stack.name}-{function}"

    def resource(self, name: str) -> str:
        """The physical name of a resource of the template."""
        cloudformation = self.target.client("cloudformation")
        found = cloudformation.describe_stack_resource(StackName=self.stage.stack.name, LogicalResourceId=name)
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def _just_ran(self) -> set[str]:
        """The functions with routes that ran since the last look."""
        ran = set()
        for function in set(ROUTED.values()):
            started = set(_START.findall("\n".join(self._messages(function))))
            if started - self._ran:
                ran.add(function)
            self._ran |= started
        return ran

    def _messages(self, function: str) -> list[str]:
        pages = self._logs.get_paginator("filter_log_events").paginate(
            logGroupName=f"/aws/lambda/{self.name_of(function)}"
        )
        return [event["message"] for page in pages for event in page["events"]]


class Latency(NamedTuple):
    """How long a function took for its first request and, in the median, for later ones; seconds."""

    cold: float
    warm: float


def latencies(deployed: Deployed, times: int) -> dict[str, Latency]:
    """Start every function, one after the other, and ask it again some times."""
    return {function: _latency(deployed, function, times) for function in FUNCTIONS}


def _latency(deployed: Deployed, function: str, times: int) -> Latency:
    taken = []
    for _ in range(times + 1):
        began = time.perf_counter()
        ask(deployed, function)
        taken.append(time.perf_counter() - began)
    return Latency(taken[0], sorted(taken[1:])[times // 2])


def ask(deployed: Deployed, function: str) -> None:
    """The least that makes a function do its work: a request by nobody, or what else invokes it."""
    routes = [each for each in ENDPOINTS if names.serving(each.room) == function]
    if not routes:
        deployed.invoke(function, _OWN_EVENTS.get(function))
        return
    route = min(routes, key=lambda each: (each.method != "GET", "{" in each.path, routes.index(each)))
    answer = send(deployed.url, route.method, route.path, None, {"Authorization": f"Bearer {NOBODY}"})
    assert answer.status in (200, 303, 401), f"{route.name}: {answer}"
