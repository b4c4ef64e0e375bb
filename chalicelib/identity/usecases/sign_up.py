"""Free-trial sign-up: practice, first provider account with its license, first username with its grant: one commit."""

import msgspec

from chalicelib import clock, ids
from chalicelib.errors import Conflict, Invalid
from chalicelib.identity import passwords, rules
from chalicelib.identity.fields import NewPassword, NewUsername, TimeZone
from chalicelib.identity.tables import PracticeRow, UsernameRow
from chalicelib.identity.usecases import owners, standing
from chalicelib.licensing.model import LICENSE_TYPE_OF, Credential, LicenseType
from chalicelib.licensing.usecases import trials
from chalicelib.model import Actor, Announcement, Event, Practice
from chalicelib.providers.usecases import accounts
from chalicelib.store import Commit, Context
from chalicelib.validation import Email, Line

TRIAL_PLAN = "standard"


class NewProvider(msgspec.Struct, frozen=True):
    """The practice's first clinician."""

    first_name: Line
    last_name: Line
    credential: Credential
    email: Email


class SignUp(msgspec.Struct, frozen=True):
    """A new practice."""

    practice_name: Line
    time_zone: TimeZone
    provider: NewProvider
    username: NewUsername
    password: NewPassword
    owner_email: Email


class SignedUpPractice(msgspec.Struct, frozen=True):
    """The practice that was made."""

    id: str
    name: str
    time_zone: str
    owner_email: str
    owner_email_verified: bool


class SignedUpProvider(msgspec.Struct, frozen=True):
    """Its first provider account."""

    id: str
    first_name: str
    last_name: str
    credential: Credential
    license_type: LicenseType
    email: str
    status: str


class TrialLicense(msgspec.Struct, frozen=True):
    """The license that the provider account holds, until `ends_at`."""

    license_type: LicenseType
    provider_id: str
    ends_at: str


class SignedUp(msgspec.Struct, frozen=True):
    """What a sign-up made. The username is a site admin: it sets up two-factor at its first sign-in."""

    practice: SignedUpPractice
    provider: SignedUpProvider
    username: str
    trial_license: TrialLicense


class UsernameTaken(Conflict):
    """Usernames are unique everywhere and never given out again."""

    code, title = "username_taken", "This username is taken"


def sign_up(ctx: Context, command: SignUp) -> SignedUp:
    """Make a practice. Raises Invalid for a password made of names, UsernameTaken."""
    username = rules.fold(command.username)
    names = [username, command.practice_name, command.provider.first_name, command.provider.last_name]
    if errors := passwords.check(command.password, names):
        raise Invalid(errors=errors)
    practice_id = ids.new("prc", ctx.now)
    commit = Commit(msgspec.structs.replace(ctx, actor=Actor(username, practice_id)))
    commit.put(_practice_row(practice_id, command, ctx), otherwise=Conflict("This practice exists."))
    commit.put(_username_row(practice_id, username, command, ctx), otherwise=UsernameTaken())
    standing.begin(commit, username)
    provider = command.provider
    license_type = LICENSE_TYPE_OF[provider.credential]
    provider_id = accounts.open_first(commit, practice_id, username, **msgspec.to_builtins(provider))
    trial_until = trials.open_with_trial(commit, _practice(practice_id, command), provider_id, license_type)
    owners.add_link(commit, practice_id, "owner", commit.event_id)
    commit.record(
        Event(
            "practice.signed_up",
            practice_id,
            after={"username": username, "provider_id": provider_id, "license_type": license_type},
            announce=(Announcement("email", command.owner_email, command.practice_name, command.time_zone),),
        )
    )
    return commit.write(
        SignedUp(
            SignedUpPractice(practice_id, command.practice_name, command.time_zone, command.owner_email, False),
            SignedUpProvider(
                id=provider_id, **msgspec.to_builtins(provider), license_type=license_type, status="active"
            ),
            username,
            TrialLicense(license_type, provider_id, trial_until),
        )
    )


def _practice(practice_id: str, command: SignUp) -> Practice:
    return Practice(practice_id, command.practice_name, command.time_zone, TRIAL_PLAN)


def _practice_row(practice_id: str, command: SignUp, ctx: Context) -> PracticeRow:
    return PracticeRow.key(practice_id).row(
        name=command.practice_name,
        time_zone=command.time_zone,
        owner_email=command.owner_email,
        plan=TRIAL_PLAN,
        site_admins={rules.fold(command.username)},
        created_at=clock.to_text(ctx.now),
        version=1,
    )


def _username_row(practice_id: str, username: str, command: SignUp, ctx: Context) -> UsernameRow:
    return UsernameRow.key(username).row(
        username=username,
        practice_id=practice_id,
        email=command.provider.email,
        status="active",
        roles={"site_admin"},
        password_hash=passwords.hashed(command.password),
        epoch=0,
        accounts=1,
        created_at=clock.to_text(ctx.now),
    )
