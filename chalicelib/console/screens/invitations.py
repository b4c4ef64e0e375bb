"""Invitations: those that wait for oneself, and those to an account."""

from datetime import date, timedelta
from typing import Any

import msgspec

from chalicelib import clock, local_days
from chalicelib.auth import SIGNED_IN
from chalicelib.console.declared import Done
from chalicelib.console.pages import action, page
from chalicelib.console.screens.sharing import ACCOUNT, CHOICES, HERE, MANAGE
from chalicelib.identity.model import Privileges
from chalicelib.linking.model import Invitation, Invite, Invited
from chalicelib.linking.usecases import invitations
from chalicelib.store import Context
from chalicelib.validation import ListQuery

_WAITING = "/console/invitations"
_OF_ACCOUNT = f"{ACCOUNT}/invitations"
_LAST = date(9000, 1, 1)


class InviteByDay(msgspec.Struct, frozen=True):
    """An invitation as a form has it: access ends with a day of the practice."""

    username: Invited
    privileges: Privileges | None = None
    access_until: date | None = None

    def command(self, zone: str) -> Invite:
        """The same as the API takes it."""
        until = None
        if self.access_until:
            last = min(self.access_until, _LAST)
            until = clock.from_text(local_days.begins(last + timedelta(days=1), zone))
        return Invite(self.username, self.privileges, until)


@page(_WAITING, permit=SIGNED_IN, template="invitations.html")
def list_waiting(ctx: Context, query: ListQuery) -> dict[str, Any]:
    """What waits for one: offers, and what a site admin is to approve."""
    return {"found": invitations.list_waiting(ctx, query)}


def _accepted(invitation: Invitation, **_: str) -> Done:
    if invitation.status == "accepted":
        return Done(HERE, f"You now have access to the account of {invitation.provider_name}.")
    return Done(_WAITING, "Approved. The invited username can accept it now.")


@action(
    f"{_WAITING}/{{invitation_id}}/accept",
    on=list_waiting,
    permit=SIGNED_IN,
    prefetch=invitations.keys_of,
    then=_accepted,
)
def accept_invitation(ctx: Context, invitation_id: str) -> Invitation:
    """Accept or approve."""
    return invitations.accept(ctx, invitation_id)


def _declined(_: None, **__: str) -> Done:
    return Done(_WAITING, "Declined.")


@action(
    f"{_WAITING}/{{invitation_id}}/decline",
    on=list_waiting,
    permit=SIGNED_IN,
    prefetch=invitations.keys_of,
    then=_declined,
)
def decline_invitation(ctx: Context, invitation_id: str) -> None:
    """Decline."""
    invitations.decline(ctx, invitation_id)


# --- To an account ------------------------------------------------------------------------------------------------


@page(_OF_ACCOUNT, permit=MANAGE, template="access_invitations.html")
def list_of_account(ctx: Context, provider_id: str, query: ListQuery) -> dict[str, Any]:
    """The open invitations to an account, and the form for another."""
    found = invitations.list_of_account(ctx, provider_id, query)
    return {"found": found, "privileges": CHOICES}


def _invited(invitation: Invitation, provider_id: str) -> Done:
    waits = "for them to accept" if invitation.status == "offered" else "for a site admin to approve"
    return Done(f"{HERE}/{provider_id}/invitations", f"The invitation of {invitation.username} waits {waits}.")


@action(_OF_ACCOUNT, on=list_of_account, permit=MANAGE, then=_invited)
def invite(ctx: Context, provider_id: str, command: InviteByDay) -> Invitation:
    """Invite a username."""
    return invitations.invite(ctx, provider_id, command.command(ctx.own_practice.time_zone))


def _withdrawn(_: None, provider_id: str, **__: str) -> Done:
    return Done(f"{HERE}/{provider_id}/invitations", "The invitation is withdrawn.")


@action(
    f"{_OF_ACCOUNT}/{{invitation_id}}/withdraw",
    on=list_of_account,
    permit=MANAGE,
    prefetch=invitations.keys_of,
    then=_withdrawn,
)
def withdraw_invitation(ctx: Context, provider_id: str, invitation_id: str) -> None:
    """Take an invitation back."""
    invitations.withdraw(ctx, provider_id, invitation_id)
