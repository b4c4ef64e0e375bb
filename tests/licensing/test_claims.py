"""Claims and releases, as the rooms of provider accounts call them."""

import pytest

from chalicelib.errors import Conflict, Invalid
from chalicelib.licensing.model import Counts, Pool
from chalicelib.licensing.rules import NotEnoughAvailable
from tests.api import Api
from tests.cast import Cast
from tests.licensing.claims import buy_and_claim, change_license_type, claim_license, release_license
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
    assert (refusal.value.code, refusal.value.extra["license_type"]) == ("no_license_available", "physician")
    assert refusal.value.extra["quote"]["lines"][0]["unit_price_cents"] == 9900
    assert world.everything() == before


def test_a_provider_account_holds_one_license(api: Api, cast: Cast) -> None:
    placed(api, cast, physician=1, midlevel=0)
    with pytest.raises(Conflict) as refusal:
        claim_license(cast, cast.provider_id, "physician")
    assert refusal.value.code == "license_held"


def test_a_release_makes_it_available_again_once(api: Api, cast: Cast, world: World) -> None:
    placed(api, cast, physician=0, midlevel=1)
    claim_license(cast, "prv_new", "midlevel")
    release_license(cast, "prv_new")
    assert world.pools()[cast.site_admin.practice_id] == Pool(Counts(midlevel=1), Counts(physician=1))
    with pytest.raises(Conflict) as refusal:
        release_license(cast, "prv_new")
    assert refusal.value.code == "no_license_held"


def test_a_trial_license_ends_with_its_release_and_is_nobodys_for_free(api: Api, cast: Cast, world: World) -> None:
    release_license(cast, cast.provider_id)
    assert world.pools()[cast.site_admin.practice_id] == Pool()
    with pytest.raises(NotEnoughAvailable):
        claim_license(cast, "prv_new", "physician")


def test_a_change_of_type_claims_the_new_before_it_releases_the_old(api: Api, cast: Cast, world: World) -> None:
    placed(api, cast, physician=1, midlevel=1)
    claim_license(cast, "prv_new", "midlevel")
    change_license_type(cast, "prv_new", "physician")
    assert world.pools()[cast.site_admin.practice_id] == Pool(Counts(midlevel=1), Counts(physician=2))
    claim_license(cast, "prv_other", "midlevel")
    before = world.everything()
    with pytest.raises(NotEnoughAvailable) as refusal:
        change_license_type(cast, "prv_other", "physician")
    assert refusal.value.extra["license_type"] == "physician"
    assert world.everything() == before


def test_a_trial_license_changes_its_type_with_its_holder(api: Api, cast: Cast, world: World) -> None:
    change_license_type(cast, cast.provider_id, "midlevel")
    assert world.pools()[cast.site_admin.practice_id] == Pool(in_use=Counts(midlevel=1))


def test_buying_for_a_provider_account_claims_in_the_same_commit(api: Api, cast: Cast, world: World) -> None:
    order = buy_and_claim(cast, "prv_new", "midlevel")
    assert world.pools()[cast.site_admin.practice_id] == Pool(in_use=Counts(physician=1, midlevel=1))
    dashboard = api.get("/licenses", cast.site_admin.token).json_body
    assert [pending["id"] for pending in dashboard["pending_orders"]] == [order.id]
    api.tick("relay_events")
    assert [message.subject for message in world.topic_messages("accounting")] == [f"License order {order.id} placed"]


def test_buying_for_a_provider_account_needs_the_accepted_agreement(api: Api, cast: Cast, world: World) -> None:
    before = world.everything()
    with pytest.raises(Invalid):
        buy_and_claim(cast, "prv_new", "midlevel", accepted=False)
    with pytest.raises(Conflict) as refusal:
        buy_and_claim(cast, cast.provider_id, "midlevel")
    assert refusal.value.code == "license_held"
    assert world.everything() == before
