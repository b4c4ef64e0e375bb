"""The clocks of tickets, and service time."""

from datetime import UTC, datetime

import pytest

from chalicelib import clock
from chalicelib.support import business_hours, sla_rules
from chalicelib.support.model import Priority

NEW_YORK = "America/New_York"


def at(text: str) -> datetime:
    return clock.from_text(text + ("Z" if len(text) == 19 else ":00Z"))


@pytest.mark.parametrize(
    ("start", "hours", "zone", "end"),
    [
        ("2026-07-01T13:00", 1, NEW_YORK, "2026-07-01T14:00"),  # a Wednesday, 09:00 there
        ("2026-07-01T06:00", 1, NEW_YORK, "2026-07-01T13:00"),  # before it opens
        ("2026-07-01T20:30", 1, NEW_YORK, "2026-07-02T12:30"),  # half an hour of each day
        ("2026-07-01T12:00", 9, NEW_YORK, "2026-07-01T21:00"),  # a whole day ends that day
        ("2026-07-02T20:00", 2, NEW_YORK, "2026-07-06T13:00"),  # Friday 3 July is observed as a holiday
        ("2026-07-04T15:00", 1, NEW_YORK, "2026-07-06T13:00"),  # from a Saturday
        ("2026-11-25T21:30", 1, NEW_YORK, "2026-11-27T13:30"),  # Thanksgiving, in winter time
        ("2026-10-30T20:00", 2, NEW_YORK, "2026-11-02T14:00"),  # the clocks went back on Sunday
        ("2027-03-12T21:00", 2, NEW_YORK, "2027-03-15T13:00"),  # the clocks went forward on Sunday
        ("2026-07-01T13:00", 1, "Pacific/Honolulu", "2026-07-01T19:00"),
        ("2026-07-01T22:30", 1, "Asia/Tokyo", "2026-07-02T00:00"),  # 07:30 on Thursday there
        ("2026-07-01T13:00", 80, NEW_YORK, "2026-07-14T21:00"),
        ("2026-07-01T13:00", 0, NEW_YORK, "2026-07-01T13:00"),
    ],
)
def test_service_time_passes_on_business_days_from_8_to_17(start: str, hours: int, zone: str, end: str) -> None:
    ends = business_hours.after(at(start), hours * 3600, zone)
    assert clock.to_text(ends) == clock.to_text(at(end))
    assert business_hours.between(at(start), ends, zone) == hours * 3600


def test_no_service_time_lies_before_it() -> None:
    assert business_hours.between(at("2026-07-02T13:00"), at("2026-07-01T13:00"), NEW_YORK) == 0


WEDNESDAY = at("2026-07-01T13:00")


@pytest.mark.parametrize(
    ("priority", "first", "resolved"),
    [
        ("emergency", "2026-07-01T13:30:00Z", "2026-07-01T17:00:00Z"),
        ("high", "2026-07-01T14:00:00Z", "2026-07-01T21:00:00Z"),
        ("normal", "2026-07-01T19:00:00Z", "2026-07-06T19:00:00Z"),
        ("low", "2026-07-06T19:00:00Z", "2026-07-14T21:00:00Z"),
    ],
)
def test_each_priority_has_its_promises(priority: Priority, first: str, resolved: str) -> None:
    sla = sla_rules.start(priority, NEW_YORK, WEDNESDAY)
    assert (sla.first_response.due, sla.resolution.due) == (first, resolved)
    assert sla_rules.next_breach(sla) == first


def test_an_emergency_counts_nights_and_weekends() -> None:
    sla = sla_rules.start("emergency", NEW_YORK, datetime(2026, 7, 5, 3, tzinfo=UTC))
    assert sla.first_response.due == "2026-07-05T03:30:00Z"


def test_a_clock_that_stands_goes_on_with_what_it_had_left() -> None:
    sla = sla_rules.start("high", NEW_YORK, WEDNESDAY)
    stood = sla_rules.pause(sla, "high", NEW_YORK, at("2026-07-01T13:45"))
    assert (stood.first_response.left, stood.resolution.left) == (15 * 60, 7 * 3600 + 15 * 60)
    assert sla_rules.next_breach(stood) is None
    on = sla_rules.resume(stood, "high", NEW_YORK, at("2026-07-02T20:50"))
    assert on.first_response.due == "2026-07-06T12:05:00Z"


def test_an_answer_keeps_the_first_promise_for_good() -> None:
    sla = sla_rules.answered(sla_rules.start("high", NEW_YORK, WEDNESDAY), at("2026-07-01T13:10"))
    again = sla_rules.answered(sla, at("2026-07-01T13:20"))
    assert again.first_response.met_at == "2026-07-01T13:10:00Z"
    stood = sla_rules.resume(sla_rules.pause(again, "high", NEW_YORK, WEDNESDAY), "high", NEW_YORK, WEDNESDAY)
    assert stood.first_response == again.first_response
    assert sla_rules.next_breach(stood) == sla.resolution.due


def test_a_breach_is_told_of_once_for_each_promise_and_not_at_its_last_second() -> None:
    sla = sla_rules.start("high", NEW_YORK, WEDNESDAY)
    assert sla_rules.breach(sla, at("2026-07-01T14:00"))[1] == []
    late, names = sla_rules.breach(sla, at("2026-07-01T14:01"))
    assert names == ["first_response"]
    assert sla_rules.breach(late, at("2026-07-01T15:00"))[1] == []
    assert sla_rules.next_breach(late) == sla.resolution.due
    assert sla_rules.next_due(late) == sla.first_response.due
    later, names = sla_rules.breach(late, at("2026-07-02T15:00"))
    assert names == ["resolution"]
    assert sla_rules.next_breach(later) is None
    stood = sla_rules.resume(sla_rules.pause(later, "high", NEW_YORK, WEDNESDAY), "high", NEW_YORK, WEDNESDAY)
    assert sla_rules.breach(stood, at("2026-08-02T15:00"))[1] == []


def test_whatever_stops_a_clock_that_ran_out_notes_that_first() -> None:
    sla, late = sla_rules.start("high", NEW_YORK, WEDNESDAY), at("2026-07-01T14:02")
    answered = sla_rules.answered(sla, late)
    stood = sla_rules.pause(sla, "high", NEW_YORK, late)
    lower = sla_rules.change_priority(sla, "high", "low", NEW_YORK, late)
    for changed in (answered, stood, lower):
        assert changed.first_response.breached_at == "2026-07-01T14:02:00Z"
        assert sla_rules.newly_breached(sla, changed) == ["first_response"]
        assert sla_rules.breach(changed, at("2026-07-01T20:00"))[1] == []
    assert stood.first_response.left == 0
    again = sla_rules.answered(sla_rules.breach(sla, at("2026-07-01T14:01"))[0], late)
    assert again.first_response.breached_at == "2026-07-01T14:01:00Z"


def test_what_a_late_ticket_took_too_long_is_used_up_as_well() -> None:
    sla = sla_rules.breach(sla_rules.start("high", NEW_YORK, WEDNESDAY), at("2026-07-01T14:30"))[0]
    lower = sla_rules.change_priority(sla, "high", "normal", NEW_YORK, at("2026-07-01T16:00"))
    assert lower.first_response.due == "2026-07-01T19:00:00Z"
    assert lower.resolution.due == sla_rules.start("normal", NEW_YORK, WEDNESDAY).resolution.due


def test_another_priority_promises_its_own_time_less_what_is_used_up() -> None:
    sla, then = sla_rules.start("normal", NEW_YORK, WEDNESDAY), at("2026-07-01T13:30")
    sooner = sla_rules.change_priority(sla, "normal", "high", NEW_YORK, then)
    assert sooner.first_response.due == "2026-07-01T14:00:00Z"
    used_up = sla_rules.change_priority(sla, "normal", "high", NEW_YORK, at("2026-07-01T15:30"))
    assert used_up.first_response.due == "2026-07-01T15:30:00Z"
    stood = sla_rules.pause(sla, "normal", NEW_YORK, then)
    assert sla_rules.change_priority(stood, "normal", "high", NEW_YORK, then).first_response.left == 1800
