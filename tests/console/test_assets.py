"""The files of others are those of their packages, unchanged."""

import hashlib
import json
from pathlib import Path

from chalicelib.console import assets

STATIC = Path(assets.__file__).parent / "static"
OWN = {"console.css", "console.js", "icon.svg", "sources.json"}


def test_every_file_of_others_is_the_one_that_its_source_names() -> None:
    sources = json.loads((STATIC / "sources.json").read_text())
    assert sources.keys() == {path.name for path in STATIC.iterdir()} - OWN
    for name, source in sources.items():
        assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == source["sha256"], name
