"""Claims and releases, as the rooms of provider accounts call them."""

import pytest

from chalicelib.errors import Conflict
from chalicelib.licensing.model import Counts, Pool
from chalicelib.licensing.rules import NotEnoughAvailable
from tests.api import Api
from tests.cast import Cast
from tests.licensing.claims import claim_license, release_license
from tests.licensing.orders import placed
from tests.world import World


def test_a_claim_takes_an_available_license(api: Api, cast: Cast, world: World) -> None:
    placed(api, cast, physician=0, midlevel=1)
    claim_license(cast, "prv_new", "midlevel")
    assert world.pools()[cast.site_admin.practice_id] == Pool(in_use=Counts(physician=1, midlevel=1))


def test_a_claim_without_a_free_license_of_its_type_is_refused(api: Api, cast: Cast, world: World) -> None:
    placed(api, cast, physician=0, midlevel=1)
    before = world.everything()
    with pytest.raises(NotEnoughAvailable) as refusal:
        claim_license(cast, "prv_new", "physician")
    assert (refusal.value.code, refusal.value.extra) == ("no_license_available", {"license_type": "physician"})
    assert world.everything() == before


def test_a_provider_account_holds_one_license(api: Api, cast: Cast) -> None:
    placed(api, cast, physician=1, midlevel=0)
    with pytest.raises(Conflict) as refusal:
        claim_license(cast, cast.provider_id, "physician")
    assert refusal.value.code == "license_held"


def test_a_release_makes_it_available_again_once(api: Api, cast: Cast, world: World) -> None:
    release_license(cast, cast.provider_id, "physician")
    assert world.pools()[cast.site_admin.practice_id] == Pool(available=Counts(physician=1))
    with pytest.raises(Conflict) as refusal:
        release_license(cast, cast.provider_id, "physician")
    assert refusal.value.code == "no_license_held"


def test_a_release_of_another_type_than_the_claimed_is_refused(api: Api, cast: Cast) -> None:
    placed(api, cast, physician=0, midlevel=1)
    claim_license(cast, "prv_new", "midlevel")
    with pytest.raises(Conflict):
        release_license(cast, "prv_new", "physician")
