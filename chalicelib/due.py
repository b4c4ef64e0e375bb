"""Sweeps: scheduled work found in a table's `due` index, item by item, each a commit of its own.

An event from EventBridge says only that it is time to look. A run that dies, comes twice or comes late loses and
doubles nothing: what is still due is still in the index, and a commit's condition decides who does it.
"""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
from pynamodb.exceptions import PynamoDBException

from chalicelib import telemetry
from chalicelib.dynamo import DueIndex, due_shards, rows_due

RESERVE_MILLISECONDS = 15_000
"""More than one item takes when AWS is slow: a run that is killed inside one only repeats it, but tells nothing."""
LEASE = timedelta(seconds=30)
"""How long after its last chunk a job is left to who runs it."""

first_shard: Callable[[int], int] = random.randrange


class Report(msgspec.Struct):
    """What one run did. `skipped`: somebody else was faster; `unfinished`: it stopped ahead of its deadline."""

    handler: str
    done: int = 0
    skipped: int = 0
    failed: int = 0
    unfinished: bool = False

    def __add__(self, other: "Report") -> "Report":
        """Two sweeps of one run."""
        done, skipped, failed = self.done + other.done, self.skipped + other.skipped, self.failed + other.failed
        return Report(self.handler, done, skipped, failed, self.unfinished or other.unfinished)


def sweep(
    handler: str,
    index: DueIndex,
    kind: str,
    until: str,
    work: Callable[[Any], bool],
    milliseconds_left: Callable[[], int],
) -> Report:
    """Do `work` for every row that waits for `kind` of work and is due at or before `until`.

    `work` answers False for a lost race. A row that fails is logged and counted while the rest go on; it stays due.
    Begins at a random shard, so that rows which fail slowly don't starve the same others run by run, and stops
    ahead of the function's deadline.
    """
    report = Report(handler)
    shards = due_shards(kind)
    begin = first_shard(len(shards))
    for shard in shards[begin:] + shards[:begin]:
        try:
            for row in rows_due(index, shard, until):
                if milliseconds_left() < RESERVE_MILLISECONDS:
                    report.unfinished = True
                    break
                _work_on(row, work, report)
        except PynamoDBException as error:  # the other shards can be read
            _note_failure(report, error, shard=shard)
        if report.unfinished:
            break
    _tell(report)
    return report


def _work_on(row: Any, work: Callable[[Any], bool], report: Report) -> None:
    try:
        done = work(row)
    except Exception as error:  # one bad item must not hold up the others
        _note_failure(report, error, practice=row.pk, item=row.sk)
        return
    if done:
        report.done += 1
    else:
        report.skipped += 1


def _note_failure(report: Report, error: Exception, **where: str) -> None:
    # Told at once: a run that is killed later must not take the alarm's reason with it.
    report.failed += 1
    telemetry.failure("due work failed", error, handler=report.handler, **where)
    telemetry.work_failed(report.handler)


def _tell(report: Report) -> None:
    facts: dict[str, Any] = msgspec.to_builtins(report)
    if any(value for name, value in facts.items() if name != "handler"):  # an idle sweep every minute is no news
        telemetry.info("sweep", **facts)
        telemetry.metric("sweep_due", report.done + report.skipped + report.failed, handler=report.handler)
        telemetry.metric("sweep_done", report.done, handler=report.handler)
