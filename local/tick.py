"""Asks the running system to fire a scheduled handler."""

import http.client
import json
from pathlib import Path
from urllib.parse import urlsplit

_SECONDS = 120


class TickError(RuntimeError):
    """The handler did not run. The message is for a person to read."""


def address_file(home: Path) -> Path:
    """Where a running system writes its URL."""
    return home / "address"


def tick(home: Path, name: str, at: str | None) -> str:
    """Fire the handler; gives its report as JSON. Raises TickError with the reason why it did not run."""
    not_running = TickError("The system isn't running. Start it with `make run`.")
    try:
        address = urlsplit(address_file(home).read_text()).netloc
    except FileNotFoundError:
        raise not_running from None
    connection = http.client.HTTPConnection(address, timeout=_SECONDS)
    command = {"name": name} if at is None else {"name": name, "at": at}
    try:
        connection.request("POST", "/_local/tick", json.dumps(command), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        result = json.load(answer)
    except (ConnectionError, http.client.HTTPException, ValueError):
        # After a kill the address stays behind, and by now anybody may listen there.
        raise not_running from None
    except TimeoutError:
        raise TickError(f"The handler still runs after {_SECONDS} s.") from None
    finally:
        connection.close()
    if answer.status != http.client.OK:
        raise TickError(result["detail"])
    return json.dumps(result, indent=2)
