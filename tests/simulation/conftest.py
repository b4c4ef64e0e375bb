"""The simulated practices, made once for all cases of a file: each case begins by winding them back.

At the end of a run that names these files, what was simulated is summed up.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

import pytest

from tests.simulation import stage as stages
from tests.simulation.cases import TALLY
from tests.simulation.stage import Stage

_SUMS: defaultdict[str, Counter[str]] = defaultdict(Counter)
_CAUGHT: list[str] = []


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """The practices of `tests/simulation/stage.py`."""
    with stages.opened() as opened:
        yield opened


@pytest.fixture(autouse=True)
def _tallied(record_property: Callable[[str, object], None]) -> Iterator[None]:
    TALLY.clear()
    yield
    record_property("tally", dict(TALLY))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up what a test simulated, in whichever process."""
    if report.when != "teardown":
        return
    for name, value in report.user_properties:
        if name == "tally" and isinstance(value, dict):
            _SUMS[report.location[0]].update(value, tests=1)
        elif name == "caught":
            _CAUGHT.append(str(value))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the sums of each file, and by which check each sabotage was caught."""
    for line in sorted(_CAUGHT):
        terminalreporter.write_line(f"caught: {line}")
    for path, sums in sorted(_SUMS.items()):
        counts = ", ".join(f"{sums[what]:,} {what}" for what in ("tests", "cases", "faults", "ends", "broken"))
        terminalreporter.write_line(f"{path}: {counts}")
