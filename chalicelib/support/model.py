"""The words of support: tickets, what is said on them, their clocks. Instants are RFC 3339 in UTC."""

from typing import Annotated, Any, Final, Literal, get_args

import msgspec
from msgspec import UNSET, Meta, UnsetType

from chalicelib.licensing.model import Count
from chalicelib.model import Role
from chalicelib.validation import Email, Headline, Line, ListQuery, Text

Category = Literal["question", "problem", "license_decrease", "role_change", "reactivation", "owner_change", "billing"]
Priority = Literal["low", "normal", "high", "emergency"]
Status = Literal["new", "open", "waiting_on_you", "solved", "closed"]
View = Literal["my", "team", "cc"]
Decision = Literal["approved", "declined"]
ClockName = Literal["first_response", "resolution"]

CLOCKS: Final[tuple[ClockName, ...]] = get_args(ClockName)
MOST_CC: Final = 10
MOST_ATTACHMENTS: Final = 10

Name = Annotated[str, Meta(max_length=256, description="A username of the practice")]
CopiedIn = Annotated[list[Name], Meta(max_length=MOST_CC, description="Usernames of the practice who read along")]
TicketNumber = Annotated[int, Meta(ge=1, le=999_999_999)]


# --- What is asked for --------------------------------------------------------------------------------------------


class TicketRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a ticket asks Support to do, by its category.

    `license_decrease`: `physician`, `midlevel`, how many licenses to give up; `role_change`: `username`, `role`,
    `action`; `reactivation`: `username`; `owner_change`: `owner_email`, the new address. No other category has one.
    """

    username: Name | None = None
    role: Role | None = None
    action: Literal["add", "remove"] | None = None
    physician: Count | None = None
    midlevel: Count | None = None
    owner_email: Email | None = None


class FileTicket(msgspec.Struct, frozen=True, kw_only=True):
    """A new ticket. It names the help center's search that came before it (`search_id`, of the last 24 hours), or says
    that the articles do not help. `contains_patient_data` true: what looks like patient data stays in it."""

    subject: Headline
    body: Text
    category: Category
    priority: Priority
    cc: CopiedIn = []
    request: TicketRequest | None = None
    follow_up_of: TicketNumber | None = None
    search_id: Annotated[str, Meta(max_length=64)] | None = None
    articles_do_not_help: bool = False
    contains_patient_data: bool = False


class EditTicket(msgspec.Struct, frozen=True):
    """What to change of a ticket; what is left out stays. `status` `solved` says that it is done with, `open` takes
    that back."""

    subject: Headline | UnsetType = UNSET
    category: Category | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    cc: CopiedIn | UnsetType = UNSET
    status: Literal["open", "solved"] | UnsetType = UNSET
    contains_patient_data: bool = False


class WriteComment(msgspec.Struct, frozen=True):
    """Something to say on a ticket."""

    body: Text
    contains_patient_data: bool = False


class FileEmergency(msgspec.Struct, frozen=True):
    """A call for help by somebody who can't get in: a `username` or `practice_id`, how to reach them, what happened."""

    subject: Headline
    body: Text
    contact_email: Email
    contact_name: Line | None = None
    username: Annotated[str, Meta(max_length=256)] | None = None
    practice_id: Annotated[str, Meta(max_length=64)] | None = None


class TicketQuery(ListQuery, frozen=True, forbid_unknown_fields=True):
    """Which tickets: one's own, the team's, or those one is copied in. `q` is what the number or words of the subject
    begin with."""

    view: View = "my"
    status: Status | None = None
    category: Category | None = None
    q: Annotated[str, Meta(max_length=200, description="Beginnings of words of the subject, or of the number")] = ""


# --- Tickets ------------------------------------------------------------------------------------------------------


class Clock(msgspec.Struct, frozen=True, omit_defaults=True):
    """One promise of how soon. While it runs it is `due` at an instant; while it stands it has `left` seconds of
    service time. `met_at`: kept, or done with; `breached_at`: Support was told that it was not kept in time."""

    due: str | None = None
    left: int | None = None
    met_at: str | None = None
    breached_at: str | None = None


class Sla(msgspec.Struct, frozen=True):
    """The two promises of a ticket."""

    first_response: Clock = Clock()
    resolution: Clock = Clock()


class Redaction(msgspec.Struct, frozen=True):
    """Who of Support took text out of a ticket for good, when and why; `fields` says where it stood."""

    fields: list[str]
    by: str
    at: str
    reason: str


class Approval(msgspec.Struct, frozen=True):
    """Who of Support approved what a ticket asks for."""

    by: str
    at: str


class Attachment(msgspec.Struct, frozen=True):
    """A file of a ticket, by its upload's id. `kind` is what its content is; `size` in bytes."""

    id: str
    name: str
    kind: str
    size: int
    by: str
    at: str


class TicketSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket as lists show it: facts that change seldom. `owner` is whose ticket it is now; `unverified`: nobody
    was signed in who filed it."""

    id: str
    number: int
    subject: str
    category: Category
    priority: Priority
    status: Status
    filed_by: str
    owner: str | None
    unverified: bool = False
    created_at: str


class TicketFacts(TicketSummary, frozen=True, kw_only=True):
    """What else a ticket tells who opens it. `request` holds what it asks for, `decision` what Support decided."""

    updated_at: str
    cc: list[str] = []
    request: dict[str, Any] | None = None
    decision: Decision | None = None
    approvals: list[Approval] = []
    follow_up_of: int | None = None
    contact_email: str | None = None
    contact_name: str | None = None
    solved_at: str | None = None
    closed_at: str | None = None
    sla: Sla = Sla()
    redactions: list[Redaction] = []
    attachments: list[Attachment] = []
    version: int = 1


class Ticket(TicketFacts, frozen=True, kw_only=True):
    """A ticket as it is kept. `emails` by username: who is told of changes. The practice's name and time zone are those
    of when it was filed."""

    practice_id: str
    practice_name: str
    time_zone: str
    emails: dict[str, str] = {}

    def summary(self) -> TicketSummary:
        """Its line in a list."""
        return TicketSummary(**{name: getattr(self, name) for name in TicketSummary.__struct_fields__})


class TicketDetail(TicketFacts, frozen=True, kw_only=True):
    """A ticket, opened: with the text that it began with."""

    body: str


class FiledTicket(msgspec.Struct, frozen=True):
    """What whoever files a ticket is told. No text: the answer is kept for repeats of the request."""

    id: str
    number: int
    status: Status
    category: Category
    priority: Priority
    created_at: str
    version: int


class Comment(msgspec.Struct, frozen=True):
    """Something said on a ticket, by a username or by Support (`from_support`). `redacted`: its text was taken out."""

    id: str
    body: str
    by: str
    at: str
    from_support: bool = False
    redacted: Redaction | None = None


class WrittenComment(msgspec.Struct, frozen=True):
    """What whoever comments is told: the comment's id, and what became of the ticket."""

    id: str
    at: str
    number: int
    status: Status
    version: int


class HistoryLine(msgspec.Struct, frozen=True):
    """One change of a ticket: ids, names of fields and states, never text. Its id is that of the audit record."""

    id: str
    at: str
    by: str
    what: str
    before: dict[str, Any]
    after: dict[str, Any]


class PatientDataIn(msgspec.Struct, frozen=True):
    """A field that looks as if it told of a patient: by a number or date of these kinds (`ssn`, `mrn`,
    `date_of_birth`)."""

    field: str
    kinds: list[str]


class EmergencyTaken(msgspec.Struct, frozen=True):
    """The same answer whoever asks, and whatever there is; `patient_data_found` depends on the text alone."""

    detail: str
    patient_data_found: list[PatientDataIn] = []


class AttachFile(msgspec.Struct, frozen=True):
    """A file to attach, by its name: pdf, png, jpg, txt, csv, docx or xlsx, as its content is."""

    name: Line
    contains_patient_data: bool = False


class AttachmentLink(Attachment, frozen=True):
    """An attachment with a link to its file, which works until `expires_at`."""

    link: str
    expires_at: str


class QueuedTicket(TicketSummary, frozen=True, kw_only=True):
    """A ticket in Support's queue. `due`: the promise that is due first, null while it waits on the customer."""

    practice_id: str
    practice_name: str
    due: str | None
    breached: list[ClockName]


def detail_of(ticket: Ticket, body: str) -> TicketDetail:
    """A ticket, opened."""
    fields = {name: getattr(ticket, name) for name in TicketFacts.__struct_fields__}
    return TicketDetail(**fields, body=body)


def filed(ticket: Ticket) -> FiledTicket:
    """What whoever files it is told."""
    return FiledTicket(**{name: getattr(ticket, name) for name in FiledTicket.__struct_fields__})
