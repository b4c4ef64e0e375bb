"""A process that dies in the middle of its work."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest

from chalicelib import store


class _Killed(BaseException):
    """The function's process died."""


@contextmanager
def killed_in_transaction(number: int, after: bool = False) -> Iterator[None]:
    """What runs in the block must die in its `number`-th transaction: before it, or right after it is committed."""
    original, count = store._transact, iter(range(1, number))

    def transact(writes: Any) -> None:
        if next(count, None) is not None:
            return original(writes)
        if after:
            original(writes)
        raise _Killed

    with patch.object(store, "_transact", transact), pytest.raises(_Killed):
        yield
