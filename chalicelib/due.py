"""Sweeps: scheduled work found in a table's `due` index, item by item, each a commit of its own.

An event from EventBridge says only that it is time to look. A run that dies, comes twice or comes late loses and
doubles nothing: what is still due is still in the index, and a commit's condition decides who does it.
"""

from collections.abc import Callable
from typing import Any

import msgspec
from pynamodb.exceptions import PynamoDBException

from chalicelib import telemetry
from chalicelib.dynamo import DueIndex, R, due, due_shards
from chalicelib.errors import Conflict

RESERVE_MILLISECONDS = 5_000


class Report(msgspec.Struct):
    """What one run did. `skipped`: somebody else was faster; `unfinished`: it stopped ahead of its deadline."""

    handler: str
    done: int = 0
    skipped: int = 0
    failed: int = 0
    unfinished: bool = False


def sweep(
    handler: str,
    model: type[R],
    index: DueIndex,
    shards: str,
    until: str,
    work: Callable[[R], bool],
    milliseconds_left: Callable[[], int],
) -> Report:
    """Do `work` for every row in `shards` due at or before `until`; it answers False, or raises Conflict, for a
    lost race.

    A row that fails is logged and counted while the rest go on; it stays due. Stops ahead of the deadline.
    """
    report = Report(handler)
    for shard in due_shards(shards):
        try:
            for row in due(model, index, shard, until):
                if milliseconds_left() < RESERVE_MILLISECONDS:
                    report.unfinished = True
                    break
                _work_on(row, work, report)
        except PynamoDBException as error:  # the other shards can be read
            telemetry.failure("shard not read", error, handler=handler, shard=shard)
            report.failed += 1
    _tell(report)
    return report


def _work_on(row: R, work: Callable[[R], bool], report: Report) -> None:
    try:
        done = work(row)
    except Conflict:
        done = False
    except Exception as error:  # one bad item must not hold up the others
        telemetry.failure("due item failed", error, handler=report.handler, practice=row.pk, item=row.sk)
        report.failed += 1
        return
    if done:
        report.done += 1
    else:
        report.skipped += 1


def _tell(report: Report) -> None:
    facts: dict[str, Any] = msgspec.to_builtins(report)
    if any(value for name, value in facts.items() if name != "handler"):  # an idle sweep every minute is no news
        telemetry.info("sweep", **facts)
        for name in ("done", "failed"):
            telemetry.metric(f"sweep_{name}", facts[name], handler=report.handler)
