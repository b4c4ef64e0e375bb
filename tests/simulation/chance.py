"""Simulated chance. Each process draws its own, so that ids, salts and secrets are the same in every order."""

import os
import random
import secrets
from base64 import b32encode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from unittest.mock import patch

from chalicelib import ids
from chalicelib.identity import totp


class _Chance(random.Random):
    """What one process draws."""

    _last = 0

    def id_bits(self, size: int) -> int:
        """Rising, as a process makes its ids, whatever others made in between."""
        ids._last = 0
        self._last = (self._last or self.getrandbits(size - 1)) + 1
        return self._last


_PRESENT: ContextVar[_Chance] = ContextVar("_PRESENT", default=_Chance(""))  # noqa: B039 (each process sets its own)


@contextmanager
def drawn(seed: str) -> Iterator[None]:
    """Inside, chance is what the process of this seed draws."""
    before = _PRESENT.set(_Chance(seed))
    try:
        yield
    finally:
        _PRESENT.reset(before)


def wind_back() -> None:
    """Whatever runs in no process draws from the beginning."""
    _PRESENT.set(_Chance(""))


def replaced() -> list[Any]:
    """The patches of whatever draws."""
    return [
        patch.object(secrets, "randbits", lambda size: _PRESENT.get().id_bits(size)),
        patch.object(secrets, "token_bytes", _bytes),
        patch.object(secrets, "token_urlsafe", lambda size: urlsafe_b64encode(_bytes(size)).decode().rstrip("=")),
        patch.object(totp, "new_seed", lambda: b32encode(_bytes(20)).decode()),
        patch.object(os, "urandom", _bytes),  # salts
        patch.object(ids, "_last", 0),
    ]


def _bytes(size: int) -> bytes:
    return _PRESENT.get().randbytes(size)
