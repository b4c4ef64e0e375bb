"""What else staff keep: a practice's billing note, and the reconciliation of all practices by month."""

from typing import Annotated, Any
from urllib.parse import quote

import msgspec
from msgspec import Meta

from chalicelib.answers import Csv, Elsewhere
from chalicelib.auth import staff
from chalicelib.console.declared import Done
from chalicelib.console.pages import action, page
from chalicelib.console.visits import STAFF_HOME
from chalicelib.identity.usecases import practices
from chalicelib.licensing.usecases import reconciliation
from chalicelib.store import Context

_SUPPORT, _ACCOUNTING = staff("support"), staff("accounting")
_NOTES = f"{STAFF_HOME}/billing-notes"
_RECONCILIATION = f"{STAFF_HOME}/reconciliation"


class Wanted(msgspec.Struct, frozen=True):
    """Which practice."""

    practice_id: Annotated[str, Meta(max_length=64)] = ""


@page(_NOTES, permit=_SUPPORT, template="staff_notes.html")
def choose_practice(ctx: Context, query: Wanted) -> dict[str, Any] | Done:
    """The form that asks for a practice's number, and leads on to its note."""
    return Done(f"{_NOTES}/{quote(query.practice_id, safe='')}") if query.practice_id else {"wanted": query}


@page(f"{_NOTES}/{{practice_id}}", permit=_SUPPORT, prefetch=practices.rows, template="staff_note.html")
def show_note(ctx: Context, practice_id: str) -> dict[str, Any]:
    """A practice's note, and nothing else of it but its name."""
    found = practices.find(ctx, practice_id)
    return {"id": found.id, "name": found.name, "note": practices.BillingNote(found.billing_note)}


def _noted(note: practices.BillingNote, practice_id: str) -> Done:
    said = "The note is saved. Nothing is quoted now." if note.billing_note else "There is no note: prices are quoted."
    return Done(f"{_NOTES}/{practice_id}", said)


@action(f"{_NOTES}/{{practice_id}}", on=show_note, permit=_SUPPORT, prefetch=practices.rows, then=_noted)
def set_note(ctx: Context, practice_id: str, command: practices.BillingNote) -> practices.BillingNote:
    """Set the note, or remove it."""
    return practices.set_billing_note(ctx, practice_id, command)


@page(_RECONCILIATION, permit=_ACCOUNTING, template="staff_reconciliation.html")
def choose_month(ctx: Context) -> dict[str, Any]:
    """The form for a month."""
    last = reconciliation.last_month_end(ctx.now).isoformat()[:7]
    return {"last": last, "given_out_at": reconciliation.given_out_at()}


@page(f"{_RECONCILIATION}.csv", on=choose_month, permit=_ACCOUNTING)
def download_reconciliation(ctx: Context, query: reconciliation.ReportOf) -> Csv | Elsewhere:
    """The reconciliation of all practices at the end of a month."""
    return reconciliation.report(ctx, query)
