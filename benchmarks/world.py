"""The world that is measured: the tests' cast on moto, at the tests' noon."""

from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.capacity import size
from chalicelib import clock
from deploy.functions import TABLES
from tests import cheap_argon2, clouds
from tests.api import Api
from tests.cast import Cast, practice_with_people
from tests.conftest import NOON
from tests.world import World, client


@contextmanager
def measured_world() -> Iterator[tuple[Api, Cast, World]]:
    """Two practices with their people; nothing is made cheaper than it is."""
    with clouds.CLOUD.opened(), clock.frozen(NOON), cheap_argon2.as_it_is():
        world, api = World.made(), Api()
        yield api, practice_with_people(api), world


def stored_bytes() -> int:
    """Bytes of all items that stay: none that expires by itself."""
    scans = (client("dynamodb").get_paginator("scan").paginate(TableName=table.name) for table in TABLES)
    return sum(size(item) for pages in scans for page in pages for item in page["Items"] if "expires_at" not in item)
