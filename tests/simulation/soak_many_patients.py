"""A move of very many patients survives its runs."""

from tests.simulation.many_patients import move


def test_10000_patients_arrive_though_run_after_run_is_killed() -> None:
    move(10_000, deaths=5)
