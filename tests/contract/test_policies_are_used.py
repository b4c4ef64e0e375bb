"""No grant is idle: one tour of every route and scheduled handler needs everything that the functions declare.

That nothing more is needed is held at every single call, see `tests/api.py`.
"""

from typing import Any

import pytest

from chalicelib import signing
from deploy.functions import FUNCTIONS
from tests.api import USED, Api
from tests.cast import Cast
from tests.console import steps as console
from tests.console.browser import Browser
from tests.tour.requests import Tour
from tests.tour.walk import walk
from tests.world import World

pytestmark = pytest.mark.moto("about which calls are made, which are the same on both")


class ColdTour(Tour):
    """Each request by a function that has just started: functions share nothing."""

    def go(self, *arguments: Any, **named: Any) -> Any:
        signing._key.cache_clear()
        return super().go(*arguments, **named)

    def tick(self, *arguments: Any) -> int:
        signing._key.cache_clear()
        return super().tick(*arguments)


def test_a_tour_of_every_route_and_handler_uses_every_declared_permission(api: Api, cast: Cast, world: World) -> None:
    USED.clear()
    walk(ColdTour(api), cast, world)
    signing._key.cache_clear()
    console.walk(Browser(api))
    declared = {
        (function, resource, action)
        for function, each in FUNCTIONS.items()
        for resource, actions in each.access.items()
        for action in actions
    }
    # A presigned link or form is made without a call: whoever uses it has the function's permission.
    assert declared - USED == {
        ("providers_api", "UPLOADS_BUCKET/quarantine", "s3:PutObject"),
        ("providers_api", "UPLOADS_BUCKET/images", "s3:GetObject"),
        ("codes_api", "UPLOADS_BUCKET/quarantine", "s3:PutObject"),
        ("codes_api", "UPLOADS_BUCKET/exports", "s3:GetObject"),
        ("staff_api", "UPLOADS_BUCKET/attachments", "s3:GetObject"),
        ("support_api", "UPLOADS_BUCKET/quarantine", "s3:PutObject"),
        ("support_api", "UPLOADS_BUCKET/attachments", "s3:GetObject"),
        ("console", "UPLOADS_BUCKET/quarantine", "s3:PutObject"),
        ("console", "UPLOADS_BUCKET/images", "s3:GetObject"),
        ("console", "UPLOADS_BUCKET/attachments", "s3:GetObject"),
        ("console", "UPLOADS_BUCKET/exports", "s3:GetObject"),
    }
