"""The rules of the free trial's license. Pure: the time in, what is due out."""

from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib import clock
from chalicelib.licensing.model import LicenseType
from chalicelib.model import Announcement, Event

TRIAL: Final = timedelta(days=30)
WARNED_AHEAD: Final = (timedelta(days=7), timedelta(days=1))


def until(signed_up: datetime) -> str:
    """When a trial ends that begins now."""
    return clock.to_text(signed_up + TRIAL)


def is_over(trial_until: str, now: datetime) -> bool:
    """Whether the trial has ended."""
    return trial_until <= clock.to_text(now)


def next_step(trial_until: str, now: datetime) -> str:
    """When something is due next: the next warning still to come, or the end."""
    return clock.to_text(clock.next_step(clock.from_text(trial_until), WARNED_AHEAD, now))


def ending(provider_id: str, trial_until: str, license_type: LicenseType, available: int, emails: list[str]) -> Event:
    """The site admins are warned."""
    facts = {"trial_until": trial_until, "license_type": license_type, "available": available}
    return Event("trial.ending", provider_id, after=facts, announce=_to(emails))


def ended(provider_id: str, license_type: LicenseType, replaced: bool, emails: list[str]) -> Event:
    """The site admins are told. `replaced`: a license that was bought has taken the trial's place."""
    facts: dict[str, Any] = {"license_type": license_type, "becomes": "bought" if replaced else "inactive"}
    return Event("trial.ended", provider_id, {"trial": True}, facts, _to(emails))


def _to(emails: list[str]) -> tuple[Announcement, ...]:
    return tuple(Announcement("email", email) for email in emails)
