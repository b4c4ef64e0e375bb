"""The words of licensing: counts, pools, quotes and orders. Values without behaviour of their own but arithmetic."""

from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

LicenseType = Literal["physician", "midlevel"]
Credential = Literal["MD", "DO", "CRNA", "PA", "NP"]
OrderStatus = Literal["pending", "cancelled", "charged"]
DecreaseStatus = Literal["requested", "approved", "declined", "applied"]
LineKind = Literal[
    "trial",
    "trial_type_change",
    "trial_end",
    "terms",
    "order",
    "cancel",
    "charge",
    "claim",
    "type_change",
    "release",
    "decrease",
]

LICENSE_TYPES: tuple[LicenseType, ...] = get_args(LicenseType)
LICENSE_TYPE_OF: dict[Credential, LicenseType] = {
    "MD": "physician",
    "DO": "physician",
    "CRNA": "physician",
    "PA": "midlevel",
    "NP": "midlevel",
}
MOST_PER_ORDER = 100


class Counts(msgspec.Struct, frozen=True):
    """So many licenses of each type."""

    physician: int = 0
    midlevel: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.physician + other.physician, self.midlevel + other.midlevel)

    def __neg__(self) -> "Counts":
        return Counts(-self.physician, -self.midlevel)

    def of(self, license_type: LicenseType) -> int:
        """The count of one type."""
        return self.physician if license_type == "physician" else self.midlevel

    @staticmethod
    def one(license_type: LicenseType) -> "Counts":
        """One license of a type."""
        return Counts(**{license_type: 1})


class Pool(msgspec.Struct, frozen=True):
    """A practice's licenses. `available` = active - in use; it is what the table stores, as its conditions need it.

    Also the change of a pool: what a ledger line adds.
    """

    available: Counts = Counts()
    in_use: Counts = Counts()

    @property
    def active(self) -> Counts:
        return self.available + self.in_use

    def __add__(self, change: "Pool") -> "Pool":
        return Pool(self.available + change.available, self.in_use + change.in_use)


Count = Annotated[int, Meta(ge=0, le=MOST_PER_ORDER)]


class LicenseQuoteRequest(msgspec.Struct, frozen=True):
    """How many licenses of each type: 1 to 100 in all."""

    physician: Count = 0
    midlevel: Count = 0

    @property
    def counts(self) -> Counts:
        return Counts(self.physician, self.midlevel)


class PlaceLicenseOrder(LicenseQuoteRequest, frozen=True, kw_only=True):
    """An order. `agreement_version` is the version that was shown; `agreement_accepted` must be true."""

    agreement_version: str
    agreement_accepted: bool


class UnitPrices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Monthly price of one license of each type, in cents."""

    physician: int
    midlevel: int


class QuoteLine(msgspec.Struct, frozen=True):
    """One license type of a quote. Amounts in cents; null for practices with custom billing."""

    license_type: LicenseType
    quantity: int
    unit_price_cents: int | None
    amount_cents: int | None


class LicenseQuote(msgspec.Struct, frozen=True):
    """What an order placed now would cost, and until when it could be cancelled."""

    lines: tuple[QuoteLine, ...]
    total_cents: int | None
    currency: str
    period_start: str
    period_end: str
    days_left: int
    days_in_period: int
    cancel_until: str
    billing_note: str | None


class LicenseOrder(msgspec.Struct, frozen=True):
    """A purchase of licenses. `cancel_until` is the last second in which it can be cancelled, frozen when ordered."""

    id: str
    practice_name: str
    physician: int
    midlevel: int
    status: OrderStatus
    cancel_until: str
    lines: tuple[QuoteLine, ...]
    total_cents: int | None
    currency: str
    ordered_at: str
    ordered_by: str
    agreement_version: str
    settled_at: str | None = None

    @property
    def counts(self) -> Counts:
        return Counts(self.physician, self.midlevel)


class Terms(msgspec.Struct, frozen=True):
    """What the vendor's settings say: `prices` None for a practice with custom billing, whose note `note` is."""

    practice_name: str
    prices: UnitPrices | None
    currency: str
    billing_zone: str
    note: str | None = None


class Agreement(msgspec.Struct, frozen=True):
    """The license agreement in force; `sha256` is of the text's UTF-8 bytes, in hexadecimal."""

    version: str
    text: str
    sha256: str


class LicenseDecreaseRequest(LicenseQuoteRequest, frozen=True):
    """How many licenses of each type to give up from the next billing period on: 1 to 100 in all."""


class LicenseDecrease(msgspec.Struct, frozen=True):
    """A request to lower the number of licenses, which staff decide. An approved one takes effect at
    `effective_at`, without credit; `removed` then says how many were still available to be taken away. It is asked for
    by the practice's ticket `ticket_number`."""

    id: str
    practice_name: str
    physician: int
    midlevel: int
    status: DecreaseStatus
    requested_at: str
    requested_by: str
    email: str
    decided_at: str | None = None
    decided_by: str | None = None
    effective_at: str | None = None
    removed: Counts | None = None
    ticket_number: int | None = None

    @property
    def counts(self) -> Counts:
        return Counts(self.physician, self.midlevel)


class LedgerLine(msgspec.Struct, frozen=True):
    """One line of a practice's license ledger: what changed in its pool, and why.

    `subject` is the order, the decrease or the provider account; amounts are in cents, null where none is due.
    """

    id: str
    at: str
    kind: LineKind
    subject: str
    active: Counts
    in_use: Counts
    amount_cents: int | None = None
