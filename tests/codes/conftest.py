"""What there is to copy."""

import pytest

from tests.api import Api
from tests.cast import Cast, give_access
from tests.codes.copying import VIEW
from tests.codes.steps import EXAMPLES, added


@pytest.fixture
def filled(api: Api, cast: Cast) -> Cast:
    """Our account has an entry in each file, which max of the other practice may see."""
    for file, entry in EXAMPLES.items():
        added(api, cast, file, entry)
    give_access("max", cast.site_admin.practice_id, cast.provider_id, VIEW)
    return cast
