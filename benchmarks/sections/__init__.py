"""The parts of docs/performance.md: each measures, and gives its text and its lines for the table of targets."""

from collections.abc import Callable

from benchmarks.report import Section
from benchmarks.sections.functions import archive, handlers, sign_in, starts
from benchmarks.sections.growth import codes, directory, help_center, linking, reconciliation, sweeps, tickets
from benchmarks.sections.operations import calls, cost
from benchmarks.sizes import sizes
from benchmarks.workshop import Workshop

SECTIONS: dict[str, Callable[[Workshop], Section]] = {
    each.__name__: each
    for each in (
        calls,
        starts,
        sizes,
        handlers,
        sign_in,
        reconciliation,
        directory,
        codes,
        tickets,
        sweeps,
        linking,
        help_center,
        archive,
        cost,
    )
}
"""In the document's order."""
