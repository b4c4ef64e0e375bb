"""Phrases that several screens use."""

from chalicelib.console.rendering import plural
from chalicelib.licensing.model import LICENSE_TYPES, Counts, LicenseType

TYPES: dict[LicenseType, str] = {"physician": "Physician", "midlevel": "Midlevel"}


def licenses(counts: Counts) -> str:
    """Such as "2 physician licenses and 1 midlevel license"."""
    return " and ".join(plural(counts.of(kind), f"{kind} license") for kind in LICENSE_TYPES if counts.of(kind))
