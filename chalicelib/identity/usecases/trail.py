"""The audit trail, as a practice's site admins read it."""

from datetime import date, timedelta
from typing import Annotated, Final

from msgspec import Meta

from chalicelib import clock, events, ids, local_days
from chalicelib.cursors import Page, partial_page, sift
from chalicelib.errors import invalid
from chalicelib.events import AuditRecord
from chalicelib.store import Context
from chalicelib.validation import ListQuery

_LOOKED_AT: Final = 500
"""How many changes a page looks at for those that are wanted."""
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(9000, 1, 1)
"""All changes lie between these, and ids can name both."""


class AuditQuery(ListQuery, frozen=True, forbid_unknown_fields=True):
    """Which changes. Days are the practice's, both included."""

    actor: Annotated[str, Meta(max_length=256, description="Who made them: a username, or what ran by schedule")] = ""
    subject: Annotated[str, Meta(max_length=256, description="What was changed: an id or a username")] = ""
    type: Annotated[str, Meta(max_length=100, description="How the change's name begins, such as `provider.`")] = ""
    since: Annotated[date, Meta(description="The first day")] | None = None
    until: Annotated[date, Meta(description="The last day")] | None = None

    def wants(self, record: AuditRecord) -> bool:
        """Whether a change of these days is one of them."""
        return (
            self.actor in ("", record.actor)
            and self.subject in ("", record.subject)
            and record.type.startswith(self.type)
        )


def read(ctx: Context, query: AuditQuery) -> Page[AuditRecord]:
    """The practice's changes, newest first: one query. Raises Invalid for days that end before they begin.

    A page of those that are wanted may be short, though another follows: it looks at so many changes and no more.
    """
    if query.since and query.until and query.since > query.until:
        raise invalid(("until", "This day is before the first one."))
    practice_id, zone = ctx.own_practice.id, ctx.own_practice.time_zone
    last = min(query.until or _LAST_DAY, _LAST_DAY)
    days = _begin(query.since or _FIRST_DAY, zone), _begin(last + timedelta(days=1), zone)
    narrowed = bool(query.actor or query.subject or query.type)

    def fetch(limit: int, after: str | None) -> tuple[list[AuditRecord], str | None]:
        looked_at = _LOOKED_AT if narrowed else limit + 1
        records = events.audit(practice_id, days, looked_at, after)
        return sift(records, looked_at, limit, query.wants, lambda record: record.id)

    scope = f"{practice_id} audit {query.actor}\t{query.subject}\t{query.type}\t{days}"
    return partial_page(query, scope, fetch)


def _begin(day: date, zone: str) -> str:
    """What the ids of changes sort below that were made before the day."""
    known = min(max(day, _FIRST_DAY), _LAST_DAY)
    return ids.earliest("evt", clock.from_text(local_days.begins(known, zone)))
