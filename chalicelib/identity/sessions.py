"""Sessions: from the token in a request to who is acting. Every signed-in request comes through here."""

import hashlib
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from pynamodb.expressions.condition import Condition

from chalicelib import signing
from chalicelib.dynamo import Key, note
from chalicelib.errors import NotSignedIn
from chalicelib.identity import rules
from chalicelib.identity.tables import PracticeRow, SessionRow, UsernameRow
from chalicelib.model import Actor, Practice
from chalicelib.store import Context


class Token(msgspec.Struct, frozen=True):
    """A bearer token: opaque to clients, yet it names practice and username, so that one batched read fetches
    the session, its username and practice together. Only the secret's hash is stored, and only it proves anything."""

    practice_id: str
    username: str
    secret: str

    @staticmethod
    def new(practice_id: str, username: str) -> "Token":
        """A token with a secret of 256 random bits."""
        return Token(practice_id, username, secrets.token_urlsafe(32))

    @staticmethod
    def parse(text: str, *, staff: bool = False) -> "Token":
        """Raises NotSignedIn for what no `text` of ours looks like: of staff, or of a username."""
        try:
            decoded = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)).decode()
            practice_id, username, secret = decoded.split("|")
        except ValueError:
            raise NotSignedIn("This is no session token.") from None
        if not practice_id or len(practice_id) > 40 or not rules.is_login(username, staff=staff) or len(secret) > 64:
            raise NotSignedIn("This is no session token.")
        return Token(practice_id, username, secret)

    @property
    def text(self) -> str:
        raw = f"{self.practice_id}|{self.username}|{self.secret}"
        return urlsafe_b64encode(raw.encode()).decode().rstrip("=")

    @property
    def hash(self) -> str:
        return secret_hash(self.secret)

    @property
    def session_key(self) -> Key[SessionRow]:
        return SessionRow.key(self.username, self.hash)


def secret_hash(secret: str) -> str:
    """What is stored of a random secret; it has too many bits to be guessed, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def authenticate(ctx: Context, token: Token, wanted: Iterable[Key[Any]]) -> tuple[Actor, Practice]:
    """Who acts, for which practice. Reads session, username, practice and the `wanted` rows in one call; touches the
    session at most once a minute. Raises NotSignedIn when the session is unknown, ended, or of an earlier epoch, and
    when its username is left with nothing."""
    practice_key = PracticeRow.key(token.practice_id)
    actor = authenticate_staff(ctx, token, [practice_key, *wanted])
    practice = ctx.find(practice_key)
    if practice is None:
        raise _ended()
    return actor, practice.as_practice()


def authenticate_staff(ctx: Context, token: Token, wanted: Iterable[Key[Any]]) -> Actor:
    """The same for the vendor's people, who are of no practice."""
    username_key = UsernameRow.key(token.username)
    ctx.rows.load(token.session_key, username_key, *wanted)
    session, login = ctx.find(token.session_key), ctx.find(username_key)
    if session is None or login is None or not _alive(session, login, token, ctx.now):
        raise _ended()
    _touch(session, ctx.now)
    return actor_of(login, token.hash)


def _ended() -> NotSignedIn:
    return NotSignedIn("This session has ended. Sign in again.")


def actor_of(login: UsernameRow, session: str = "") -> Actor:
    """The username as an actor."""
    roles = rules.in_force(login.roles or (), login.accounts)
    return Actor(
        name=login.username,
        practice_id=login.practice_id,
        email=login.email,
        roles=roles,  # type: ignore[arg-type]  # DynamoDB's set of text holds roles alone
        session=session,
        enrollment_required=login.totp_seed is None and not roles.isdisjoint(rules.TWO_FACTOR_ROLES),
    )


def is_open(session: SessionRow, login: UsernameRow, now: datetime) -> bool:
    """Whether it is used often enough, not too old, and of the present epoch."""
    staff = rules.is_staff(login.username)
    _, idle_end = rules.session_ends(session.created_at, session.last_used_at, staff=staff)
    return bool(now < idle_end and session.epoch == login.epoch)


def _alive(session: SessionRow, login: UsernameRow, token: Token, now: datetime) -> bool:
    return (
        is_open(session, login, now)
        and login.status == "active"
        and login.practice_id == token.practice_id
        and not rules.left_with_nothing(login.roles or (), login.accounts)
    )


def may_go_on() -> Condition:
    """The condition that a username is not left with nothing: no session begins then, or is renewed."""
    condition: Condition = UsernameRow.reaches_something() | UsernameRow.roles.contains("site_admin")
    return condition


def _touch(session: SessionRow, now: datetime) -> None:
    seconds = int(now.timestamp())
    if seconds - session.last_used_at >= rules.TOUCH.total_seconds():
        # Only a session that is still there: a sign-out meanwhile must not be undone.
        still_there = SessionRow.pk.exists() & (SessionRow.last_used_at < seconds)
        note(session, [SessionRow.last_used_at.set(seconds)], still_there)


def link_secret(event_id: str) -> str:
    """The secret of the link that the event `event_id` mails. It is derived, not stored: the relay works it out
    again when it writes the mail, and the table holds only its hash."""
    return urlsafe_b64encode(signing.mac("link", event_id.encode())).decode().rstrip("=")


def link_token(owner: str, event_id: str) -> str:
    """The token in a mailed link: whose it is (a username or a practice's id), and the secret."""
    return urlsafe_b64encode(f"{owner}|{link_secret(event_id)}".encode()).decode().rstrip("=")


def parse_link(text: str) -> tuple[str, str]:
    """(owner, hash of the secret) of a link's token; ("", "") for anything else."""
    try:
        owner, secret = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)).decode().split("|")
    except ValueError:
        return "", ""
    return owner, secret_hash(secret)
