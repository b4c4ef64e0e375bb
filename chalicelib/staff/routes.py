"""The HTTPS face of the vendor's own people. Their sessions open these routes alone, and no others' do."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.answers import Csv, Html
from chalicelib.auth import ANY_STAFF, ENROLLING_STAFF, PUBLIC, staff
from chalicelib.dynamo import Key
from chalicelib.http import route
from chalicelib.identity.usecases import passwords, practices, second_factor, sign_in, staff_logins
from chalicelib.licensing.usecases import reconciliation
from chalicelib.store import Context

bp = Blueprint(__name__)
SUPPORT, ACCOUNTING = staff("support"), staff("accounting")


def _practice(_: str, practice_id: str) -> list[Key[Any]]:
    return [practices.key_of(practice_id)]


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


@route(bp, "GET", "/staff/password-resets/{token}", permit=PUBLIC)
def show_staff_password_form(ctx: Context, token: str) -> Html:
    """The page behind a mailed set-password link."""
    return passwords.FORM


@route(bp, "POST", "/staff/password-resets/{token}", permit=PUBLIC, keeps_receipt=False)
def set_staff_password(ctx: Context, token: str, command: passwords.SetPassword) -> None:
    """Set the password through a mailed link."""
    passwords.set_password(ctx, token, command, staff=True)


# --- Licenses and billing -----------------------------------------------------------------------------------------


@route(bp, "PUT", "/staff/practices/{practice_id}/billing-note", permit=SUPPORT, prefetch=_practice)
def set_billing_note(ctx: Context, practice_id: str, command: practices.BillingNote) -> practices.BillingNote:
    """Set a practice's special-billing note, or remove it with null: while there is one, nothing is quoted."""
    return practices.set_billing_note(ctx, practice_id, command)


@route(bp, "GET", "/staff/reconciliation.csv", permit=ACCOUNTING, refusals={404: "report_not_made"})
def download_reconciliation(ctx: Context, query: reconciliation.ReportOf) -> Csv:
    """The reconciliation of all practices at the end of a month, or of another day that a report was made for."""
    return reconciliation.report(ctx, query)
