"""EventBridge's part: runs the scheduled handlers of app.py, by the clock or on demand."""

import threading
import uuid
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from chalice.app import Chalice, Rate, ScheduledEventConfig
from chalice.local import LambdaContext

from chalicelib import clock, telemetry

# Mail should come, and patients should move, while one waits for it. What the deployed system looks for every few
# minutes is looked for every minute: nobody wants to wait, and a run with nothing due costs nothing.
_SECONDS = {Rate.MINUTES: 60, Rate.HOURS: 3600, Rate.DAYS: 86_400}
_SOONER = {"relay_events": 2, "continue_reassignments": 2, "continue_code_copies": 2}
_JOIN_SECONDS = 10
_MILLISECONDS = 60_000


class Schedules:
    """The scheduled handlers of an app. One handler never runs twice at a time."""

    def __init__(self, app: Chalice) -> None:
        self._app = app
        self._events = {each.name: each for each in app.event_sources if isinstance(each, ScheduledEventConfig)}
        self._locks = {name: threading.Lock() for name in self._events}
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    @property
    def names(self) -> list[str]:
        """The handlers, by name."""
        return sorted(self._events)

    def run(self, name: str, at: datetime | None = None) -> dict[str, Any]:
        """Run a handler now, with its clock at `at`; gives its report. Raises KeyError, and what the handler raises."""
        event = {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": "000000000000",
            "time": clock.to_text(at or clock.now()),
            "region": "us-east-1",
            "resources": [name],
            "detail": {},
        }
        with self._locks[name], clock.frozen(at) if at else nullcontext():
            report: dict[str, Any] = self._app.handler_map[name](event, LambdaContext(name, 256, _MILLISECONDS))
        return report

    def start(self) -> None:
        """Run each handler now, and then again and again, in the background.

        Those of a cron expression run on demand alone.
        """
        for name, event in self._events.items():
            rate = event.schedule_expression
            if isinstance(rate, Rate):
                seconds = _SOONER.get(name, _SECONDS[rate.unit])
                self._threads.append(threading.Thread(target=self._repeat, args=(name, seconds), daemon=True))
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let the runs under way come to their end, and start no more."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(_JOIN_SECONDS)

    def _repeat(self, name: str, seconds: float) -> None:
        while True:
            try:
                self.run(name)
            except Exception as error:  # the next run may do better, as in AWS
                telemetry.failure("a scheduled handler failed", error, handler=name)
            if self._stopping.wait(seconds):
                break
