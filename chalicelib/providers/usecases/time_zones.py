"""What a change of the practice's time zone means to provider accounts."""

from chalicelib import clock
from chalicelib.errors import Conflict
from chalicelib.providers.deactivation_tables import ZoneRow
from chalicelib.store import Commit


def follow(commit: Commit) -> None:
    """Add to the commit that changes a practice's time zone that its scheduled deactivations follow: `deactivate_due`
    finds it and reckons them anew, however many there are."""
    row = ZoneRow.new(commit.ctx.actor.practice_id, commit.event_id, clock.to_text(commit.ctx.now))
    commit.put(row, otherwise=Conflict("This change of the time zone is made."))
