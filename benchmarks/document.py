"""docs/performance.md: one table of all figures with their targets, then a part for each section."""

import platform
import re
from collections.abc import Iterable
from importlib.metadata import version

from benchmarks import meter
from benchmarks.report import Section, table
from benchmarks.workshop import PROJECT

PATH = PROJECT / "docs" / "performance.md"
_LIBRARIES = ("chalice", "pynamodb", "botocore", "msgspec")
_HEAD = ("Figure", "Target", "Measured", "")


def write(measured: Iterable[Section], *, anew: bool) -> str:
    """Write these sections, in place of what the document says of them unless it begins `anew`. Gives its table."""
    figures: dict[str, tuple[str, ...]] = {}
    parts: dict[str, str] = {}
    if not anew:
        head, *titled = re.split(r"^## (.*)\n\n", PATH.read_text(), flags=re.MULTILINE)
        rows = [tuple(line.strip("| ").split(" | ")) for line in head.splitlines() if line.startswith("| ")]
        figures = {row[0]: row for row in rows[2:]}
        parts = dict(zip(titled[::2], titled[1::2], strict=True))
    for section in measured:
        figures |= {line[0]: line for line in section.targets}
        parts[section.title] = section.text.strip() + "\n\n"
    summary = table(_HEAD, figures.values())
    text = "".join(f"## {title}\n\n{part.strip()}\n\n" for title, part in parts.items())
    PATH.write_text(f"{_intro()}\n{summary}\n\n{text}".rstrip() + "\n")
    return summary


def _intro() -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    how = "callgrind of valgrind" if meter.CALLGRIND else "CPU time, good for ratios alone"
    return f"""# What it costs

`make bench` wrote this file: counts, and ratios within one run, no wall-clock; searches alone in CPU time.
Python {platform.python_version()}, {versions}; instructions by {how}.
"""
