"""Opaque, prefixed ids that sort by the time they were made (ULID: 48 bits of milliseconds, 80 random bits)."""

import secrets
import threading
from datetime import datetime

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32, lower case
_lock = threading.Lock()
_last = 0


def new(prefix: str, at: datetime) -> str:
    """A new id such as `ord_01jb2…`: `prefix`, an underscore and 26 characters.

    Ids that one process makes within one millisecond count on, so that they keep their order too.
    """
    global _last
    number = (int(at.timestamp() * 1000) << 80) | secrets.randbits(80)
    with _lock:
        if number >> 80 == _last >> 80:
            number = _last + 1
        _last = number
    return _text(prefix, number)


def of_account(prefix: str, at: datetime, provider_id: str) -> str:
    """A new id that also names the provider account to which its thing belongs, so that who may see it is told by the
    id alone."""
    return f"{new(prefix, at)}_{provider_id}"


def account_in(id_: str) -> str:
    """The provider account that such an id names; "" for any other text."""
    _, found, rest = id_.partition("_prv_")
    return f"prv_{rest}" if found else ""


def earliest(prefix: str, at: datetime) -> str:
    """What no id made at `at` or later sorts below: the bound of a query by time."""
    return _text(prefix, int(at.timestamp() * 1000) << 80)


def _text(prefix: str, number: int) -> str:
    return f"{prefix}_{''.join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))}"
