"""The tests' own ground, on either cloud."""

from tests.api import Api
from tests.cast import Cast
from tests.licensing.orders import placed
from tests.world import World


def test_a_saved_world_comes_back_with_empty_inboxes(api: Api, cast: Cast, world: World) -> None:
    restore = world.saved()
    before = world.everything()
    for _ in range(2):
        placed(api, cast)
        api.tick("relay_events")
        assert len(world.topic_messages("support")) == 1
        assert len([mail for mail in world.emails() if "Receipt" in mail.subject]) == 1
        restore()
        assert (world.everything(), world.emails(), world.topic_messages("accounting")) == (before, [], [])
