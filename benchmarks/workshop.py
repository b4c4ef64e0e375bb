"""What the sections need on the way, made when the first of them asks for it."""

import json
import os
import zipfile
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks.scenes import scenes
from benchmarks.world import measured_world
from deploy.environment import prepared
from deploy.package import package

PROJECT = Path(__file__).parents[1]


class Workshop:
    """`directory` is empty at first, and gone afterwards."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    @cached_property
    def python(self) -> Path:
        """Has installed what the program is measured against, besides what the program needs."""
        return prepared("bench")

    @cached_property
    def archive(self) -> Path:
        """The zip that is deployed."""
        package(self.directory)
        return self.directory / "deployment.zip"

    @property
    def template(self) -> dict[str, Any]:
        """The template that is deployed."""
        template: dict[str, Any] = json.loads(self.archive.with_name("sam.json").read_text())
        return template

    @cached_property
    def unpacked(self) -> Path:
        """The directory that the zip becomes."""
        place = self.directory / "unpacked"
        with zipfile.ZipFile(self.archive) as packed:
            packed.extractall(place)  # (we made it ourselves)
        return place

    @cached_property
    def scenes(self) -> dict[str, Any]:
        """Recorded requests, see `benchmarks/scenes.py`."""
        with measured_world() as (api, cast, _):
            return scenes(api, cast)

    def recording(self, *names: str) -> Path:
        """A file with these of the scenes."""
        path = self.directory / "scenes.json"
        chosen = {name: self.scenes["scenes"][name] for name in names}
        path.write_text(json.dumps({**self.scenes, "scenes": chosen}))
        return path

    @property
    def settings(self) -> dict[str, str]:
        """The environment of a measured process that runs the program from the tree."""
        own = {name: value for name, value in os.environ.items() if name.isupper() and not name.startswith("PYTHON")}
        return {**own, "ROOM": "", "PYTHONPATH": str(PROJECT), "HOME": os.environ.get("HOME", "/")}
