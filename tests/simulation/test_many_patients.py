"""A move of many patients survives its runs."""

from tests.simulation.many_patients import move


def test_500_patients_arrive_though_half_way_the_run_is_killed() -> None:
    move(500, deaths=1)
