"""The files of others are those of their packages, unchanged."""

import hashlib
import json
from pathlib import Path

import pytest

from chalicelib.console import assets
from tests import browser

PLACES = [Path(assets.__file__).parent / "static", Path(browser.__file__).parent]


@pytest.mark.parametrize("place", PLACES, ids=lambda path: path.name)
def test_every_file_of_others_is_the_one_that_its_source_names(place: Path) -> None:
    sources = json.loads((place / "sources.json").read_text())
    assert sources.keys() == {path.name for path in place.glob("*.min.*")}
    for name, source in sources.items():
        assert hashlib.sha256((place / name).read_bytes()).hexdigest() == source["sha256"], name
