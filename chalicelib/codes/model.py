"""The words of the codes room: the entries of code files, and copies from one account's files to another's.

Money is integer cents; instants are RFC 3339 in UTC. Codes are upper case in everything that is answered, and those of
diagnoses have their dot.
"""

from typing import Annotated, ClassVar, Final, Literal, get_args

import msgspec
from msgspec import UNSET, Meta, UnsetType

from chalicelib.validation import LINE, ONE_LINE, Line, ListQuery

File = Literal["diagnosis", "billing", "payers"]
FILES: Final[tuple[File, ...]] = get_args(File)
PayerType = Literal[
    "commercial", "medicare", "medicaid", "tricare", "workers_compensation", "auto", "self_pay", "other"
]

_LETTERS_AND_DIGITS = "[0-9A-Za-z]"
DiagnosisCode = Annotated[
    str,
    Meta(
        pattern=rf"^[A-Za-z][0-9]{_LETTERS_AND_DIGITS}(\.?{_LETTERS_AND_DIGITS}{{1,4}})?$(?!\n)",
        description="An ICD-10-CM code such as E11.9; its dot may be left out",
    ),
]
ProcedureCode = Annotated[
    str,
    Meta(
        pattern=r"^([0-9]{4}[0-9AFMTUafmtu]|[A-Va-v][0-9]{4})$(?!\n)",
        description="A CPT code such as 99213 or an HCPCS level II code such as G0008",
    ),
]
PayerId = Annotated[
    str,
    Meta(
        pattern=rf"^{_LETTERS_AND_DIGITS}({_LETTERS_AND_DIGITS}|-){{1,19}}$(?!\n)",
        description="A payer id of 2 to 20 letters, digits and hyphens",
    ),
]
Modifier = Annotated[
    str,
    Meta(pattern=rf"^{_LETTERS_AND_DIGITS}{{2}}$(?!\n)", description="A modifier of two letters or digits such as 25"),
]
Modifiers = Annotated[list[Modifier], Meta(max_length=4)]
Cents = Annotated[int, Meta(ge=0, le=99_999_999, description="An amount in cents")]
Description = Annotated[str, Meta(min_length=1, max_length=250, pattern=LINE, description=ONE_LINE)]


# --- Entries ------------------------------------------------------------------------------------------------------


class NewDiagnosis(msgspec.Struct, frozen=True):
    """A diagnosis code to be added."""

    file: ClassVar[File] = "diagnosis"
    code: DiagnosisCode
    description: Description


class NewBillingCode(msgspec.Struct, frozen=True):
    """A billing code to be added, with its usual modifiers and fee."""

    file: ClassVar[File] = "billing"
    code: ProcedureCode
    description: Description
    modifiers: Modifiers = []
    fee_cents: Cents | None = None


class NewPayer(msgspec.Struct, frozen=True):
    """An insurance payer to be added; `code` is its payer id."""

    file: ClassVar[File] = "payers"
    code: PayerId
    name: Line
    type: PayerType


class EditDiagnosis(msgspec.Struct, frozen=True):
    """What to change of a diagnosis code; what is left out stays."""

    file: ClassVar[File] = "diagnosis"
    description: Description | UnsetType = UNSET


class EditBillingCode(msgspec.Struct, frozen=True):
    """What to change of a billing code; what is left out stays. A `fee_cents` of null takes the fee away."""

    file: ClassVar[File] = "billing"
    description: Description | UnsetType = UNSET
    modifiers: Modifiers | UnsetType = UNSET
    fee_cents: Cents | UnsetType | None = UNSET


class EditPayer(msgspec.Struct, frozen=True):
    """What to change of a payer; what is left out stays."""

    file: ClassVar[File] = "payers"
    name: Line | UnsetType = UNSET
    type: PayerType | UnsetType = UNSET


class Diagnosis(msgspec.Struct, frozen=True, tag_field="file", tag="diagnosis"):
    """A diagnosis code of an account. Every change makes a new `version`, which is its `ETag`."""

    code: str
    description: str
    version: int = 1


class BillingCode(msgspec.Struct, frozen=True, tag_field="file", tag="billing"):
    """A billing code of an account. Every change makes a new `version`, which is its `ETag`."""

    code: str
    description: str
    modifiers: list[str]
    fee_cents: int | None
    version: int = 1


class Payer(msgspec.Struct, frozen=True, tag_field="file", tag="payers"):
    """An insurance payer of an account. Every change makes a new `version`, which is its `ETag`."""

    code: str
    name: str
    type: PayerType
    version: int = 1


NewEntry = NewDiagnosis | NewBillingCode | NewPayer
EditEntry = EditDiagnosis | EditBillingCode | EditPayer
Entry = Diagnosis | BillingCode | Payer
NEW: Final[dict[File, type[NewEntry]]] = {"diagnosis": NewDiagnosis, "billing": NewBillingCode, "payers": NewPayer}
EDITS: Final[dict[File, type[EditEntry]]] = {
    "diagnosis": EditDiagnosis,
    "billing": EditBillingCode,
    "payers": EditPayer,
}


class CodeQuery(ListQuery, frozen=True, forbid_unknown_fields=True):
    """Which entries: `q` is what the code, or a word of the description or name, begins with."""

    q: Annotated[
        str, Meta(max_length=200, description="Beginning of a code or a word; case, accents and dots ignored")
    ] = ""


class ExportQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which file."""

    file: File


# --- Copies -------------------------------------------------------------------------------------------------------

MOST_CHOSEN: Final = 5000
ProviderId = Annotated[str, Meta(min_length=1, max_length=100, description="The id of a provider account")]
OnConflict = Literal["skip", "overwrite"]
Verdict = Literal["new", "identical", "conflicting"]
CopyStatus = Literal["running", "done", "stopped", "undoing", "undone"]


class Entries(msgspec.Struct, frozen=True):
    """Chosen entries of code files, by their codes."""

    diagnosis: Annotated[list[DiagnosisCode], Meta(max_length=MOST_CHOSEN)] = []
    billing: Annotated[list[ProcedureCode], Meta(max_length=MOST_CHOSEN)] = []
    payers: Annotated[list[PayerId], Meta(max_length=MOST_CHOSEN)] = []


class CopyCodes(msgspec.Struct, frozen=True):
    """Which entries go from one account's files to another's, 5,000 at most. A conflicting one, which the other account
    has with something else in it, is skipped unless it is to be overwritten."""

    source: ProviderId = msgspec.field(name="from")
    to: ProviderId
    entries: Entries
    on_conflict: OnConflict = "skip"


class Compared(msgspec.Struct, frozen=True):
    """How many of the chosen entries of a file the target does not have, has alike, has with something else in it."""

    new: int = 0
    identical: int = 0
    conflicting: int = 0


class CopyPreview(msgspec.Struct, frozen=True):
    """What a copy would meet: counts for each file, and for each entry which of them it is."""

    files: dict[str, Compared]
    entries: dict[str, dict[str, Verdict]]


class Counts(Compared, frozen=True):
    """The same of the entries that a copy has come to, and what became of them: copied are the new ones, skipped or
    overwritten the conflicting ones. `gone` were deleted from the source since the copy was begun."""

    copied: int = 0
    skipped: int = 0
    overwritten: int = 0
    gone: int = 0


class CodeCopy(msgspec.Struct, frozen=True):
    """A copy of entries from one account's files to another's, in chunks: it has come to `processed` of `total`. An
    import is one that comes `from` no account (null), but from a CSV file; it is `stopped`, with less than all, where
    the file that was checked is not there any more.

    Undoing it has `restored` so many, and `kept` those that were edited after it was begun.
    """

    id: str
    source: str | None = msgspec.field(name="from")
    to: str
    on_conflict: OnConflict
    status: CopyStatus
    total: int
    requested_by: str
    requested_at: str
    files: dict[str, Counts]
    processed: int = 0
    restored: int = 0
    kept: int = 0


# --- Imports ------------------------------------------------------------------------------------------------------


class ImportCodes(msgspec.Struct, frozen=True):
    """What to do with an uploaded CSV file: import it into a code file, or as a `dry_run` see what that would meet."""

    file: File
    dry_run: bool = False
    on_conflict: OnConflict = "skip"
