"""Who makes the demo: a caller of the API, through the same door as everybody."""

import json
from typing import Any

from local.gateway import Gateway, Request


class DemoError(RuntimeError):
    """The demo practice can't be made. The message is for a person to read."""


class Caller:
    """Calls the API, as somebody signed in once there is a token."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self.token = ""

    def call(
        self, method: str, path: str, command: Any = None, *, key: str = "", expect: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """The answer's body; `key` tells requests to one path apart. Raises DemoError for a problem, unless its code
        is expected."""
        headers = {"content-type": "application/json", "idempotency-key": f"demo {path} {key}"}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        body = b"" if command is None else json.dumps(command).encode()
        answer = self._gateway.answer(Request(method, path, headers, body))
        result: dict[str, Any] = json.loads(answer.body or b"{}")
        if answer.status >= 400 and result["code"] not in expect:
            raise DemoError(f"The demo practice could not be made: {method} {path} answered {answer.body.decode()}")
        return result
