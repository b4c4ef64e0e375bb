"""The HTTPS face of code files."""

from chalicelib.answers import Csv, Elsewhere
from chalicelib.auth import section
from chalicelib.codes import copy_routes, model, rules
from chalicelib.codes.blueprint import bp
from chalicelib.codes.usecases import entries, exporting
from chalicelib.cursors import Page
from chalicelib.http import route
from chalicelib.store import Context

__all__ = ["bp", "copy_routes"]

_ENTRIES = "/providers/{provider_id}/codes/{file}"
_ENTRY = _ENTRIES + "/{code}"
_VIEW, _FULL = section("codes", "view"), section("codes", "full")


@route(bp, "GET", _ENTRIES, permit=_VIEW)
def list_codes(ctx: Context, provider_id: str, file: str, query: model.CodeQuery) -> Page[model.Entry]:
    """One of an account's files of codes (diagnosis, billing, payers), in order of codes; a search finds the
    beginnings of codes and of words."""
    return entries.list_entries(ctx, provider_id, rules.file_of(file), query)


@route(
    bp,
    "POST",
    _ENTRIES,
    permit=_FULL,
    status=201,
    location="/providers/{provider_id}/codes/{file}/{code}",
    versioned=True,
    variants=("file", model.NEW),
    refusals={409: "code_exists"},
)
def create_code(ctx: Context, provider_id: str, file: str, command: model.NewEntry) -> model.Entry:
    """Add a code to one of an account's files. Small letters become large ones, and a diagnosis gets its dot."""
    return entries.create(ctx, provider_id, command)


@route(bp, "GET", _ENTRY, permit=_VIEW, prefetch=entries.rows, versioned=True)
def show_code(ctx: Context, provider_id: str, file: str, code: str) -> model.Entry:
    """One entry of an account's files of codes, by its code in any spelling."""
    return entries.find(ctx, provider_id, rules.file_of(file), code).as_entry()


@route(bp, "PATCH", _ENTRY, permit=_FULL, prefetch=entries.rows, versioned=True, variants=("file", model.EDITS))
def edit_code(ctx: Context, provider_id: str, file: str, code: str, command: model.EditEntry) -> model.Entry:
    """Change an entry of an account's files of codes."""
    return entries.edit(ctx, provider_id, rules.file_of(file), code, command)


@route(bp, "DELETE", _ENTRY, permit=_FULL, prefetch=entries.rows, versioned=True)
def delete_code(ctx: Context, provider_id: str, file: str, code: str) -> None:
    """Delete an entry of an account's files of codes."""
    entries.delete(ctx, provider_id, rules.file_of(file), code)


@route(bp, "GET", "/providers/{provider_id}/codes.csv", permit=_VIEW, also={303: Elsewhere})
def export_codes(ctx: Context, provider_id: str, query: model.ExportQuery) -> Csv | Elsewhere:
    """A whole file of codes as CSV, which an import takes back. No cell is a formula. A file that is too large for an
    answer is given out by a link (303)."""
    return exporting.export(ctx, provider_id, query.file)
