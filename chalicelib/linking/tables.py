"""Linking's rows. They stand with the practices and usernames whose they are, so in identity's table.

| row        | pk            | sk            |
|------------|---------------|---------------|
| invitation | practice id   | invitation#ID |
| invited    | username#NAME | invitation#ID |

An invitation stands with the practice of its account; once it is offered, the other row shows the username where.
"""

from datetime import datetime

import msgspec
from pynamodb.attributes import BooleanAttribute, JSONAttribute, UnicodeAttribute

from chalicelib import config
from chalicelib.dynamo import ExpiringRow, Key, RowMeta
from chalicelib.identity.model import Held

PREFIX = "invitation#"


class _Meta(RowMeta):
    table_name = config.get("IDENTITY_TABLE")


class _OpenRow(ExpiringRow):
    """A row of an invitation, which holds until `expires_at`."""

    class Meta(_Meta):
        pass

    @property
    def invitation_id(self) -> str:
        return str(self.sk).removeprefix(PREFIX)

    def is_open(self, now: datetime) -> bool:
        """Whether the invitation still holds; its row may be there longer."""
        return self.expires_at > now.timestamp()


class InvitationRow(_OpenRow):
    """An invitation of a username to a provider account, with these privileges, for a time or for good. `status`:
    asked, until a site admin approves, and offered then. `addressed`: whether anybody had the username when it was
    made; to whoever comes by the name later it is nothing."""

    class Meta(_Meta):
        pass

    provider_id = UnicodeAttribute()
    username = UnicodeAttribute()
    privileges = JSONAttribute()
    access_until = UnicodeAttribute(null=True)
    status = UnicodeAttribute()
    invited_by = UnicodeAttribute()
    reply_to = UnicodeAttribute()
    addressed = BooleanAttribute()

    @staticmethod
    def key(practice_id: str, invitation_id: str) -> "Key[InvitationRow]":
        return Key(InvitationRow, practice_id, PREFIX + invitation_id)

    def held(self) -> Held:
        """The privileges it offers."""
        held: Held = msgspec.convert(self.privileges, Held)
        return held


class InvitedRow(_OpenRow):
    """What a username sees of an invitation: where it stands."""

    class Meta(_Meta):
        pass

    practice_id = UnicodeAttribute()
    provider_id = UnicodeAttribute()

    @staticmethod
    def key(username: str, invitation_id: str) -> "Key[InvitedRow]":
        return Key(InvitedRow, f"username#{username}", PREFIX + invitation_id)
