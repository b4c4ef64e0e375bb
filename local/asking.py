"""Asks the running system for what only the local one does: firing a scheduled handler, a command of staff."""

import http.client
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_SECONDS = 120


class AskError(RuntimeError):
    """It was not done. The message is for a person to read."""


def address_file(home: Path) -> Path:
    """Where a running system writes its URL."""
    return home / "address"


def tick(home: Path, name: str, at: str | None) -> str:
    """Fire the handler; gives its report as JSON. Raises AskError with the reason why it did not run."""
    return _ask(home, "/_local/tick", {"name": name} if at is None else {"name": name, "at": at})


def staff(home: Path, command: str, facts: list[str]) -> str:
    """Run a staff command with facts such as "practice_id=prc_1"; gives its answer as JSON. Raises AskError."""
    pairs = [fact.partition("=") for fact in facts]
    if wrong := [fact for fact, (_, sign, _) in zip(facts, pairs, strict=True) if not sign]:
        raise AskError(f"Write facts as name=value, unlike {wrong[0]}.")
    payload = {"command": command, "staff": "local", **{name: value for name, _, value in pairs}}
    return _ask(home, "/_local/staff", payload)


def _ask(home: Path, path: str, command: dict[str, Any]) -> str:
    not_running = AskError("The system isn't running. Start it with `make run`.")
    try:
        address = urlsplit(address_file(home).read_text()).netloc
    except FileNotFoundError:
        raise not_running from None
    connection = http.client.HTTPConnection(address, timeout=_SECONDS)
    try:
        connection.request("POST", path, json.dumps(command), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        result = json.load(answer)
    except (ConnectionError, http.client.HTTPException, ValueError):
        # After a kill the address stays behind, and by now anybody may listen there.
        raise not_running from None
    except TimeoutError:
        raise AskError(f"It still runs after {_SECONDS} s.") from None
    finally:
        connection.close()
    if answer.status != http.client.OK:
        raise AskError(result["detail"])
    return json.dumps(result, indent=2)
