"""The world that is measured: the tests' cast on moto, at the tests' noon."""

from collections.abc import Iterator
from contextlib import contextmanager

from chalicelib import clock
from tests import clouds
from tests.api import Api
from tests.cast import Cast, practice_with_people
from tests.conftest import NOON
from tests.world import World


@contextmanager
def measured_world() -> Iterator[tuple[Api, Cast, World]]:
    """Two practices with their people."""
    with clouds.CLOUD.empty(), clock.frozen(NOON):
        world, api = World.made(), Api()
        yield api, practice_with_people(api), world
