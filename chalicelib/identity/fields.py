"""The fields of requests that have a rule of their own, so that it is checked together with all other fields."""

from typing import Annotated

from msgspec import Meta

from chalicelib.identity import passwords, rules
from chalicelib.validation import Line


def _password_error(password: str) -> str | None:
    # Those made of names are refused later: they need the other fields.
    return rules.password_error(password, [], passwords.common())


NewUsername = Annotated[
    str,
    Meta(
        max_length=256,
        description="3 to 64 characters; case does not matter",
        extra={"check": rules.typed_username_error},
    ),
]
NewPassword = Annotated[
    str,
    Meta(
        max_length=1024,
        description="12 to 128 characters, none of the common ones",
        extra={"check": _password_error},
    ),
]
TimeZone = Annotated[Line, Meta(extra={"check": rules.time_zone_error})]
