"""The pool and its ledger, changed together or not at all; claims for the rooms that own provider accounts."""

from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
from pynamodb.expressions.condition import Condition

from chalicelib import clock
from chalicelib.dynamo import Key
from chalicelib.errors import Conflict, Problem
from chalicelib.licensing import rules, trial_rules
from chalicelib.licensing.model import Counts, LicenseOrder, LicenseType, LineKind, Pool
from chalicelib.licensing.tables import ClaimRow, LedgerRow, PoolRow
from chalicelib.licensing.usecases import ended_trials
from chalicelib.licensing.usecases.quotes import none_available
from chalicelib.model import Practice
from chalicelib.store import Commit, Context


class Entry(NamedTuple):
    """A line for the ledger, and what it changes in the pool."""

    kind: LineKind
    subject: str
    change: Pool = Pool()
    order: LicenseOrder | None = None
    terms: Practice | None = None


def book(
    commit: Commit,
    practice_id: str,
    *entries: Entry,
    besides: Condition | None = None,
    otherwise: Problem | Callable[[Any], Problem] | None = None,
) -> None:
    """Add the entries to the commit: their lines, and one update of the pool by the sum of their changes. What makes a
    license available, marks the pool for good.

    The commit is refused, by `otherwise`, where a number of the pool would fall below zero, or `besides` does not hold.
    """
    actions, condition = PoolRow.change(rules.replay(entry.change for entry in entries))
    if any(trial_rules.makes_available(entry.change) for entry in entries):
        actions.append(PoolRow.bought.set(True))
    if besides is not None:
        condition &= besides
    refusal = otherwise or Conflict("The practice's licenses changed meanwhile. Try again.")
    if actions:
        commit.update(PoolRow.key(practice_id), actions, condition, otherwise=refusal)
    for entry in entries:
        put_line(commit, practice_id, entry)


def put_line(commit: Commit, practice_id: str, entry: Entry) -> None:
    """The ledger's line alone, for a pool that the same commit makes."""
    facts: dict[str, Any] = {}
    if entry.order:
        facts = {"amount_cents": entry.order.total_cents, "order_lines": msgspec.to_builtins(entry.order.lines)}
    if entry.terms:
        facts = {
            "plan": entry.terms.plan,
            "custom_billing": entry.terms.billing_note is not None,
            "practice_name": entry.terms.name,
        }
    line = LedgerRow.key(practice_id, commit.event_id, entry.kind).row(
        kind=entry.kind,
        at=clock.to_text(commit.ctx.now),
        subject=entry.subject,
        **PoolRow.values(entry.change),
        **facts,
    )
    commit.put(line, otherwise=Conflict("This ledger line exists."))


# --- For other rooms: each adds to a commit of theirs --------------------------------------------------------------


def note_terms(commit: Commit, practice: Practice) -> None:
    """The practice's plan, name or billing note changed: reconciliation reads its terms from the ledger."""
    book(commit, practice.id, Entry("terms", practice.id, terms=practice))


def claim(commit: Commit, practice_id: str, provider_id: str, license_type: LicenseType) -> None:
    """A provider account takes an available license. Refused with `no_license_available`."""
    put_claim(commit, practice_id, provider_id, license_type)
    entry = Entry("claim", provider_id, rules.claim_change(license_type))
    book(commit, practice_id, entry, otherwise=lambda _: none_available(commit.ctx, license_type))


def claim_key(practice_id: str, provider_id: str) -> Key[ClaimRow]:
    """Where the license of a provider account stands, for a room that reads it ahead."""
    return ClaimRow.key(practice_id, provider_id)


def find_claim(ctx: Context, practice_id: str, provider_id: str) -> ClaimRow:
    """The license that a provider account holds. Raises Conflict (`no_license_held`)."""
    row = ctx.find(ClaimRow.key(practice_id, provider_id))
    if row is None:
        raise Conflict("This provider account holds no such license.", code="no_license_held")
    return row


def release(commit: Commit, held: ClaimRow) -> None:
    """A provider account gives its license back. A trial license ends with that: it was never bought, so it does not
    become available to others. Refused with Conflict when `held` is no longer what it holds."""
    provider_id, license_type = held.provider_id, held.type
    commit.delete(ClaimRow.key(held.pk, provider_id), held.unchanged(), otherwise=overtaken())
    if held.trial_until:
        entry = Entry("trial_end", provider_id, Pool(in_use=-Counts.one(license_type)))
        ended_trials.begin(commit, held)
    else:
        entry = Entry("release", provider_id, rules.release_change(license_type))
    book(commit, held.pk, entry)


def change_type(commit: Commit, held: ClaimRow, new: LicenseType) -> None:
    """A provider account's license becomes one of another type: the new is claimed before the old is released, so
    it is refused with `no_license_available` where none of the new type is free. A trial license changes with its
    holder."""
    provider_id, old = held.provider_id, held.type
    key = ClaimRow.key(held.pk, provider_id)
    commit.update(key, [ClaimRow.license_type.set(new)], held.unchanged(), otherwise=overtaken())
    if held.trial_until:
        entry = Entry("trial_type_change", provider_id, Pool(in_use=Counts.one(new) + -Counts.one(old)))
    else:
        entry = Entry("type_change", provider_id, rules.type_change(old, new))
    book(commit, held.pk, entry, otherwise=lambda _: none_available(commit.ctx, new))


def put_claim(commit: Commit, practice_id: str, provider_id: str, license_type: LicenseType) -> None:
    """The row that says which license a provider account holds; its pool is booked apart."""
    commit.put(ClaimRow.key(practice_id, provider_id).row(license_type=license_type), otherwise=license_held())


def license_held() -> Conflict:
    """An account holds one license."""
    return Conflict("This provider account holds a license already.", code="license_held")


def overtaken() -> Conflict:
    """The refusal of what was read before others changed it."""
    return Conflict("The license of this account was changed meanwhile. Try again.")
