"""The HTTPS face of the vendor's own people. Their sessions open these routes alone, and no others' do."""

from chalice.app import Blueprint

from chalicelib.answers import Csv, Elsewhere
from chalicelib.auth import ANY_STAFF, ENROLLING_STAFF, PUBLIC, staff
from chalicelib.cursors import Page
from chalicelib.http import route
from chalicelib.identity.usecases import passwords, practices, second_factor, sign_in, staff_logins
from chalicelib.licensing.usecases import reconciliation
from chalicelib.staff.usecases import decisions
from chalicelib.store import Context
from chalicelib.support.model import AttachmentLink, Comment, HistoryLine, QueuedTicket
from chalicelib.support.usecases import attachments, conversation, desk, redaction
from chalicelib.validation import ListQuery

bp = Blueprint(__name__)
SUPPORT, ACCOUNTING = staff("support"), staff("accounting")
_UNDECIDABLE = "nothing_to_decide already_decided decrease_settled"
_UNDOABLE = (
    "second_person_needed asker_not_site_admin username_not_active username_active role_held role_not_held "
    "last_site_admin recovery_outdated owner_email_held"
)


# --- One's own login ----------------------------------------------------------------------------------------------


@route(
    bp,
    "POST",
    "/staff/sessions",
    permit=PUBLIC,
    status=201,
    location="/staff/sessions/current",
    keeps_receipt=False,
    refusals={401: "invalid_credentials totp_required"},
)
def open_staff_session(ctx: Context, command: sign_in.SignIn) -> sign_in.OpenedSession:
    """Sign in as one of the vendor's people. Before two-factor is set up the session can do nothing else."""
    return sign_in.sign_in_staff(ctx, command)


@route(bp, "GET", "/staff/sessions/current", permit=ENROLLING_STAFF)
def show_staff_session(ctx: Context) -> staff_logins.StaffSession:
    """The session of this request."""
    return staff_logins.current_session(ctx)


@route(bp, "DELETE", "/staff/sessions/current", permit=ENROLLING_STAFF)
def close_staff_session(ctx: Context) -> None:
    """Sign out."""
    sign_in.sign_out(ctx)


@route(bp, "POST", "/staff/totp", permit=ENROLLING_STAFF, keeps_receipt=False, refusals={403: "totp_required"})
def start_staff_totp(ctx: Context, command: second_factor.StartTotp) -> second_factor.TotpSecret:
    """Begin to set up two-factor: a secret for an authenticator app."""
    return second_factor.start_totp(ctx, command)


@route(
    bp,
    "POST",
    "/staff/totp/confirm",
    permit=ENROLLING_STAFF,
    keeps_receipt=False,
    refusals={409: "totp_not_started"},
)
def confirm_staff_totp(ctx: Context, command: second_factor.ConfirmTotp) -> second_factor.RecoveryCodes:
    """Turn two-factor on with the app's first code. Other sessions end."""
    return second_factor.confirm_totp(ctx, command)


@route(bp, "PUT", "/staff/password", permit=ANY_STAFF)
def change_staff_password(ctx: Context, command: passwords.ChangePassword) -> None:
    """Change one's password. All sessions end, this one too."""
    passwords.change_password(ctx, command)


@route(bp, "POST", "/staff/password-resets/{token}", permit=PUBLIC, keeps_receipt=False)
def set_staff_password(ctx: Context, token: str, command: passwords.SetPassword) -> None:
    """Set the password through a mailed link."""
    passwords.set_password(ctx, token, command, staff=True)


# --- Tickets ------------------------------------------------------------------------------------------------------


@route(bp, "GET", "/staff/tickets", permit=SUPPORT)
def list_queue(ctx: Context, query: desk.QueueQuery) -> Page[QueuedTicket]:
    """The tickets of all practices that are not solved, in the order in which their promises are due."""
    return desk.queue(ctx, query)


@route(bp, "GET", "/staff/tickets/{ticket_id}", permit=SUPPORT, prefetch=desk.rows)
def show_staff_ticket(ctx: Context, ticket_id: str) -> desk.DeskTicket:
    """One ticket, by the id that is its own among those of all practices."""
    return desk.show(ctx, ticket_id)


@route(bp, "GET", "/staff/tickets/{ticket_id}/comments", permit=SUPPORT, prefetch=desk.rows)
def list_staff_ticket_comments(ctx: Context, ticket_id: str, query: ListQuery) -> Page[Comment]:
    """What was said on a ticket since it was filed, in order."""
    return conversation.said_on(desk.find(ctx, ticket_id), query)


@route(bp, "GET", "/staff/tickets/{ticket_id}/history", permit=SUPPORT, prefetch=desk.rows)
def list_staff_ticket_history(ctx: Context, ticket_id: str, query: ListQuery) -> Page[HistoryLine]:
    """Every change of a ticket, newest first: who, when, which fields; never text."""
    return conversation.history_of(desk.find(ctx, ticket_id), query)


@route(bp, "GET", "/staff/tickets/{ticket_id}/attachments", permit=SUPPORT, prefetch=desk.rows)
def list_staff_ticket_attachments(ctx: Context, ticket_id: str) -> Page[AttachmentLink]:
    """A ticket's files, with links that work for five minutes."""
    return Page(attachments.links(ctx, desk.find(ctx, ticket_id)), None)


@route(
    bp,
    "POST",
    "/staff/tickets/{ticket_id}/comments",
    permit=SUPPORT,
    status=201,
    location="/staff/tickets/{ticket_id}/comments",
    prefetch=desk.rows,
    refusals={409: "ticket_closed wrong_status decision_pending"},
)
def answer_ticket(ctx: Context, ticket_id: str, command: desk.AnswerTicket) -> desk.WrittenAnswer:
    """Answer the practice: take the ticket on, ask back (its clocks stand meanwhile), or solve it."""
    return desk.answer(ctx, ticket_id, command)


@route(
    bp,
    "POST",
    "/staff/tickets/{ticket_id}/approve",
    permit=SUPPORT,
    prefetch=desk.rows,
    refusals={409: f"{_UNDECIDABLE} {_UNDOABLE}"},
)
def approve_ticket(ctx: Context, ticket_id: str, command: decisions.ApproveTicket) -> desk.DecidedTicket:
    """Grant what a ticket asks for: it is decided and done in one transaction. What the practice's owner authorized
    takes two different people; the first one's approval is noted."""
    return decisions.approve(ctx, ticket_id, command)


@route(
    bp,
    "POST",
    "/staff/tickets/{ticket_id}/decline",
    permit=SUPPORT,
    prefetch=desk.rows,
    refusals={409: _UNDECIDABLE},
)
def decline_ticket(ctx: Context, ticket_id: str, command: decisions.DeclineTicket) -> desk.DecidedTicket:
    """Decline what a ticket asks for, and say why."""
    return decisions.decline(ctx, ticket_id, command)


@route(bp, "POST", "/staff/tickets/{ticket_id}/redact", permit=SUPPORT, prefetch=desk.rows)
def redact_ticket(ctx: Context, ticket_id: str, command: redaction.RedactTicket) -> redaction.RedactedTicket:
    """Take texts out of a ticket for good, wherever they stand: its subject, its body, comments and attachments by
    their ids. A mark says who did it, when and why."""
    return redaction.redact(ctx, ticket_id, command)


# --- Licenses and billing -----------------------------------------------------------------------------------------


@route(bp, "PUT", "/staff/practices/{practice_id}/billing-note", permit=SUPPORT, prefetch=practices.rows)
def set_billing_note(ctx: Context, practice_id: str, command: practices.BillingNote) -> practices.BillingNote:
    """Set a practice's special-billing note, or remove it with null: while there is one, nothing is quoted."""
    return practices.set_billing_note(ctx, practice_id, command)


@route(
    bp,
    "GET",
    "/staff/reconciliation.csv",
    permit=ACCOUNTING,
    also={303: Elsewhere},
    refusals={404: "report_not_made"},
)
def download_reconciliation(ctx: Context, query: reconciliation.ReportOf) -> Csv | Elsewhere:
    """The reconciliation of all practices at the end of a month, or of another day that a report was made for."""
    return reconciliation.report(ctx, query)
