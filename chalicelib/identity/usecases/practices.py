"""The practice: shown, edited by its site admins and by staff, and found for other rooms."""

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.dynamo import Key
from chalicelib.errors import Conflict, NotFound
from chalicelib.identity import standing_rules
from chalicelib.identity.fields import TimeZone
from chalicelib.identity.model import StandingWarning
from chalicelib.identity.tables import PracticeRow
from chalicelib.licensing.usecases import pool
from chalicelib.model import ACCOUNTING, Event, Practice
from chalicelib.providers.usecases import time_zones
from chalicelib.store import Commit, Context, changed_meanwhile, staff_context
from chalicelib.validation import Line


class PracticeDetails(msgspec.Struct, frozen=True):
    """The practice, as its site admins see it."""

    id: str
    name: str
    time_zone: str
    owner_email: str
    owner_email_verified: bool
    plan: str
    billing_note: str | None
    created_at: str
    version: int
    warnings: list[StandingWarning]


class EditPractice(msgspec.Struct, frozen=True):
    """What to change of the practice; what is left out stays."""

    name: Line | UnsetType = UNSET
    time_zone: TimeZone | UnsetType = UNSET


def show(ctx: Context) -> PracticeDetails:
    """The practice. Raises NotFound."""
    return _details(_row(ctx, ctx.own_practice.id))


def _row(ctx: Context, practice_id: str) -> PracticeRow:
    row = ctx.find(key_of(practice_id))
    if row is None:
        raise NotFound("There is no such practice.")
    return row


def _details(row: PracticeRow) -> PracticeDetails:
    return PracticeDetails(
        id=row.pk,
        name=row.name,
        time_zone=row.time_zone,
        owner_email=row.owner_email,
        owner_email_verified=row.owner_verified_at is not None,
        plan=row.plan,
        billing_note=row.billing_note,
        created_at=row.created_at,
        version=int(row.version),
        warnings=[
            *standing_rules.warnings(row.site_admins),
            *standing_rules.owner_warnings(row.owner_verified_at is not None),
        ],
    )


def edit(ctx: Context, command: EditPractice) -> PracticeDetails:
    """Change the practice's name or time zone. Days that are planned begin by the new time zone then; what counts by
    days already over stays. Raises Stale."""
    before = show(ctx)
    ctx.require_version(before.version)
    wanted = {name: value for name, value in msgspec.structs.asdict(command).items() if value is not UNSET}
    names = [name for name, value in wanted.items() if value != getattr(before, name)]
    if not names:
        return before
    after = msgspec.structs.replace(before, version=before.version + 1, **wanted)
    commit = Commit(ctx)
    old, new = ({name: getattr(each, name) for name in names} for each in (before, after))
    commit.record(Event("practice.edited", before.id, old, new))
    commit.update(
        key_of(before.id),
        [getattr(PracticeRow, name).set(value) for name, value in (new | {"version": after.version}).items()],
        PracticeRow.version == before.version,
        otherwise=changed_meanwhile,
    )
    if "name" in names:
        pool.note_terms(commit, msgspec.structs.replace(ctx.own_practice, name=after.name))
    if "time_zone" in names:
        time_zones.follow(commit)
    return commit.write(after)


class BillingNote(msgspec.Struct, frozen=True):
    """A practice's special-billing note; null: there is none, and its licenses have their prices."""

    billing_note: Line | None


def set_billing_note(ctx: Context, practice_id: str, command: BillingNote) -> BillingNote:
    """Staff say that a practice has a special billing arrangement, or none any more. While it has a note, nothing
    is quoted and no amount is guessed. Raises NotFound; Conflict where the practice was changed meanwhile."""
    row = _row(ctx, practice_id)
    note = command.billing_note
    if row.billing_note == note:
        return command
    practice = msgspec.structs.replace(row.as_practice(), billing_note=note)
    commit = Commit(staff_context(ctx, practice_id))
    commit.update(
        key_of(practice_id),
        [
            PracticeRow.billing_note.remove() if note is None else PracticeRow.billing_note.set(note),
            PracticeRow.version.add(1),
        ],
        PracticeRow.version == row.version,  # the ledger is told the name, too
        otherwise=Conflict("The practice changed meanwhile. Try again."),
    )
    pool.note_terms(commit, practice)
    commit.record(
        Event(
            "practice.billing_note_set",
            practice_id,
            before={"billing_note": row.billing_note},
            after={"billing_note": note, "practice_name": row.name},
            announce=(ACCOUNTING,),
        )
    )
    return commit.write(command)


# --- For other rooms ----------------------------------------------------------------------------------------------


def key_of(practice_id: str) -> Key[PracticeRow]:
    """Where a practice stands, for a room that reads it ahead."""
    return PracticeRow.key(practice_id)


def rows(_: str, practice_id: str) -> list[Key[PracticeRow]]:
    """The practice that a path of staff names: for a route's prefetch."""
    return [key_of(practice_id)]


def find(ctx: Context, practice_id: str) -> Practice:
    """A practice, for what acts by schedule. Raises NotFound."""
    return _row(ctx, practice_id).as_practice()


def require_zone(commit: Commit) -> None:
    """Let the commit be refused where the practice's time zone is no longer the one that it reckons with."""
    practice = commit.ctx.own_practice
    moved = Conflict("Your practice's time zone changed meanwhile. Try again.")
    commit.check(key_of(practice.id), PracticeRow.time_zone == practice.time_zone, otherwise=moved)
