"""Usernames that nobody uses: deleted for good. The name stays taken, and nothing else of them."""

from pynamodb.expressions.update import Action

from chalicelib.dynamo import query
from chalicelib.errors import Conflict
from chalicelib.identity.tables import DormancyRow, GrantRow, UsernameRow
from chalicelib.identity.usecases import logins, roles
from chalicelib.model import Announcement, Event
from chalicelib.store import Commit, Context
from chalicelib.support.usecases import leaving

_FORGOTTEN = (
    UsernameRow.practice_id,  # no list of usernames shows it any more
    UsernameRow.email,
    UsernameRow.password_hash,
    UsernameRow.totp_seed,
    UsernameRow.totp_last_step,
    UsernameRow.recovery_codes,
    UsernameRow.networks,
    UsernameRow.link_mailed_at,
    UsernameRow.accounts,
    UsernameRow.last_sign_in_at,
)


def delete(ctx: Context, username: str) -> None:
    """Delete a username without a role that reaches no account, not even an inactive one. Its sessions end, and the
    name is never given out again.

    Raises NotFound; Conflict for one's own (`own_username`) and for one that is used (`username_in_use`).
    """
    login = logins.find(ctx, username)
    if login.username == ctx.actor.name:
        raise Conflict("This is the username that you are signed in with.", code="own_username")
    key = UsernameRow.key(login.username)
    granted = query(GrantRow, key.pk, GrantRow.PREFIX)
    if login.roles or any(grant.holds(ctx.now) for grant in granted):
        words = "This username has a role, or reaches a provider account. Take these away first."
        raise Conflict(words, code="username_in_use")
    if granted:  # `sweep_expired` still has to settle that it ended
        words = "Its access to an account ended within the last day. Try again tomorrow."
        raise Conflict(words, code="username_in_use")
    # Whoever lets it in meanwhile adds to its accounts.
    accounts = UsernameRow.accounts
    as_read = accounts.does_not_exist() if login.accounts is None else accounts == login.accounts
    as_read &= roles.as_read(login) & UsernameRow.roles.does_not_exist()
    actions: list[Action] = [UsernameRow.status.set("deleted"), UsernameRow.epoch.add(1)]
    commit = Commit(ctx)
    commit.update(key, [*actions, *(each.remove() for each in _FORGOTTEN)], as_read, otherwise=logins.overtaken())
    leaving.look_after(commit, login.practice_id, [login.username])
    if login.status == "active":
        commit.delete(DormancyRow.key(login.username), DormancyRow.pk.exists(), otherwise=logins.overtaken())
    told = (Announcement("email", login.email),)
    commit.record(Event("username.deleted", login.username, {"status": login.status}, {"status": "deleted"}, told))
    commit.write(None)
