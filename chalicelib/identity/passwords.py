"""Passwords: argon2id, and the list of those that everybody tries first."""

import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from chalicelib.errors import FieldError
from chalicelib.identity import rules

# OWASP's first choice of parameters: 46 MiB, one pass, one lane.
_hasher = PasswordHasher(time_cost=1, memory_cost=46 * 1024, parallelism=1)
# Verified against when a username is unknown or has no password, so that the answer takes as long.
NOBODYS_HASH = "$argon2id$v=19$m=47104,t=1,p=1$cHJhY3RpY2UtYWRtaW4hIQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


def hashed(password: str) -> str:
    """The argon2id hash to store."""
    return _hasher.hash(_normalized(password))


def verify(stored: str | None, password: str) -> bool:
    """Whether it is the password; takes the same time when nothing is stored."""
    try:
        return _hasher.verify(stored or NOBODYS_HASH, _normalized(password)) and stored is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Whether a stored hash is weaker than today's parameters."""
    return _hasher.check_needs_rehash(stored)


def check(password: str, names: list[str], field: str = "password") -> tuple[FieldError, ...]:
    """The reasons to refuse a new password, as field errors."""
    message = rules.password_error(password, names, common())
    return (FieldError(field, message),) if message else ()


@cache
def common() -> frozenset[str]:
    """The commonest passwords, folded: one per line in `common_passwords.txt`, commonest first."""
    return frozenset(Path(__file__).with_name("common_passwords.txt").read_text().splitlines())


def _normalized(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
