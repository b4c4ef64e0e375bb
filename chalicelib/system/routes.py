"""Public routes about the system itself."""

from pathlib import Path
from typing import Any, cast

import msgspec
from chalice.app import Blueprint

from chalicelib.answers import Html
from chalicelib.auth import PUBLIC
from chalicelib.http import route
from chalicelib.receipts import ReceiptRow
from chalicelib.store import Context

bp = Blueprint(__name__)
_HERE = Path(__file__).parent


class Status(msgspec.Struct, frozen=True):
    """`ok`."""

    status: str


@route(bp, "GET", "/health", permit=PUBLIC)
def health(ctx: Context) -> Status:
    """Whether the function runs."""
    return Status("ok")


@route(bp, "GET", "/ready", permit=PUBLIC)
def ready(ctx: Context) -> Status:
    """Whether it reaches its database; 503 when not."""
    ctx.find(ReceiptRow.key("ready", "-", "-", "-"))
    return Status("ok")


@route(bp, "GET", "/openapi.json", permit=PUBLIC)
def openapi(ctx: Context) -> dict[str, Any]:
    """The API as an OpenAPI 3.1 document."""
    document: Any = msgspec.Raw((_HERE / "openapi.json").read_bytes())  # JSON already
    return cast("dict[str, Any]", document)


@route(bp, "GET", "/docs", permit=PUBLIC)
def docs(ctx: Context) -> Html:
    """The API for people."""
    return Html((_HERE / "docs.html").read_text(encoding="utf-8"))
