"""What the libraries bring along and no function needs: left out of the zip.

Every function downloads and unpacks the zip at each cold start, and four fifths of it were botocore's descriptions of
services that nobody calls.
"""

import shutil
from pathlib import Path

from deploy.functions import FUNCTIONS

LEFT_OUT: dict[str, str] = {
    "cffi": "makes extension modules; argon2's is made already and needs `_cffi_backend` alone",
    "pycparser": "is cffi's",
    "dateutil/zoneinfo": "time zones of its own; the program's are those of tzdata",
    "holidays/financial": "holidays of stock exchanges",
    "holidays/locale": "names of holidays in other languages",
    "botocore/data/*/*/examples-1.json": "examples for the descriptions' readers",
    "PIL/_avif.*": "images in a format that nobody may send",
    "pillow.libs/libavif-*": "its decoder",
    "PIL/_imagingcms.*": "color management",
    "pillow.libs/liblcms2-*": "color management too",
    "PIL/_imagingft.*": "writes text into images",
    "pillow.libs/libfreetype-*": "fonts",
    "pillow.libs/libharfbuzz-*": "fonts too",
    "pillow.libs/libpng16-*": "fonts' images; Pillow reads PNG by itself",
    "pillow.libs/libbrotli*": "compressed fonts",
    "PIL/_imagingm*": "arithmetic with images",
    "PIL/_imagingtk.*": "images in windows",
    "PIL/[!JMPTW]*ImagePlugin.py": "most of the formats that nobody may send",
    "**/*.pyi": "types, for checkers",
    "**/py.typed": "for checkers too",
}
"""Paths in the zip, and what they are."""

METADATA_IS_READ = {"holidays"}
"""Libraries that ask for their own version when they are imported. The `*.dist-info` of the others is left out."""

_CLIENTS = {"ses": "sesv2"}
"""botocore's names of services whose IAM actions have another prefix."""


def clients(function: str) -> set[str]:
    """The services, by botocore's names, that a function may call by what it declares."""
    prefixes = {action.partition(":")[0] for actions in FUNCTIONS[function].access.values() for action in actions}
    return {_CLIENTS.get(prefix, prefix) for prefix in prefixes}


def leave_out(unpacked: Path) -> None:
    """Remove it all from the unpacked zip. Raises LookupError where a library has nothing of the kind any more."""
    for pattern in LEFT_OUT:
        found = list(unpacked.glob(pattern))
        if not found:
            raise LookupError(f"the libraries bring no {pattern}")
        for path in found:
            _remove(path)
    for information in unpacked.glob("*.dist-info"):
        if information.name.partition("-")[0] not in METADATA_IS_READ:
            _remove(information)
    called = {service for function in FUNCTIONS for service in clients(function)}
    for service in (unpacked / "botocore" / "data").iterdir():
        if not service.is_dir():
            continue  # endpoints, retries, defaults: of all services
        if service.name not in called:
            _remove(service)
        else:
            for old in sorted(service.iterdir())[:-1]:
                _remove(old)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
