"""When the scheduled handlers run, as `app.py` says."""

import re

from chalice.app import ScheduledEventConfig, ScheduleExpression

import app

HOUR, DAY = 3600, 86_400
_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_UNITS = {"minute": 60, "hour": HOUR, "day": DAY}


def schedules() -> dict[str, str]:
    """The schedule of each handler, as EventBridge has it."""
    events = (each for each in app.app.event_sources if isinstance(each, ScheduledEventConfig))
    return {each.name: _text(each.schedule_expression) for each in events}


def _text(expression: str | ScheduleExpression) -> str:
    return expression if isinstance(expression, str) else expression.to_string()


def period(schedule: str) -> int:
    """The seconds from one run to the next. Raises ValueError for a schedule of a new kind."""
    if rate := _RATE.fullmatch(schedule):
        return int(rate[1]) * _UNITS[rate[2]]
    hours_of_a_month(schedule)
    return HOUR


def hours_of_a_month(schedule: str) -> tuple[int, int, int] | None:
    """First hour, last hour and day of the month (UTC) of what runs hourly on one day; None for what runs always.

    Raises ValueError for a schedule of a new kind.
    """
    if _RATE.fullmatch(schedule):
        return None
    if cron := re.fullmatch(r"cron\(0 (\d+)-(\d+) (\d+) \* \? \*\)", schedule):
        first, last, day = map(int, cron.groups())
        return first, last, day
    raise ValueError(f"nothing here says when {schedule} is late")
