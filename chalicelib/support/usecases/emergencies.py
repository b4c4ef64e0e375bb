"""The form for those who can't get in: a ticket that is marked unverified, whoever they are."""

from typing import Final

from msgspec.structs import replace
from pynamodb.expressions.update import Action

from chalicelib import config
from chalicelib.errors import Conflict, TooManyRequests, invalid
from chalicelib.identity.rules import network_of
from chalicelib.identity.usecases import people
from chalicelib.model import Actor, Practice
from chalicelib.store import Commit, Context
from chalicelib.support import filing_rules
from chalicelib.support.model import EmergencyTaken, FileEmergency
from chalicelib.support.tables import CounterRow, ThrottleRow
from chalicelib.support.usecases import filing, patient_warning

_FROM_ONE_NETWORK: Final = 5
_FOR_ONE_PRACTICE: Final = 10
_HOUR: Final = 3600
_TAKEN: Final = "Thank you. Support look into it and write to the address that you gave."
_PATIENTS: Final = " What you wrote looks as if it told of a patient. Support are told to take that out."


class _Full(Conflict):
    """Enough was heard of the practice within this hour: Support are at it."""


def file(ctx: Context, command: FileEmergency) -> EmergencyTaken:
    """Open a ticket for the practice that the form names; one that nobody knows is the vendor's own to look into.

    The answer is the same whether there is such a practice, and whether it took so many already. What looks like
    patient data does not hold it up: an emergency can't wait for a second click. Raises Invalid where nothing is named;
    TooManyRequests after five from one network within an hour.
    """
    if command.username is None and command.practice_id is None:
        message = "Name your username or your practice."
        raise invalid(("username", message), ("practice_id", message))
    named = people.practice_named(ctx, command.username, command.practice_id)
    practice = named or Practice("public", "unknown", config.get("BILLING_TIME_ZONE"), "")
    found = patient_warning.found_in(
        subject=command.subject, body=command.body, contact_name=command.contact_name or ""
    )
    answer = EmergencyTaken(_TAKEN + _PATIENTS * bool(found), found)
    acting = replace(ctx, actor=Actor(ctx.actor.name, practice.id), practice=practice)

    def put(commit: Commit, number: int) -> EmergencyTaken:
        ticket, event = filing_rules.file_emergency(command, number, practice, found, ctx.now)
        seconds = _HOUR - int(ctx.now.timestamp()) % _HOUR
        too_many = TooManyRequests("Too many of these came from your network. Wait, or call.", retry_after=seconds)
        _count(commit, f"network#{network_of(ctx.source_ip)}", _FROM_ONE_NETWORK, too_many)
        _count(commit, f"practice#{practice.id}", _FOR_ONE_PRACTICE, _Full())
        filing.put(commit, ticket, command.body, event)
        return commit.write(answer)

    acting.rows.load(CounterRow.key(practice.id))
    try:
        return filing.numbered(acting, practice.id, put)
    except _Full:
        return answer


def _count(commit: Commit, what: str, most: int, otherwise: Conflict | TooManyRequests) -> None:
    now = commit.ctx.now
    hour = int(now.timestamp()) // _HOUR
    actions: list[Action] = [ThrottleRow.used.add(1), ThrottleRow.expires_at.set((hour + 2) * _HOUR)]
    free = ThrottleRow.used.does_not_exist() | (ThrottleRow.used < most)
    commit.update(ThrottleRow.key(what, str(hour)), actions, free, otherwise=otherwise)
