"""The schedules: handlers found in the app, run by themselves and on demand, whatever one of them does."""

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from chalice.app import Chalice, CloudWatchEvent, Cron, Rate

from chalicelib import clock
from local.schedules import Schedules


def test_a_handler_runs_with_its_clock_where_it_was_asked_to() -> None:
    app = Chalice("test")

    @app.schedule(Rate(1, unit=Rate.DAYS), name="tell_time")
    def tell_time(event: CloudWatchEvent) -> dict[str, Any]:
        context: Any = event.context
        return {"now": clock.now(), "time": event.time, "left": context.get_remaining_time_in_millis() > 50_000}

    schedules = Schedules(app)
    at = datetime(2026, 7, 8, 17, tzinfo=UTC)
    assert schedules.names == ["tell_time"]
    assert schedules.run("tell_time", at) == {"now": at, "time": "2026-07-08T17:00:00Z", "left": True}
    assert clock.now() != at
    with pytest.raises(KeyError):
        schedules.run("no_such")


def test_runs_on_when_a_handler_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.schedules._SOONER", {"stumble": 0.01})
    app, runs, third = Chalice("test"), [], threading.Event()

    @app.schedule(Rate(1, unit=Rate.MINUTES), name="stumble")
    def stumble(event: CloudWatchEvent) -> None:
        runs.append("stumble")
        if runs.count("stumble") == 3:
            third.set()
        raise OSError

    @app.schedule(Cron(0, 0, 1, "*", "?", "*"), name="monthly")
    def monthly(event: CloudWatchEvent) -> None:
        runs.append("monthly")

    schedules = Schedules(app)
    schedules.start()
    assert third.wait(10)
    schedules.stop()
    assert set(runs) == {"stumble"}
