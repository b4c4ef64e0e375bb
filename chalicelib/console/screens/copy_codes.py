"""Copy Codes: from which account to which, what, what that would meet; then how far it is, and taking it back."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from chalicelib.auth import SIGNED_IN, copying, section
from chalicelib.codes import model
from chalicelib.codes.usecases import copies
from chalicelib.console import choices
from chalicelib.console.choices import Choices
from chalicelib.console.declared import Done
from chalicelib.console.pages import action, page
from chalicelib.console.screens.switching import as_reached
from chalicelib.cursors import Page
from chalicelib.identity.model import Account, AccountQuery
from chalicelib.identity.usecases import drop_down
from chalicelib.providers.model import ProviderQuery
from chalicelib.providers.usecases import accounts, directory
from chalicelib.store import Context

HERE = "/console/copy-codes"
_ENTRIES = f"{HERE}/entries"
_COPY = "/console/code-copies/{copy_id}"
_LISTED = 500
"""Entries of a file that are offered one by one; all of it can be taken whatever its size."""
_BOTH = copying("codes")


class Between(msgspec.Struct, frozen=True):
    """The two accounts of a copy."""

    source: model.ProviderId = msgspec.field(name="from")
    to: model.ProviderId


class Beginning(msgspec.Struct, frozen=True):
    """Those that a link proposes."""

    source: str = msgspec.field(name="from", default="")
    to: str = ""


class Chosen(model.CopyCodes, frozen=True):
    """What is to be copied; of the files in `all` every entry."""

    all: list[model.File] = msgspec.field(default_factory=list)


class Previewed(NamedTuple):
    """What a copy would meet, and the very command that it would be."""

    command: model.CopyCodes
    preview: model.CopyPreview
    names: dict[str, str]


# --- What to copy -------------------------------------------------------------------------------------------------


@page(HERE, permit=SIGNED_IN, template="copy_codes.html")
def show_copying(ctx: Context, query: Beginning) -> dict[str, Any]:
    """Choose the two accounts among those that one reaches."""
    own, others = _own(ctx), _of_others(ctx)
    reached = [*own.offered, *others.offered]
    sources = _labels(each for each in reached if each.privileges.codes != "none")
    targets = _labels(each for each in reached if each.privileges.codes == "full")
    return {"query": query, "sources": sources, "targets": targets, "help": own.help or others.help}


def _own(ctx: Context) -> Choices[Account]:
    if "site_admin" not in ctx.actor.roles:
        return Choices([])
    query = ProviderQuery(status="active", limit=choices.PAGE)
    listed, help_ = choices.gathered(lambda part: directory.list_providers(ctx, part), query)
    return Choices(as_reached(ctx, listed), help_)


def _of_others(ctx: Context) -> Choices[Account]:
    def listed(part: AccountQuery) -> Page[Account]:
        return drop_down.list_accounts(ctx, part, besides_own=True)

    return choices.gathered(listed, AccountQuery(limit=choices.PAGE))


def _labels(accounts_: Iterable[Account]) -> list[tuple[str, str]]:
    labels = [(each.provider_id, f"{each.provider_name} · {each.practice_name}") for each in accounts_]
    return sorted(labels, key=lambda each: each[1].casefold())


def _names(ctx: Context, between: Between | model.CopyCodes) -> dict[str, str]:
    places = [(ctx.source_practice.id, between.source), (ctx.own_practice.id, between.to)]
    return accounts.names(ctx, places)


@page(_ENTRIES, permit=_BOTH, template="copy_entries.html")
def show_entries(ctx: Context, query: Between) -> dict[str, Any] | Done:
    """What the one account has, to choose from."""
    if query.source == query.to:
        return Done(HERE, "Choose two different accounts.")
    listed = copies.offered_of_each(ctx, query.source, _LISTED + 1)
    return {"query": query, "names": _names(ctx, query), "listed": listed, "most": _LISTED}


@action(_ENTRIES, on=show_entries, permit=_BOTH, template="copy_preview.html")
def preview_copy(ctx: Context, command: Chosen) -> Previewed:
    """See what a copy of these would meet."""
    codes = msgspec.structs.asdict(command.entries)
    for file in command.all:
        codes[file] = [each.code for each in copies.offered(ctx, command.source, file, model.MOST_CHOSEN + 1)]
    copy = model.CopyCodes(command.source, command.to, model.Entries(**codes))
    return Previewed(copy, copies.preview(ctx, copy), _names(ctx, command))


def _begun(copy: model.CodeCopy) -> Done:
    return Done(_COPY.format(copy_id=copy.id))


@action(f"{HERE}/copy", on=show_entries, permit=_BOTH, then=_begun)
def copy_codes(ctx: Context, command: model.CopyCodes) -> model.CodeCopy:
    """Copy them."""
    return copies.start(ctx, command)


# --- How far it is ------------------------------------------------------------------------------------------------


@page(_COPY, permit=section("codes", "view", account="copy_id"), prefetch=copies.rows, template="copy.html")
def show_copy(ctx: Context, copy_id: str) -> dict[str, Any]:
    """How far a copy or an import is, and what became of its entries."""
    copy = copies.find_copy(ctx, copy_id)
    names = accounts.names(ctx, [(ctx.own_practice.id, copy.to)])
    return {"copy": copy, "name": names.get(copy.to, copy.to)}


def _undoing(copy: model.CodeCopy, **_: str) -> Done:
    return Done(_COPY.format(copy_id=copy.id))


@action(
    f"{_COPY}/undo",
    on=show_copy,
    permit=section("codes", "full", account="copy_id"),
    prefetch=copies.rows,
    then=_undoing,
)
def undo_copy(ctx: Context, copy_id: str) -> model.CodeCopy:
    """Take a copy back."""
    return copies.undo(ctx, copy_id)
