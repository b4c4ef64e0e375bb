"""The words of the providers room: accounts, their configuration, how they end. `patient_model` has those of patients.

Local dates are those of the practice's time zone; instants are RFC 3339 in UTC.
"""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from chalicelib.identity.model import Reaching
from chalicelib.licensing.model import Credential, LicenseType
from chalicelib.providers.npi import Npi
from chalicelib.validation import Email, Line, ListQuery

ProviderStatus = Literal["active", "inactive"]
BillingRole = Literal["provider", "assistant", "technician"]
AccessType = Literal["full", "part_time", "administrator"]
RtmStatus = Literal["not_enrolled", "eligible", "enrolled"]


# --- Accounts -----------------------------------------------------------------------------------------------------


class ScheduledDeactivation(msgspec.Struct, frozen=True):
    """The account is going to end at the start of `date`, and its patients go to `reassign_to` where that is set."""

    date: date
    reassign_to: str | None = None


class Provider(msgspec.Struct, frozen=True):
    """A provider account. Every change makes a new `version`, which is its `ETag`.

    `image_id` names its profile image; an account without one has null.
    """

    id: str
    first_name: str
    last_name: str
    credential: Credential
    license_type: LicenseType
    billing_role: BillingRole
    access_type: AccessType
    status: ProviderStatus
    email: str
    npi: str | None = None
    scheduled_deactivation: ScheduledDeactivation | None = None
    image_id: str | None = None
    version: int = 1

    @property
    def name(self) -> str:
        """As one is called: `Ada Byron`."""
        return f"{self.first_name} {self.last_name}"

    @property
    def listed_name(self) -> str:
        """As one stands in a list: `Byron, Ada`."""
        return f"{self.last_name}, {self.first_name}"


class CreateProvider(msgspec.Struct, frozen=True):
    """A new provider account. With `add_license` the practice buys the license that it takes, under the agreement."""

    first_name: Line
    last_name: Line
    credential: Credential
    email: Email
    npi: Npi | None = None
    billing_role: BillingRole = "provider"
    access_type: AccessType = "full"
    add_license: bool = False
    agreement_version: str = ""
    agreement_accepted: bool = False


class EditProvider(msgspec.Struct, frozen=True):
    """What to change of a provider account; what is left out stays. A `npi` of null takes it away."""

    first_name: Line | UnsetType = UNSET
    last_name: Line | UnsetType = UNSET
    credential: Credential | UnsetType = UNSET
    email: Email | UnsetType = UNSET
    npi: Npi | UnsetType | None = UNSET
    billing_role: BillingRole | UnsetType = UNSET
    access_type: AccessType | UnsetType = UNSET


class ProviderQuery(ListQuery, frozen=True, forbid_unknown_fields=True):
    """Which accounts: `q` is what a name, the email or the NPI begins with; `assignable` leaves out all that can take
    no patients."""

    q: Annotated[
        str, Meta(max_length=200, description="Beginning of a name, email or NPI; case and accents ignored")
    ] = ""
    status: ProviderStatus | None = None
    assignable: bool = False


class ProviderImage(msgspec.Struct, frozen=True):
    """Links to an account's profile image and its square thumbnail, both WebP. They work until `expires_at`."""

    id: str
    image: str
    thumbnail: str
    expires_at: str


class SaveConfiguration(msgspec.Struct, frozen=True):
    """A provider's personal configuration; what is left out has its default."""

    messaging_enabled: bool = True
    default_rtm_status: RtmStatus = "not_enrolled"
    billable_code_emails: bool = False
    default_location: Line | None = None
    outcome_threshold: Annotated[int, Meta(ge=1, le=5)] = 3


class Configuration(SaveConfiguration, frozen=True):
    """The same with its version: 0 until it is saved for the first time."""

    version: int = 0


# --- How an account ends ------------------------------------------------------------------------------------------

LocalDay = Annotated[date, Meta(description="A day in the practice's time zone")]
ProviderId = Annotated[str, Meta(max_length=100)]


class Deactivate(msgspec.Struct, frozen=True):
    """End an account: now, or at the start of the day `date`. Its patients go to the account `reassign_to`; without
    one they stay where they are. `confirm`: the caller knows what will happen."""

    date: LocalDay | None = None
    reassign_to: ProviderId | None = None
    confirm: bool = False


class ReleasedLicense(msgspec.Struct, frozen=True):
    """The license that a deactivation frees: another account can take it, or it was the trial's and ends."""

    license_type: LicenseType
    becomes: Literal["available", "ended"]


class DeactivationPreview(msgspec.Struct, frozen=True):
    """What happens when an account is deactivated. `patients` are those that it has now; `usernames` lose their access
    to it, and those who are left with nothing are signed out; `open_tickets` of theirs become a site admin's (of the
    practice's first thousand). `removes_data`: unless a license is bought by then, its data is removed 90 days later.
    `last_site_admin`: one of them is the only active site admin of the practice, and stays that."""

    provider_id: str
    patients: int
    license: ReleasedLicense
    removes_data: bool
    usernames: list[Reaching]
    open_tickets: int
    last_site_admin: str | None
    scheduled_deactivation: ScheduledDeactivation | None


class Deactivated(Provider, frozen=True, kw_only=True):
    """The account, which has ended; until `undo_until` it can be undone. `reassignment_id` is the patients' move."""

    undo_until: str
    reassignment_id: str | None


class DeactivationScheduled(Provider, frozen=True, kw_only=True):
    """The account, which ends at the instant at which that day begins."""

    takes_effect_at: str


class Restored(Provider, frozen=True, kw_only=True):
    """The account, active as it was. `reassignment_id` is the move that brings its patients back."""

    reassignment_id: str | None


class Schedule(msgspec.Struct, frozen=True):
    """A deactivation that is to come: its local date, and the instant at which that day begins."""

    provider_id: str
    date: date
    due_at: str
    requested_by: str
    reassign_to: str | None = None


class Departure(msgspec.Struct, frozen=True):
    """The move that an account's end begins: of so many `patients`, to the account `to`."""

    reassignment_id: str
    to: str
    patients: int


class Deactivation(msgspec.Struct, frozen=True):
    """What the last deactivation of an account did, so that it can be undone until `undo_until`.

    `trial_until`: it gave up a trial license, which has ended with that. `departure`: its patients go.
    """

    id: str
    provider_id: str
    at: str
    by: str
    undo_until: str
    license_type: LicenseType
    trial_until: str | None = None
    departure: Departure | None = None

    @property
    def reassignment_id(self) -> str | None:
        """The move of its patients, where they go."""
        return self.departure.reassignment_id if self.departure else None
