"""The identity room's table.

| row        | pk               | sk                     |
|------------|------------------|------------------------|
| practice   | practice id      | practice               |
| username   | username#NAME    | username               |
| session    | username#NAME    | session#HASH           |
| link       | username#NAME or practice id | link#HASH  |
| failures   | username#NAME    | failures#NETWORK       |
| found      | username#NAME    | found#HASH             |
| grant      | username#NAME    | grant#PROVIDER_ID      |
| dormancy   | username#NAME    | dormancy               |
| account    | practice id      | account#PROVIDER_ID    |

A username is its own tenant: one knows it before one knows its practice. The index `by_practice` lists a
practice's usernames.

The logins of the vendor's people, `staff:NAME`, have the same rows (no grants) under the pk staff#NAME: as no username
has a colon in it, neither ever is the other. Their practice is `vendor`.

The dormancy of a username is there while it is active, and in the index `due`: it is looked at when it may have been
unused for long.

A grant says which account its username reaches, of which practice, and what it may do there. The account's row is
the other side: whether it is active, and who reaches it. Reasons: `docs/decisions/0018-grants.md`. A grant that ends by
itself stands in `due` until it is taken away.
"""

from datetime import datetime

import msgspec
from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.expressions.condition import Condition
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from chalicelib import clock, config
from chalicelib.dynamo import DueIndex, ExpiringRow, Index, Key, Row, RowMeta, Table, shard_of
from chalicelib.identity.model import Held
from chalicelib.identity.rules import STAFF, is_staff
from chalicelib.model import Practice

IDENTITY = Table("IDENTITY_TABLE", due=True, expires=True, indexes=(Index("by_practice", "practice_id", "username"),))
DORMANCY, END_GRANT = "dormancy", "end_grant"
"""The kinds of due work of this room."""


class _Meta(RowMeta):
    table_name = config.get("IDENTITY_TABLE")


def partition_of(login: str) -> str:
    """The pk of what belongs to a login: a username, or one of the vendor's people."""
    return f"staff#{login.removeprefix(STAFF)}" if is_staff(login) else f"username#{login}"


class PracticeRow(Row):
    """One customer. `site_admins`: the usernames of the active ones. `version` counts the changes of what they see.

    `owner_mailed_at`: when the owner's address was last sent a link that was asked for, in epoch seconds. `recoveries`
    counts how often the owner has brought a site admin back, or another address became the owner's: what was mailed
    or filed through the address before that is over.
    """

    class Meta(_Meta):
        pass

    name = UnicodeAttribute()
    time_zone = UnicodeAttribute()
    owner_email = UnicodeAttribute()
    owner_verified_at = UnicodeAttribute(null=True)
    owner_mailed_at = NumberAttribute(null=True)
    recoveries = NumberAttribute(default=0)
    plan = UnicodeAttribute()
    billing_note = UnicodeAttribute(null=True)
    site_admins = UnicodeSetAttribute(null=True)
    created_at = UnicodeAttribute()
    version = NumberAttribute()

    @staticmethod
    def key(practice_id: str) -> "Key[PracticeRow]":
        return Key(PracticeRow, practice_id, "practice")

    def as_practice(self) -> Practice:
        """What every room may know of it."""
        return Practice(self.pk, self.name, self.time_zone, self.plan, self.billing_note)


class ByPractice(GlobalSecondaryIndex["UsernameRow"]):
    """Usernames of a practice, in their order."""

    class Meta:
        index_name = "by_practice"
        projection = AllProjection()

    practice_id = UnicodeAttribute(hash_key=True)
    username = UnicodeAttribute(range_key=True)


class UsernameRow(Row):
    """One login. `epoch` rises when all its sessions end; a session carries the epoch it was opened in.

    `totp_seed` is a KMS ciphertext; `recovery_codes` are hashes; `networks` maps the networks it signed in from to
    the time in epoch seconds. `accounts` counts its grants to active accounts; a username that never had one has none.
    """

    class Meta(_Meta):
        pass

    username = UnicodeAttribute()
    practice_id = UnicodeAttribute()
    email = UnicodeAttribute()
    status = UnicodeAttribute()
    roles = UnicodeSetAttribute(null=True)
    password_hash = UnicodeAttribute(null=True)
    epoch = NumberAttribute()
    totp_seed = UnicodeAttribute(null=True)
    totp_last_step = NumberAttribute(null=True)
    recovery_codes = UnicodeSetAttribute(null=True)
    networks = JSONAttribute(null=True)
    link_mailed_at = NumberAttribute(null=True)
    accounts = NumberAttribute(null=True)
    last_sign_in_at = UnicodeAttribute(null=True)
    created_at = UnicodeAttribute()
    by_practice = ByPractice()

    @staticmethod
    def key(username: str) -> "Key[UsernameRow]":
        return Key(UsernameRow, partition_of(username), "username")

    @staticmethod
    def reaches_something() -> Condition:
        """The condition that it reaches an account, or waits for its first. The role of a site admin needs none."""
        condition: Condition = UsernameRow.accounts.does_not_exist() | (UsernameRow.accounts > 0)
        return condition


class DormancyRow(Row):
    """When it is time to ask whether a username is still used. It is there while its username is active. A sign-in does
    not touch it: whoever looks asks the username when that was. `since`: when it was made, brought back or kept active;
    later for who was the last site admin, whose days begin as if to end a week after the next look.
    """

    class Meta(_Meta):
        pass

    since = UnicodeAttribute()
    due_shard = UnicodeAttribute()
    due_at = UnicodeAttribute()
    due = DueIndex()

    @staticmethod
    def key(username: str) -> "Key[DormancyRow]":
        return Key(DormancyRow, partition_of(username), "dormancy")

    @staticmethod
    def new(username: str, since: str, due_at: str) -> "DormancyRow":
        """The row of a username that is active from now on."""
        shard = shard_of(DORMANCY, username)
        return DormancyRow.key(username).row(since=since, due_shard=shard, due_at=due_at)

    @property
    def username(self) -> str:
        return str(self.pk).removeprefix("username#")


class SessionRow(ExpiringRow):
    """One session, under the hash of its secret. Times are epoch seconds.

    `totp_pending`: the seed that this session has begun to set up, a KMS ciphertext. It ends with the session, and
    no other session can confirm it.
    """

    class Meta(_Meta):
        pass

    epoch = NumberAttribute()
    created_at = NumberAttribute()
    last_used_at = NumberAttribute()
    totp_pending = UnicodeAttribute(null=True)

    PREFIX = "session#"

    @staticmethod
    def key(username: str, secret_hash: str) -> "Key[SessionRow]":
        return Key(SessionRow, partition_of(username), SessionRow.PREFIX + secret_hash)


class LinkRow(ExpiringRow):
    """A single-use link that was mailed: to set a password, to verify the owner's address, or for the owner's recovery.

    A password link holds the username's `epoch`: whatever raises that ends it too. One to the owner holds
    the practice's `recoveries`; none stands for 0.
    """

    class Meta(_Meta):
        pass

    purpose = UnicodeAttribute()
    epoch = NumberAttribute(null=True)

    @staticmethod
    def password_key(username: str, secret_hash: str) -> "Key[LinkRow]":
        return Key(LinkRow, partition_of(username), f"link#{secret_hash}")

    @staticmethod
    def owner_key(practice_id: str, secret_hash: str) -> "Key[LinkRow]":
        return Key(LinkRow, practice_id, f"link#{secret_hash}")


class FailuresRow(ExpiringRow):
    """Failed guesses at a username, from one familiar network or from anywhere else; or those that it made itself at
    others (`find`). Times are epoch seconds."""

    class Meta(_Meta):
        pass

    failures = NumberAttribute()
    blocked_until = NumberAttribute()

    @staticmethod
    def key(username: str, network: str) -> "Key[FailuresRow]":
        return Key(FailuresRow, partition_of(username), f"failures#{network}")


class FoundRow(ExpiringRow):
    """Another login that a username has proved to be its own too, in one session: good once, under the hash of its
    secret. `epoch` is that login's at the time."""

    class Meta(_Meta):
        pass

    found = UnicodeAttribute()
    epoch = NumberAttribute()
    session = UnicodeAttribute()

    @staticmethod
    def key(username: str, secret_hash: str) -> "Key[FoundRow]":
        return Key(FoundRow, partition_of(username), f"found#{secret_hash}")


class GrantRow(Row):
    """What a username may do on a provider account of the practice `practice_id`, which need not be its own. `version`
    counts the changes of its privileges; `through` is the login by which it was joined; `due_at` is when it ends."""

    class Meta(_Meta):
        pass

    practice_id = UnicodeAttribute()
    privileges = JSONAttribute()
    version = NumberAttribute(default=1)
    through = UnicodeAttribute(null=True)
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    due = DueIndex()

    PREFIX = "grant#"

    @staticmethod
    def key(username: str, provider_id: str) -> "Key[GrantRow]":
        return Key(GrantRow, partition_of(username), GrantRow.PREFIX + provider_id)

    @property
    def username(self) -> str:
        return str(self.pk).partition("#")[2]

    @property
    def provider_id(self) -> str:
        return str(self.sk).removeprefix(GrantRow.PREFIX)

    def holds(self, now: datetime) -> bool:
        """Whether it has not ended; it may have while its row is still there."""
        return self.due_at is None or self.due_at > clock.to_text(now)

    def held(self) -> Held:
        """The privileges it keeps."""
        held: Held = msgspec.convert(self.privileges, Held)
        return held


class AccountRow(Row):
    """A provider account as those see it who want to reach it. `version` counts its changes."""

    class Meta(_Meta):
        pass

    active = BooleanAttribute()
    usernames = UnicodeSetAttribute(null=True)
    version = NumberAttribute()

    @staticmethod
    def key(practice_id: str, provider_id: str) -> "Key[AccountRow]":
        return Key(AccountRow, practice_id, f"account#{provider_id}")
