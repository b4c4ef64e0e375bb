"""The clocks of a ticket: how soon Support first answers, and solves it. Pure; the time is an argument.

A clock runs while the ticket is with Support, stands while it waits on the customer or is solved, and goes on with what
it had left. Emergencies count every second, all others those of service time in the practice's time zone.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import msgspec

from chalicelib import clock
from chalicelib.support import business_hours
from chalicelib.support.model import CLOCKS, Clock, ClockName, Priority, Sla

_HOUR: Final = 3600
PROMISED: Final[dict[Priority, dict[ClockName, int]]] = {
    "emergency": {"first_response": _HOUR // 2, "resolution": 4 * _HOUR},
    "high": {"first_response": _HOUR, "resolution": 8 * _HOUR},
    "normal": {"first_response": 6 * _HOUR, "resolution": 24 * _HOUR},
    "low": {"first_response": 24 * _HOUR, "resolution": 80 * _HOUR},
}
"""Seconds."""


def start(priority: Priority, zone: str, now: datetime) -> Sla:
    """The clocks of a new ticket."""
    return Sla(**{name: Clock(due=_after(priority, zone, now, PROMISED[priority][name])) for name in CLOCKS})


def pause(sla: Sla, priority: Priority, zone: str, now: datetime) -> Sla:
    """The clocks that run stand still, and keep what they have left."""
    return _each(
        sla,
        lambda each: Clock(left=max(0, _left(each, priority, zone, now)), breached_at=_breached_at(each, now)),
    )


def resume(sla: Sla, priority: Priority, zone: str, now: datetime) -> Sla:
    """The clocks go on with what they had left."""
    return _each(
        sla,
        lambda each: Clock(
            due=_after(priority, zone, now, _left(each, priority, zone, now)), breached_at=each.breached_at
        ),
    )


def answered(sla: Sla, now: datetime) -> Sla:
    """Support answered for the first time, or once more."""
    first = sla.first_response
    if first.met_at is not None:
        return sla
    met = Clock(due=first.due, met_at=clock.to_text(now), breached_at=_breached_at(first, now))
    return msgspec.structs.replace(sla, first_response=met)


def change_priority(sla: Sla, old: Priority, new: Priority, zone: str, now: datetime) -> Sla:
    """The promises of another priority, less the time that is used up already. What was breached stays so."""
    clocks: dict[str, Clock] = {}
    for name in CLOCKS:
        each: Clock = getattr(sla, name)
        if each.met_at is not None:
            clocks[name] = each
            continue
        used = PROMISED[old][name] - _left(each, old, zone, now)
        left = max(0, PROMISED[new][name] - used)
        runs = each.due is not None
        clocks[name] = Clock(
            due=_after(new, zone, now, left) if runs else None,
            left=None if runs else left,
            breached_at=_breached_at(each, now),
        )
    return Sla(**clocks)


def breach(sla: Sla, now: datetime) -> tuple[Sla, list[ClockName]]:
    """The clocks that ran out before `now` and were not told of, marked as told of; and their names."""
    at = clock.to_text(now)
    names: list[ClockName] = [name for name in CLOCKS if _is_out(getattr(sla, name), at)]
    marked = {name: msgspec.structs.replace(getattr(sla, name), breached_at=at) for name in names}
    return msgspec.structs.replace(sla, **marked), names


def newly_breached(before: Sla, after: Sla) -> list[ClockName]:
    """The clocks that a change found to have run out."""
    return [name for name in CLOCKS if getattr(before, name).breached_at != getattr(after, name).breached_at]


def next_breach(sla: Sla) -> str | None:
    """When the next clock runs out that nobody was told of; None while none runs."""
    return min((each.due for each in _running(sla) if each.breached_at is None), default=None)  # type: ignore[type-var]


def next_due(sla: Sla) -> str | None:
    """When the first of the clocks that run is due, or was; None while none runs."""
    return min((each.due for each in _running(sla)), default=None)  # type: ignore[type-var]


def _running(sla: Sla) -> list[Clock]:
    clocks = (sla.first_response, sla.resolution)
    return [each for each in clocks if each.due is not None and each.met_at is None]


def _breached_at(each: Clock, now: datetime) -> str | None:
    """Whatever stops or changes a clock that ran out tells of that itself: the schedule would find it no more."""
    at = clock.to_text(now)
    return at if _is_out(each, at) else each.breached_at


def _is_out(each: Clock, at: str) -> bool:
    return each.due is not None and each.due < at and each.met_at is None and each.breached_at is None


def _each(sla: Sla, change: Callable[[Clock], Clock]) -> Sla:
    """All clocks but those that are met."""
    clocks: list[Clock] = [getattr(sla, name) for name in CLOCKS]
    return Sla(*(each if each.met_at is not None else change(each) for each in clocks))


def _after(priority: Priority, zone: str, now: datetime, seconds: int) -> str:
    if priority == "emergency":
        return clock.to_text(now + timedelta(seconds=seconds))
    return clock.to_text(business_hours.after(now, seconds, zone))


def _left(each: Clock, priority: Priority, zone: str, now: datetime) -> int:
    """Seconds; below zero since it ran out."""
    if each.due is None:
        return each.left or 0
    due = clock.from_text(each.due)
    if priority == "emergency":
        return int((due - now).total_seconds())
    return business_hours.between(now, due, zone) - business_hours.between(due, now, zone)
