"""`python -m benchmarks [SECTION ...]`: measure, print the table of figures and write docs/performance.md.

All of it takes some minutes. Named sections alone are measured anew while the others stay as they were written last:
`python -m benchmarks calls` takes seconds, and is due whenever a route or a handler is added.
"""

import tests.conftest  # noqa: F401  # isort: skip  (first of all: it makes the settings)

import logging
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import document
from benchmarks.sections import SECTIONS
from benchmarks.workshop import Workshop

chosen = sys.argv[1:]
if unknown := set(chosen) - SECTIONS.keys():
    sys.exit(f"No section {', '.join(unknown)}. There are: {', '.join(SECTIONS)}.")
logging.disable()  # what the requests log is not asked for here
with TemporaryDirectory() as temporary:
    workshop = Workshop(Path(temporary))
    measured = [SECTIONS[name](workshop) for name in chosen or SECTIONS]
summary = document.write(measured, anew=not chosen)
print(summary if not chosen else "\n".join(section.text for section in measured))
