"""What each function needs, started from the zip: memory at its peak, CPU of its start and its dearest work."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from benchmarks.report import Section, table, verdict
from benchmarks.workshop import Workshop
from deploy.functions import FUNCTIONS
from deploy.settings import STAND_INS
from deploy.slim import clients

_WHOLE_CORE = 1769
"""MB with which Lambda gives a whole core; with less memory it gives so much less of one."""
MOST_FILLED = 0.7
_PROGRAM = Path(__file__).with_name("sized.py")


class Size(NamedTuple):
    """Peak in MB; CPU in milliseconds of this machine."""

    peak: float
    start: float
    work: float


def works(function: str) -> list[str]:
    """The dearest that a function does, told from what it declares: see `benchmarks/sized.py`."""
    access = FUNCTIONS[function].access
    actions = {action for allowed in access.values() for action in allowed}
    asked = {
        "page": "dynamodb:Query" in actions,
        "calendar": "LICENSING_TABLE" in access,
        "password": "TOTP_KEY" in access,
        "picture": "s3:PutObject" in access.get("UPLOADS_BUCKET/images", ()),
    }
    return [name for name, needed in asked.items() if needed]


def measured(unpacked: Path, function: str) -> Size:
    """One start of one function with its dearest work, in a process that has the zip and the standard library."""
    arguments = [str(unpacked), ",".join(sorted(clients(function) - {"dynamodb"})), ",".join(works(function))]
    command = [sys.executable, "-I", "-S", "-B", str(_PROGRAM), *arguments]
    environment = {**STAND_INS, "ROOM": FUNCTIONS[function].room, "LOG_LEVEL": "ERROR"}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True, cwd=os.sep)
    return Size(*json.loads(done.stdout))


def sizes(workshop: Workshop) -> Section:
    """Whether every function has the memory it needs, and not much more."""
    found = {name: measured(workshop.unpacked, name) for name in FUNCTIONS}
    rows = [
        [
            f"`{name}`",
            FUNCTIONS[name].memory,
            round(size.peak),
            ", ".join(works(name)) or "none",
            round(size.start * _slower(name)),
            round(size.work * _slower(name)),
            FUNCTIONS[name].timeout,
        ]
        for name, size in found.items()
    ]
    head = ["Function", "MB", "Peak MB", "Dearest work", "Start, ms", "Work, ms", "Timeout, s"]
    text = f"""Each function started from the packaged zip, with every client that it may use and the dearest work that
it may do, for the first time: `page` reads 1 MB of rows, the most that one query gives; `calendar` loads the holidays
and computes a deadline; `password` hashes one; `picture` decodes a PNG of 50 million
pixels (a WebP takes 800 MB). Milliseconds are CPU of this machine, at the share of a core that goes
with the memory ({_WHOLE_CORE} MB is a whole one); waiting for AWS comes on top.

{table(head, rows)}

Memory is chosen for the peak, with a third of it to spare, and more than that only where people wait for CPU: sign-in
hashes a password, which takes argon2 46 MiB; the rooms' functions start, and load the calendar, while a customer waits.
`reconcile_month` has more because it holds the results of all practices until its report is written.
Timeouts of routes end before API Gateway's 29 seconds do, so that the caller gets our answer; those of sweeps end
before their next tick, or after 15 minutes, and each stops by itself 15 seconds ahead.
"""
    fullest, size = max(found.items(), key=lambda each: each[1].peak / FUNCTIONS[each[0]].memory)
    share = size.peak / FUNCTIONS[fullest].memory
    figure = "Peak of the fullest function's memory"
    line = (figure, f"<= {MOST_FILLED:.0%}", f"{share:.0%} ({fullest})", verdict(share <= MOST_FILLED))
    return Section("Memory and time of the functions", text, [line])


def _slower(function: str) -> float:
    return max(1.0, _WHOLE_CORE / FUNCTIONS[function].memory)
