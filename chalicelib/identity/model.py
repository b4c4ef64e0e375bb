"""The words of identity: usernames as their site admins see them; what a grant lets one do, section by section."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.model import MailStopped, Privilege, Section
from chalicelib.validation import ListQuery

Held = Literal["full"] | dict[Section, Privilege]
"""Privileges as a grant keeps them: full everywhere, in sections to come too; or by section, those left out `none`."""


class Privileges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A privilege in each section. Full in all of them is Full everywhere: in a section that is added later, too."""

    profile: Privilege = "none"
    patients: Privilege = "none"
    codes: Privilege = "none"
    messaging: Privilege = "none"
    reports: Privilege = "none"


class NewGrant(msgspec.Struct, frozen=True):
    """A grant to be made. `until`: when it ends by itself; `through`: the login by which the account is joined."""

    practice_id: str
    provider_id: str
    held: Held
    until: str | None = None
    through: str | None = None


class Account(msgspec.Struct, frozen=True):
    """A provider account that one reaches through a grant, what one may do there, and until when."""

    provider_id: str
    practice_name: str
    provider_name: str
    privileges: Privileges
    access_until: str | None = None


class AccountQuery(ListQuery, frozen=True, forbid_unknown_fields=True):
    """Which accounts: each word of `q` is the beginning of one of the provider's or the practice's name."""

    q: Annotated[
        str,
        Meta(max_length=200, description="Beginnings of a provider's or a practice's names; case and accents ignored"),
    ] = ""


class Access(msgspec.Struct, frozen=True):
    """A username's grant to a provider account. `of_this_practice`: whether its home is the account's practice;
    `through`: the login by which it has joined the account; `access_until`: when the grant ends by itself."""

    provider_id: str
    username: str
    of_this_practice: bool
    privileges: Privileges
    version: int
    through: str | None = None
    access_until: str | None = None


class Reaching(msgspec.Struct, frozen=True):
    """A username that reaches an account. `left_with_nothing`: losing the account would sign it out."""

    username: str
    left_with_nothing: bool


class StandingWarning(msgspec.Struct, frozen=True):
    """What a practice is warned of for as long as it is so."""

    code: str
    detail: str


class User(msgspec.Struct, frozen=True):
    """A username of the practice. `last_sign_in_on` is a day in the practice's time zone."""

    username: str
    email: str
    status: Literal["active", "inactive", "dormant"]
    roles: list[str]
    totp_enabled: bool
    password_set: bool
    created_at: str
    last_sign_in_on: date | None


class UserDetails(User, frozen=True):
    """A username of the practice. `locked_until`: no sign-in is tried before, as too many have failed; whoever signed
    in from the same network lately is let in all the same. `mail_stopped`: nothing is mailed to it any more."""

    locked_until: str | None
    mail_stopped: MailStopped | None


class Users(msgspec.Struct, frozen=True):
    """One page of a practice's usernames; `next_cursor` is null on the last."""

    items: list[User]
    next_cursor: str | None
    warnings: list[StandingWarning]
