"""The rules of the free trial's license. Pure: the time in, what is due out."""

from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib import clock
from chalicelib.licensing.model import LICENSE_TYPES, LicenseType, Pool
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


def ended(
    provider_id: str, license_type: LicenseType, replaced: bool, emails: list[str], kept_until: str | None = None
) -> Event:
    """The site admins are told. `replaced`: a license that was bought has taken the trial's place. `kept_until`: when
    the account's data goes, if it does."""
    facts: dict[str, Any] = {"license_type": license_type, "becomes": "bought" if replaced else "inactive"}
    if kept_until:
        facts["data_kept_until"] = kept_until
    return Event("trial.ended", provider_id, {"trial": True}, facts, _to(emails))


# --- What an ended trial leaves ------------------------------------------------------------------------------------

KEPT: Final = timedelta(days=90)
WARNED_OF_REMOVAL: Final = timedelta(days=7)
"""How long ahead, at least: data never goes unannounced."""


def makes_available(change: Pool) -> bool:
    """Whether a license is there that nobody holds: it was bought, now or before. A trial's never becomes available."""
    return any(change.available.of(license_type) > 0 for license_type in LICENSE_TYPES)


def kept_until(ended_at: datetime) -> str:
    """Until when the data of a trial is kept that ends now."""
    return clock.to_text(ended_at + KEPT)


def warning_due(until: str) -> str:
    """When to warn that data goes."""
    return clock.to_text(clock.from_text(until) - WARNED_OF_REMOVAL)


def warned(until: str, now: datetime) -> str:
    """Until when data is kept of which is warned now: a warning that comes late is followed by as many days."""
    return max(until, clock.to_text(now + WARNED_OF_REMOVAL))


def removal_ahead(provider_id: str, until: str, emails: list[str]) -> Event:
    """The site admins are warned that data goes."""
    return Event("trial.removal_ahead", provider_id, after={"data_kept_until": until}, announce=_to(emails))


def data_removed(provider_id: str, what: dict[str, Any]) -> Event:
    """A part of the data went."""
    return Event("trial.data_removed", provider_id, before=what)


def removal_done(provider_id: str, emails: list[str]) -> Event:
    """The site admins are told that all of it went."""
    return Event("trial.removal_done", provider_id, announce=_to(emails))


def data_kept(provider_id: str) -> Event:
    """The practice has bought a license since: what is left stays."""
    return Event("trial.data_kept", provider_id)


def _to(emails: list[str]) -> tuple[Announcement, ...]:
    return tuple(Announcement("email", email) for email in emails)
