"""Once this is imported, argon2 costs next to nothing: at its own cost it takes a tenth of a whole run.

Whoever tests or measures what it costs takes it as it is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from argon2 import PasswordHasher

from chalicelib.identity import passwords

_HASHER, _NOBODYS_HASH = passwords._hasher, passwords.NOBODYS_HASH
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
passwords.NOBODYS_HASH = passwords.hashed("nobody's")


@contextmanager
def as_it_is() -> Iterator[None]:
    """Inside the block passwords are hashed at their full cost, the cast's, too, if it is made there."""
    from tests import cast

    with (
        patch.object(passwords, "_hasher", _HASHER),
        patch.object(passwords, "NOBODYS_HASH", _NOBODYS_HASH),
        patch.object(cast, "_HASH", _HASHER.hash(cast.PASSWORD)),
    ):
        yield
