"""Browsers of the cast."""

from collections.abc import Callable

import pytest

from tests.api import Api
from tests.cast import Cast, Person
from tests.console.browser import Browser

Opened = Callable[[Person | None], Browser]


@pytest.fixture
def browser(api: Api) -> Browser:
    """A browser of nobody who is signed in."""
    return Browser(api)


@pytest.fixture
def admin(api: Api, cast: Cast) -> Browser:
    """The site admin's browser."""
    return Browser(api, cast.site_admin.token)
