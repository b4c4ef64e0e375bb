"""Stylesheets and scripts under names that carry their content's hash, so that a browser asks for each only once."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from chalice.app import Response

from chalicelib.errors import NotFound

_FILES: Final = Path(__file__).parent / "static"
_MEDIA_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FOR_EVER: Final = "public, max-age=31536000, immutable"


class Asset(NamedTuple):
    """A file as it is served."""

    name: str
    media_type: str
    text: str


@cache
def _assets() -> dict[str, Asset]:
    """All assets, by their plain name."""
    found = {}
    for path in sorted(_FILES.iterdir()):
        if path.suffix in _MEDIA_TYPES:
            text = path.read_text(encoding="utf-8")
            digest = hashlib.sha256(text.encode()).hexdigest()[:12]
            found[path.name] = Asset(f"{digest}-{path.name}", _MEDIA_TYPES[path.suffix], text)
    return found


def hashed(name: str) -> str:
    """The name under which an asset is served. Raises KeyError."""
    return _assets()[name].name


def response(hashed_name: str) -> Response:
    """The asset. Raises NotFound, also for the hash of a content that it no longer has."""
    asset = _assets().get(hashed_name.partition("-")[2])
    if asset is None or asset.name != hashed_name:
        raise NotFound()
    headers: dict[str, str | list[str]] = {
        "Content-Type": f"{asset.media_type}; charset=utf-8",
        "Cache-Control": _FOR_EVER,
        "X-Content-Type-Options": "nosniff",
        "Strict-Transport-Security": "max-age=63072000",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return Response(asset.text, headers, 200)
