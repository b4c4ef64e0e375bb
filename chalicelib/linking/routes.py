"""The HTTPS face of account linking."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.auth import SIGNED_IN, section
from chalicelib.cursors import Page
from chalicelib.dynamo import Key
from chalicelib.http import route
from chalicelib.identity.model import Access, Privileges
from chalicelib.identity.usecases import accesses, finding
from chalicelib.linking.model import Invitation, Invite
from chalicelib.linking.usecases import invitations, joining, usernames
from chalicelib.store import Context
from chalicelib.validation import ListQuery

bp = Blueprint(__name__)
_MANAGE = section("profile", "full")
_REACH = section("profile", "none")


def _access(_: str, provider_id: str, username: str) -> list[Key[Any]]:
    return accesses.keys(provider_id, username)


# --- Other accounts -------------------------------------------------------------------------------------------------


@route(bp, "POST", "/accounts/find", permit=SIGNED_IN, keeps_receipt=False, refusals={404: "account_not_found"})
def find_accounts(ctx: Context, command: finding.FindAccounts) -> finding.FoundAccounts:
    """Find the provider accounts that another login of one's own reaches. Whatever is wrong with it, the answer is the
    same; failures delay whoever asks, and the login."""
    return finding.find(ctx, command)


@route(
    bp,
    "POST",
    "/accounts/join",
    permit=SIGNED_IN,
    refusals={404: "not_found find_token_unknown", 409: "already_granted too_many_usernames"},
)
def join_accounts(ctx: Context, command: joining.JoinAccounts) -> joining.JoinedAccounts:
    """Join accounts that were found, with the privileges that the found login has there. It is told by email, and may
    take the access away again."""
    return joining.join(ctx, command)


# --- Who reaches an account ----------------------------------------------------------------------------------------


@route(bp, "GET", "/providers/{provider_id}/usernames", permit=_REACH)
def list_usernames(ctx: Context, provider_id: str, query: ListQuery) -> Page[Access]:
    """Who reaches a provider account, and with which privileges. Who does not manage it sees oneself, and those who
    joined the account by one's login."""
    return usernames.list_usernames(ctx, provider_id, query)


@route(
    bp,
    "POST",
    "/providers/{provider_id}/usernames",
    permit=_MANAGE,
    status=201,
    location="/providers/{provider_id}/usernames/{username}",
    versioned=True,
    refusals={403: "beyond_your_own", 409: "username_taken too_many_usernames provider_inactive"},
)
def add_username(ctx: Context, provider_id: str, command: usernames.AddUsername) -> Access:
    """Allow account access: a new username that reaches the account, with a password of its own or a mailed link."""
    return usernames.add(ctx, provider_id, command)


@route(
    bp,
    "GET",
    "/providers/{provider_id}/usernames/{username}",
    permit=_MANAGE,
    versioned=True,
    prefetch=_access,
)
def show_username(ctx: Context, provider_id: str, username: str) -> Access:
    """One username's access to a provider account."""
    return accesses.find(ctx, provider_id, username)


@route(
    bp,
    "PUT",
    "/providers/{provider_id}/usernames/{username}/privileges",
    permit=_MANAGE,
    versioned=True,
    prefetch=_access,
    refusals={403: "beyond_your_own", 409: "last_manager"},
)
def set_privileges(ctx: Context, provider_id: str, username: str, command: Privileges) -> Access:
    """Give a username these privileges, section by section; those left out are none. They hold from its next request
    on. The last active username with full access to the profile keeps that."""
    return usernames.set_privileges(ctx, provider_id, username, command)


@route(
    bp,
    "DELETE",
    "/providers/{provider_id}/usernames/{username}",
    permit=_REACH,
    prefetch=_access,
    refusals={409: "last_manager"},
)
def remove_username(ctx: Context, provider_id: str, username: str) -> None:
    """Take a username's access away: with full access to the profile anybody's, and always one's own, and that of who
    joined the account by one's login."""
    usernames.remove(ctx, provider_id, username)


# --- Invitations ----------------------------------------------------------------------------------------------------


@route(
    bp,
    "POST",
    "/providers/{provider_id}/invitations",
    permit=_MANAGE,
    status=201,
    location="/providers/{provider_id}/invitations/{id}",
    refusals={403: "beyond_your_own", 409: "already_granted provider_inactive"},
)
def invite(ctx: Context, provider_id: str, command: Invite) -> Invitation:
    """Invite a username of any practice to a provider account, for good or until a day to come. A site admin of the
    account's practice approves it first, unless one invites; then the username accepts. The answer does not tell
    whether anybody has it."""
    return invitations.invite(ctx, provider_id, command)


@route(bp, "GET", "/providers/{provider_id}/invitations", permit=_MANAGE, prefetch=invitations.keys_of)
def list_invitations_of_account(ctx: Context, provider_id: str, query: ListQuery) -> Page[Invitation]:
    """The open invitations to a provider account."""
    return invitations.list_of_account(ctx, provider_id, query)


@route(
    bp,
    "GET",
    "/providers/{provider_id}/invitations/{invitation_id}",
    permit=_MANAGE,
    prefetch=invitations.keys_of,
)
def show_invitation(ctx: Context, provider_id: str, invitation_id: str) -> Invitation:
    """One open invitation to a provider account."""
    return invitations.find(ctx, provider_id, invitation_id)


@route(
    bp,
    "DELETE",
    "/providers/{provider_id}/invitations/{invitation_id}",
    permit=_MANAGE,
    prefetch=invitations.keys_of,
    refusals={409: "invitation_settled"},
)
def withdraw_invitation(ctx: Context, provider_id: str, invitation_id: str) -> None:
    """Take an invitation back."""
    invitations.withdraw(ctx, provider_id, invitation_id)


@route(bp, "GET", "/invitations", permit=SIGNED_IN)
def list_invitations(ctx: Context, query: ListQuery) -> Page[Invitation]:
    """The invitations that wait for one: offered to one's username, or to be approved by a site admin."""
    return invitations.list_waiting(ctx, query)


@route(
    bp,
    "POST",
    "/invitations/{invitation_id}/accept",
    permit=SIGNED_IN,
    prefetch=invitations.keys_of,
    refusals={409: "invitation_settled already_granted provider_inactive too_many_usernames"},
)
def accept_invitation(ctx: Context, invitation_id: str) -> Invitation:
    """Accept an invitation: a site admin of the account's practice approves it, and then the username that is invited
    reaches the account."""
    return invitations.accept(ctx, invitation_id)


@route(
    bp,
    "POST",
    "/invitations/{invitation_id}/decline",
    permit=SIGNED_IN,
    prefetch=invitations.keys_of,
    refusals={409: "invitation_settled"},
)
def decline_invitation(ctx: Context, invitation_id: str) -> None:
    """Decline an invitation that waits for one."""
    invitations.decline(ctx, invitation_id)
