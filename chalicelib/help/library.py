"""The articles at hand: the index is read from its file by the first who asks."""

from functools import cache
from pathlib import Path

import msgspec

from chalicelib.help.search import Index

INDEX = Path(__file__).with_name("index.json")


@cache
def index() -> Index:
    """All articles with their index."""
    return msgspec.json.decode(INDEX.read_bytes(), type=Index)
