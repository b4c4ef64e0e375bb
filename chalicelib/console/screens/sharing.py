"""Account access: the accounts that one reaches, finding and joining others, who reaches an account."""

from typing import Any

from chalicelib.auth import SIGNED_IN, section
from chalicelib.console.declared import Done
from chalicelib.console.pages import action, page
from chalicelib.identity import rules
from chalicelib.identity.model import Access, AccountQuery, Privileges
from chalicelib.identity.usecases import accesses, drop_down, finding
from chalicelib.linking.usecases import joining, usernames
from chalicelib.model import Privilege
from chalicelib.store import Context
from chalicelib.validation import ListQuery
from chalicelib.wording import plural

HERE = "/console/access"
ACCOUNT = f"{HERE}/{{provider_id}}"
MANAGE = section("profile", "full")
_REACH = section("profile", "none")
_ONE = f"{ACCOUNT}/usernames/{{username}}"
CHOICES: list[tuple[Privilege, str]] = [("full", "Full"), ("view", "View"), ("none", "No access")]


# --- One's own accounts -------------------------------------------------------------------------------------------


@page(HERE, permit=SIGNED_IN, template="access.html")
def list_accounts(ctx: Context, query: AccountQuery) -> dict[str, Any]:
    """The accounts that one reaches: each is a place to go on from."""
    return {"found": drop_down.list_accounts(ctx, query)}


@page(f"{HERE}-find", permit=SIGNED_IN, template="access_find.html")
def show_find(ctx: Context) -> dict[str, Any]:
    """The form for another login of one's own."""
    return {}


@action(f"{HERE}-find", on=show_find, permit=SIGNED_IN, template="access_found.html")
def find_accounts(ctx: Context, command: finding.FindAccounts) -> finding.FoundAccounts:
    """Find what another login reaches."""
    return finding.find(ctx, command)


def _joined(joined: joining.JoinedAccounts) -> Done:
    return Done(HERE, f"You now have access to {plural(len(joined.accounts), 'more account')} with your own login.")


@action(f"{HERE}-join", on=show_find, permit=SIGNED_IN, then=_joined)
def join_accounts(ctx: Context, command: joining.JoinAccounts) -> joining.JoinedAccounts:
    """Join accounts that were found."""
    return joining.join(ctx, command)


# --- Who reaches an account ---------------------------------------------------------------------------------------


@page(ACCOUNT, permit=_REACH, template="access_account.html")
def show_account(ctx: Context, provider_id: str, query: ListQuery) -> dict[str, Any]:
    """Who reaches the account, and with which privileges: all of them for who manages it."""
    return {
        "found": usernames.list_usernames(ctx, provider_id, query),
        "manages": rules.manages(accesses.held(ctx, provider_id)),
    }


@page(f"{ACCOUNT}/new-username", permit=MANAGE, template="access_add.html")
def show_add(ctx: Context, provider_id: str) -> dict[str, Any]:
    """Allow account access: the form for a new username."""
    return {"privileges": CHOICES}


def _added(access: Access, provider_id: str) -> Done:
    return Done(f"{HERE}/{provider_id}", f"{access.username} now has access to this account.")


@action(f"{ACCOUNT}/new-username", on=show_add, permit=MANAGE, then=_added)
def add_username(ctx: Context, provider_id: str, command: usernames.AddUsername) -> Access:
    """Make a username that reaches the account."""
    return usernames.add(ctx, provider_id, command)


def _access_rows(_: str, provider_id: str, username: str) -> Any:
    return accesses.keys(provider_id, username)


@page(_ONE, permit=MANAGE, prefetch=_access_rows, template="access_username.html")
def show_username(ctx: Context, provider_id: str, username: str) -> dict[str, Any]:
    """One username's privileges."""
    return {
        "access": accesses.find(ctx, provider_id, username),
        "privileges": CHOICES,
    }


def _set(access: Access, provider_id: str, **_: str) -> Done:
    return Done(f"{HERE}/{provider_id}", "Changes saved. They take effect right away.")


@action(_ONE, on=show_username, permit=MANAGE, prefetch=_access_rows, versioned=True, then=_set)
def set_privileges(ctx: Context, provider_id: str, username: str, command: Privileges) -> Access:
    """Give a username these privileges."""
    return usernames.set_privileges(ctx, provider_id, username, command)


@page(f"{_ONE}/remove", permit=_REACH, prefetch=_access_rows, template="access_remove.html")
def show_remove(ctx: Context, provider_id: str, username: str) -> dict[str, Any]:
    """What taking access away means."""
    name = rules.fold(username)
    return {"username": name, "is_me": name == ctx.actor.name}


def _removed(_: None, provider_id: str, username: str) -> Done:
    return Done(HERE, f"{rules.fold(username)} no longer has access to this account.")


@action(f"{_ONE}/remove", on=show_remove, permit=_REACH, prefetch=_access_rows, then=_removed)
def remove_username(ctx: Context, provider_id: str, username: str) -> None:
    """Take a username's access away."""
    usernames.remove(ctx, provider_id, username)
