"""The program inside the engine's own environment: ministack, with its whole state kept on disk.

Left to itself ministack saves at a clean stop only, one file for each service. A kill would lose everything, and
files of two moments could stand side by side. Here one file holds all services as they were at one instant:
requests and snapshots share the event loop, so no snapshot falls inside a request.

Run by ``local.engine`` as ``engine_main.py STATE_DIRECTORY LISTENING_FD``. It ends, saving first, on SIGTERM and
when its standard input closes, which is how it learns that its parent is gone, however that came about.
"""

# mypy: disable-error-code="import-not-found"
# because ministack is installed in the engine's environment and not in the developer's.

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import ministack.app
from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack.core.persistence import _json_default, _json_object_hook

SNAPSHOT_EVERY_SECONDS = 1.0
CURRENT, PREVIOUS, UNFINISHED = "snapshot.json", "snapshot.previous.json", "snapshot.unfinished"

SERVICES = {
    name: import_module(f"ministack.services.{name}")
    for name in ("dynamodb", "kms", "s3", "secretsmanager", "ses", "ses_v2", "sns", "sqs")
}
# What ministack forgets at a restart although somebody may still have to read it: sent mail and stream records.
FORGOTTEN = (
    ("ses", "_sent_emails"),
    ("dynamodb", "_stream_records"),
    ("dynamodb", "_stream_trimmed"),
    ("dynamodb", "_stream_seq_counter"),
)


def say(sentence: str) -> None:
    """Write a line for the person at the terminal; ``local.engine`` passes on the lines that start like this."""
    print(f"engine: {sentence}", file=sys.stderr, flush=True)


def tell_denials() -> None:
    """Log who was refused what by IAM, where ministack enforces it: its answers leave out the resource."""
    from ministack.core import iam_evaluator

    enforce = iam_evaluator.enforce

    def enforce_and_tell(access_key: str, action: str, service: str, region: str, *rest: Any, **named: Any) -> Any:
        denied = enforce(access_key, action, service, region, *rest, **named)
        if isinstance(denied, iam_evaluator.EvalResult):
            print(f"denied: {denied.principal_arn} {action} {named.get('resource_arn', '*')}", flush=True)
        return denied

    iam_evaluator.enforce = enforce_and_tell


def dump() -> bytes:
    """Give the state of all services as JSON.

    :raises TypeError: a service holds something that JSON can't express
    """
    # Its expiry thread is the one thing that changes rows beside the event loop.
    with SERVICES["dynamodb"]._lock:
        services = {name: module.get_state() for name, module in SERVICES.items()}
        forgotten = {f"{service}.{name}": getattr(SERVICES[service], name) for service, name in FORGOTTEN}
        return json.dumps({"services": services, "forgotten": forgotten}, default=_json_default).encode()


def load(snapshot: bytes) -> None:
    """Put a dumped state into the services, which must be fresh.

    :raises Exception: the snapshot is damaged (ministack lets all sorts through); the services are then half filled
    """
    state: dict[str, Any] = json.loads(snapshot, object_hook=_json_object_hook)
    for service, data in state["services"].items():
        SERVICES[service].load_persisted_state(data)
    for variable, value in state["forgotten"].items():
        service, name = variable.split(".")
        setattr(SERVICES[service], name, value)


def restore(directory: Path) -> None:
    """Load the newest good snapshot. A damaged one is moved aside, and the program begins again without it."""
    for path in (directory / CURRENT, directory / PREVIOUS):
        try:
            load(path.read_bytes())
        except FileNotFoundError:
            continue
        except Exception as error:
            aside = path.with_name(f"{path.name}.damaged-{time.strftime('%Y%m%dT%H%M%S')}")
            path.rename(aside)
            say(f"{path} is damaged ({error!r}). It is kept as {aside.name}; an older state is used, if there is one.")
            # Services half filled from a bad file can't be emptied reliably; a new process can.
            os.execv(sys.executable, sys.orig_argv)  # noqa: S606  our own command line again
        return


class StateKeeper:
    """Serves ministack and writes a snapshot after requests that may have changed something."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._may_have_changed = False
        self._written = b""

    async def app(self, scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[..., Any]) -> None:
        """Answer one request, as ministack does (ASGI)."""
        try:
            await ministack.app.app(scope, receive, send)
        finally:
            if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD"):
                self._may_have_changed = True

    def save(self) -> bool:
        """Write a snapshot if there is something new, and tell whether all is on disk now.

        A failure is said and not raised, so that the next second can try again.
        """
        if not self._may_have_changed:
            return True
        try:
            snapshot = dump()
            if snapshot != self._written:
                self._write(snapshot)
        except Exception as error:
            say(f"the state could not be saved ({error!r}).")
            return False
        self._written, self._may_have_changed = snapshot, False
        return True

    def _write(self, snapshot: bytes) -> None:
        """Make this the current snapshot and the one before it the previous; a kill in between leaves one of them."""
        current, unfinished = self._directory / CURRENT, self._directory / UNFINISHED
        unfinished.write_bytes(snapshot)
        with contextlib.suppress(FileNotFoundError):
            current.replace(self._directory / PREVIOUS)
        unfinished.replace(current)


async def run(directory: Path, listening_fd: int) -> bool:
    """Serve on an open socket until told to stop; tell whether the last state is on disk."""
    loop, stop, keeper = asyncio.get_running_loop(), asyncio.Event(), StateKeeper(directory)

    def parent_is_gone() -> None:
        loop.remove_reader(sys.stdin)  # a closed pipe stays readable, and would call this for ever
        stop.set()

    async def save_until_stopped() -> None:
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), SNAPSHOT_EVERY_SECONDS)
            keeper.save()

    loop.add_reader(sys.stdin, parent_is_gone)
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    config = Config()
    config.bind = [f"fd://{listening_fd}"]
    config.loglevel = "WARNING"
    config.keep_alive_timeout = 75
    config.graceful_timeout = 2
    await serve(keeper.app, config, shutdown_trigger=save_until_stopped)
    return keeper.save()  # the requests that were still under way


if __name__ == "__main__":
    os.umask(0o077)
    state_directory = Path(sys.argv[1])
    restore(state_directory)
    tell_denials()
    sys.exit(0 if asyncio.run(run(state_directory, int(sys.argv[2]))) else 1)
