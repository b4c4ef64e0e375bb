"""Phrases that several screens use."""

from chalicelib.console.rendering import plural
from chalicelib.licensing.model import LICENSE_TYPES, Counts, LicenseType
from chalicelib.model import Role

ROLES: dict[Role, str] = {"site_admin": "Site admin", "support_user": "Support user"}
ZONES = [
    *(
        f"America/{city}"
        for city in ("New_York", "Detroit", "Chicago", "Denver", "Phoenix", "Los_Angeles", "Anchorage")
    ),
    *("America/Adak", "America/Puerto_Rico", "Pacific/Honolulu", "Pacific/Guam"),
]
"""The time zones that a form proposes; it takes every other, too."""
TYPES: dict[LicenseType, str] = {"physician": "Physician", "midlevel": "Midlevel"}


def licenses(counts: Counts) -> str:
    """Such as "2 physician licenses and 1 midlevel license"."""
    return " and ".join(plural(counts.of(kind), f"{kind} license") for kind in LICENSE_TYPES if counts.of(kind))
