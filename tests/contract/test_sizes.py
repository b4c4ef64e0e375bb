"""Every function's memory and time limit is chosen by a measurement, which docs/performance.md shows."""

import re

from benchmarks.sizes import MOST_FILLED
from deploy.functions import FUNCTIONS
from deploy.package import PROJECT

ROW = re.compile(r"^\| `(\w+)` \| ([\d,]+) \| (\d+) \| .* \| (\d+) \|$", re.MULTILINE)


def test_every_function_was_measured_as_it_is_and_fits_its_memory() -> None:
    text = (PROJECT / "docs" / "performance.md").read_text()
    section = text.partition("## Memory and time of the functions")[2].partition("\n## ")[0]
    rows = {name: [int(text.replace(",", "")) for text in numbers] for name, *numbers in ROW.findall(section)}
    stated = {name: (memory, timeout) for name, (memory, _, timeout) in rows.items()}
    expected = {name: (each.memory, each.timeout) for name, each in FUNCTIONS.items()}
    assert stated == expected, "run `python -m benchmarks sizes`"
    assert {name for name, (memory, peak, _) in rows.items() if peak > memory * MOST_FILLED} == set()
