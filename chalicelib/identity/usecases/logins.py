"""The usernames of a practice, for whoever changes one."""

from chalicelib import clock, local_days
from chalicelib.dynamo import Key
from chalicelib.errors import Conflict, NotFound
from chalicelib.identity import rules
from chalicelib.identity.model import User
from chalicelib.identity.tables import UsernameRow
from chalicelib.store import Context


def keys(username: str) -> list[Key[UsernameRow]]:
    """Where a username stands, for a route's prefetch. Nothing for what can be none."""
    folded = rules.fold(username)
    return [] if rules.username_error(folded) else [UsernameRow.key(folded)]


def find(ctx: Context, username: str) -> UsernameRow:
    """A username of the practice, whatever its spelling. Raises NotFound, for another practice's too."""
    row = next((ctx.find(key) for key in keys(username)), None)
    if row is None or row.practice_id != ctx.own_practice.id:
        raise NotFound("Your practice has no such username.")
    return row


def overtaken() -> Conflict:
    """Somebody else changed the username since it was read."""
    return Conflict("This username was changed meanwhile. Try again.")


def shown(row: UsernameRow, zone: str) -> User:
    """A username as its site admins see it, in their time zone."""
    signed_in = clock.from_text(row.last_sign_in_at) if row.last_sign_in_at else None
    return User(
        username=row.username,
        email=row.email,
        status=row.status,  # type: ignore[arg-type]  # one of its words
        roles=sorted(rules.in_force(row.roles or (), row.accounts)),
        totp_enabled=row.totp_seed is not None,
        password_set=row.password_hash is not None,
        created_at=row.created_at,
        last_sign_in_on=local_days.day_of(signed_in, zone) if signed_in else None,
    )
