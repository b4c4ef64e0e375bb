"""The owner's way back."""

import pytest

from tests.api import Api
from tests.cast import Cast
from tests.identity.recovering import OWNER, asked
from tests.identity.steps import mailed_link
from tests.world import World


@pytest.fixture
def link(api: Api, cast: Cast, world: World) -> str:
    """The owner has verified the address, and was sent a link."""
    assert api.post(mailed_link(api, world, OWNER)).status_code == 204
    return asked(api, world)
