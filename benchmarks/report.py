"""Figures as Markdown."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Section(NamedTuple):
    """A part of the document. `targets`: figure, target, measured, verdict, for its table of figures."""

    title: str
    text: str
    targets: list[tuple[str, str, str, str]]


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; numbers stand to the right."""
    cells = [[_cell(value) for value in row] for row in rows]
    right = [bool(cells) and all(_is_number(row[column]) for row in cells) for column in range(len(head))]
    rule = ["--:" if number else "---" for number in right]
    return "\n".join(f"| {' | '.join(row)} |" for row in (list(head), rule, *cells))


def _cell(value: object) -> str:
    return f"{value:,.2f}" if isinstance(value, float) else str(value).replace("|", "\\|")


def _is_number(text: str) -> bool:
    return not text or text.replace(",", "").replace(".", "").isdecimal()


def ratio(ours: float, theirs: float) -> str:
    """How many times theirs."""
    return f"{ours / theirs:.2f}"


def verdict(met: bool, why: str = "") -> str:
    """For the column that says whether a target is met, and why it isn't."""
    return "met" if met else f"**missed**: {why}" if why else "**missed**"
