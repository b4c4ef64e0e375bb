"""A request that is repeated under its key is carried out once: its receipt answers the others."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

from chalicelib import errors
from chalicelib.dynamo import Key
from chalicelib.receipts import Receipt, ReceiptRow, expiry, fingerprint
from chalicelib.store import Context, leave


class Kept(NamedTuple):
    """As much of an answer as its receipt keeps."""

    status: int
    body: str
    location: str = ""


def check_key(key: str) -> str:
    """The key, if it is one. Raises Malformed."""
    if not (1 <= len(key) <= 200 and key.isascii() and key.isprintable()):
        raise errors.Malformed("Idempotency-Key takes 1 to 200 printable ASCII characters.", code="bad_idempotency_key")
    return key


def once(
    ctx: Context,
    name: str,
    key: str,
    parameters: Mapping[str, str],
    command: Any,
    keep: Callable[[Any], Kept],
    work: Callable[[], Any],
) -> Kept:
    """What `work` answers, the first time; the same again under this key for the same path and command. `name`: which
    endpoint is asked.

    `keep` makes of its answer what the receipt has. The commit of `work` leaves it; where all was as it was asked for
    already, it is left by itself, as by the time of a repeat there might be something to change. Raises Invalid for
    another request under the key, and what `work` raises.
    """
    row_key = ReceiptRow.key(ctx.actor.practice_id, ctx.actor.name, name, key)
    mark = fingerprint(msgspec.json.encode([name, parameters, command], order="sorted"))
    if stored := _stored(ctx, row_key, mark):
        return stored

    def row(answer: Any) -> ReceiptRow:
        kept, expires_at = keep(answer), expiry(ctx.now)
        facts = {"status": kept.status, "body": kept.body, "location": kept.location or None}
        return row_key.row(fingerprint=mark, expires_at=expires_at, **facts)

    receipt = ctx.receipt = Receipt(row)
    try:
        answer = work()
        if not receipt.left:
            leave(receipt, answer, ctx.now)
    except errors.Problem:
        # A twin with the same key may have won meanwhile: then its answer is ours too.
        if stored := _stored(Context(ctx.actor, ctx.now, ctx.request_id), row_key, mark):
            return stored
        raise
    return keep(answer)


def _stored(ctx: Context, key: Key[ReceiptRow], mark: str) -> Kept | None:
    stored = ctx.find(key)
    if stored is None or stored.expires_at < ctx.now.timestamp():
        return None
    if stored.fingerprint != mark:
        raise errors.Invalid("This Idempotency-Key was used with another request.", code="idempotency_key_reused")
    return Kept(int(stored.status), stored.body, stored.location or "")
