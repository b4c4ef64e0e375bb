"""National Provider Identifiers (CMS, "NPI check digit calculation")."""

from typing import Annotated

from msgspec import Meta

_PREFIX = "80840"
"""80: health applications; 840: the United States. The check digit covers it, though it is not written."""


def npi_error(text: str) -> str | None:
    """Why a text is no NPI, or None: ten digits, the first 1 or 2, the last by Luhn's rule over 80840 and the rest."""
    if not (len(text) == 10 and text.isascii() and text.isdigit() and text[0] in "12"):
        return "An NPI has ten digits and begins with 1 or 2."
    if _luhn_sum(_PREFIX + text) % 10:
        return "This is no NPI: its last digit does not fit the others."
    return None


def _luhn_sum(digits: str) -> int:
    """Every second digit from the last but one on counts double; of what has two digits both are added."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return sum(map(int, digits[-1::-2])) + sum(doubled)


Npi = Annotated[str, Meta(max_length=10, description="Ten digits with a valid check digit", extra={"check": npi_error})]
