"""Requests are recorded with all that AWS answered, or no benchmark could play them again."""

from benchmarks.scenes import scenes
from benchmarks.world import measured_world


def test_each_recorded_call_has_its_answer() -> None:
    with measured_world() as (api, cast, _):
        recorded = scenes(api, cast)["scenes"]

    for name, scene in recorded.items():
        assert scene["calls"], name
        assert set(scene["calls"]) == set(scene["answers"]), name
