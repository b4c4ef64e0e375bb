"""Requests and runs of a tour, and the routes that they went through."""

import re
from itertools import count
from typing import Any

from chalicelib.http import ROUTES
from tests.api import Api, if_match


def route_of(method: str, path: str) -> str:
    """The name of the route that serves a request."""
    bare = path.partition("?")[0]
    return min(
        (
            route.name
            for route in ROUTES
            if route.method == method and re.fullmatch(re.sub(r"{\w+}", "[^/]+", route.path), bare)
        ),
        key=lambda name: name.count("{"),
    )


class Tour:
    """Requests, each with its own Idempotency-Key, and the routes they went through."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.walked: set[str] = set()
        self.key = count()

    def go(
        self,
        method: str,
        path: str,
        body: Any = None,
        token: str | None = None,
        *,
        status: int = 200,
        version: int | None = None,
        keyed: bool = True,
    ) -> Any:
        """One request that must be answered with `status`, an edit of `version`; gives the body."""
        key = f"tour {next(self.key)}" if keyed else None
        answer = self.api.request(method, path, body, token=token, key=key, headers=if_match(version))
        assert answer.status_code == status, (method, path, answer.body)
        self.walked.add(route_of(method, path))
        return answer.json_body if answer.body.startswith((b"{", b"[")) else None

    def staff(self, command: str, **facts: Any) -> None:
        """One staff command that must be carried out."""
        answer = self.api.staff(command, **facts)
        assert "problem" not in answer, answer

    def tick(self, handler: str, counted: str = "done") -> int:
        """One scheduled run that must do something, and without failures; gives how much, by its own count."""
        report = self.api.tick(handler)
        assert (report[counted] > 0, report["failed"]) == (True, 0), report
        return int(report[counted])

    def told(self, message: dict[str, Any]) -> None:
        """What SES tells, which must stop mail to an address."""
        assert self.api.told(message)["done"] == 1
