"""The code files of an account: searched, added to, edited, exported."""

from typing import Any, get_args

from chalicelib.answers import Csv, Elsewhere
from chalicelib.auth import section
from chalicelib.codes import model, rules
from chalicelib.codes.usecases import entries, exporting
from chalicelib.console.declared import Done
from chalicelib.console.pages import action, page
from chalicelib.console.screens.sharing import ACCOUNT
from chalicelib.identity import rules as access_rules
from chalicelib.identity.usecases import accesses
from chalicelib.store import Context

FILE = f"{ACCOUNT}/codes/{{file}}"
VIEW, FULL = section("codes", "view"), section("codes", "full")
_ENTRY = f"{FILE}/{{code}}"
_TYPES = [(each, each.replace("_", " ").capitalize()) for each in get_args(model.PayerType)]


def place(provider_id: str, file: str) -> str:
    """Where a file of an account is shown."""
    return f"/console/access/{provider_id}/codes/{file}"


def about(ctx: Context, provider_id: str, file: str) -> dict[str, Any]:
    """Which file of which account a page is about. Raises NotFound."""
    known = rules.file_of(file)
    return {
        "file": known,
        "types": _TYPES,
        "edits": access_rules.allows(accesses.held(ctx, provider_id), "codes", "full"),
    }


@page(FILE, permit=VIEW, template="codes.html")
def show_codes(ctx: Context, provider_id: str, file: str, query: model.CodeQuery) -> dict[str, Any]:
    """A file, or what a search finds in it."""
    shown = about(ctx, provider_id, file)
    return {**shown, "found": entries.list_entries(ctx, provider_id, shown["file"], query), "query": query}


@page(f"{FILE}/export.csv", permit=VIEW)
def export_codes(ctx: Context, provider_id: str, file: str) -> Csv | Elsewhere:
    """The whole file, to save."""
    return exporting.export(ctx, provider_id, rules.file_of(file))


# --- One entry ----------------------------------------------------------------------------------------------------


@page(f"{FILE}/new", permit=FULL, template="codes_new.html")
def show_new_code(ctx: Context, provider_id: str, file: str) -> dict[str, Any]:
    """The form of a new entry."""
    return about(ctx, provider_id, file)


def _added(entry: model.Entry, provider_id: str, file: str) -> Done:
    return Done(place(provider_id, file), f"{entry.code} is added.")


@action(f"{FILE}/new", on=show_new_code, permit=FULL, variants=("file", model.NEW), then=_added)
def create_code(ctx: Context, provider_id: str, file: str, command: model.NewEntry) -> model.Entry:
    """Add an entry."""
    return entries.create(ctx, provider_id, command)


@page(_ENTRY, permit=FULL, prefetch=entries.rows, template="codes_edit.html")
def show_code(ctx: Context, provider_id: str, file: str, code: str) -> dict[str, Any]:
    """The form of one entry."""
    shown = about(ctx, provider_id, file)
    return {**shown, "entry": entries.find(ctx, provider_id, shown["file"], code).as_entry()}


def _saved(entry: model.Entry, provider_id: str, file: str, **_: str) -> Done:
    return Done(place(provider_id, file), f"Changes of {entry.code} saved.")


@action(
    _ENTRY,
    on=show_code,
    permit=FULL,
    prefetch=entries.rows,
    versioned=True,
    variants=("file", model.EDITS),
    then=_saved,
)
def edit_code(ctx: Context, provider_id: str, file: str, code: str, command: model.EditEntry) -> model.Entry:
    """Change an entry."""
    return entries.edit(ctx, provider_id, rules.file_of(file), code, command)


@page(f"{_ENTRY}/delete", permit=FULL, prefetch=entries.rows, template="codes_delete.html")
def show_delete_code(ctx: Context, provider_id: str, file: str, code: str) -> dict[str, Any]:
    """Ask whether to delete an entry."""
    return show_code.handler(ctx, provider_id, file, code)  # type: ignore[no-any-return]  # what that page shows


def _deleted(_: None, provider_id: str, file: str, code: str) -> Done:
    return Done(place(provider_id, file), f"{code} is deleted.")


@action(f"{_ENTRY}/delete", on=show_delete_code, permit=FULL, prefetch=entries.rows, versioned=True, then=_deleted)
def delete_code(ctx: Context, provider_id: str, file: str, code: str) -> None:
    """Delete an entry."""
    entries.delete(ctx, provider_id, rules.file_of(file), code)
