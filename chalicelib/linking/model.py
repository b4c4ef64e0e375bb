"""The words of linking: invitations."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.identity import rules
from chalicelib.identity.model import Privileges

Status = Literal["asked", "offered", "accepted"]
"""asked: a site admin of the account's practice is to approve; offered: the username is to accept."""


Invited = Annotated[
    str, Meta(max_length=256, description="A username of any practice", extra={"check": rules.typed_username_error})
]


class Invite(msgspec.Struct, frozen=True):
    """Who is to reach the account. Without privileges, with those of who invites; with `access_until`, until
    then, and without, for as long as who invites."""

    username: Invited
    privileges: Privileges | None = None
    access_until: Annotated[datetime, Meta(tz=True)] | None = None


class Invitation(msgspec.Struct, frozen=True):
    """A username's invitation to a provider account: asked for, approved by a site admin of the account's practice, and
    accepted, until `open_until`. `access_until`: when the access that it gives ends by itself."""

    id: str
    provider_id: str
    practice_name: str
    provider_name: str
    username: str
    privileges: Privileges
    access_until: str | None
    status: Status
    invited_by: str
    open_until: str
