"""The parts of docs/performance.md: each measures, and gives its text and its lines for the table of targets."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from benchmarks import imports, meter
from benchmarks.archive import parts
from benchmarks.ledger import LongLedger
from benchmarks.operations import CHECKED, OVER_BUDGET, Operation
from benchmarks.phases import REPORT
from benchmarks.report import ratio, table, verdict

PROJECT = Path(__file__).parents[1]
_IMPORT_TARGET, _HANDLER_TARGET, _SIGN_IN_TARGET = 1.15, 1.25, 0.15
_WAYS = {
    "raw": "boto3 by hand",
    "raw_unchecked": "boto3 by hand, without botocore's parameter validation",
    "ours": "**the program**",
    "powertools": "Powertools' resolver over the same hand-written work",
    "fastapi": "FastAPI + Mangum over the same hand-written work",
}


class Section(NamedTuple):
    """`targets`: figure, target, measured, verdict."""

    title: str
    text: str
    targets: list[tuple[str, str, str, str]]


def operations(found: list[Operation]) -> Section:
    """Calls and units."""
    rows = [
        [
            f"`{each.name}`" + (f" ({each.items} items)" if each.items else ""),
            len(each.counted),
            each.budget,
            each.units.read,
            each.units.write,
            each.units.indexes,
            each.kinds,
        ]
        for each in found
    ]
    head = ["Operation", "AWS calls", "Budget", "Read units", "Write units", "in indexes", "Calls"]
    checked = " and ".join(sorted(f"`{name}`" for name in CHECKED))
    over = "\n".join(f"- `{name}` makes {calls} calls: {why}." for name, (calls, why) in OVER_BUDGET.items())
    text = f"""Counted on the tests' tour of every operation, each at its dearest, warm, every POST with an
Idempotency-Key; the note of a session's last use, one write at most once a minute, is left out. Units follow
DynamoDB's documented price list (`benchmarks/capacity.py`) from the items before and after each call. A sweep may ask
each of its shards once, and send its messages; its calls for each item are budgeted in `benchmarks/operations.py`.

{table(head, rows)}

Beyond the budget of two calls (three for a sign-in):

{over}

Write units are twice the kilobytes, rounded up, of the rows that change. {checked}
pay two more for the condition that no other guess was counted meanwhile.
"""
    reads = [each for each in found if each.name.startswith("GET ")]
    changes = [each for each in found if each.name.startswith(("POST ", "PUT ", "DELETE ")) and each.budget == 2]
    (sign_in,) = (each for each in found if each.name == "POST /sessions")
    return Section(
        "AWS calls and capacity units",
        text,
        [
            _calls("AWS calls of a read", 2, reads),
            _calls("AWS calls of a change", 2, changes),
            _calls("AWS calls of a sign-in", 3, [sign_in]),
            (
                "Write units that change nothing",
                "0",
                ", ".join(f"{each.units.idle} ({each.name})" for each in found if each.units.idle) or "0",
                verdict(not any(each.units.idle for each in found)),
            ),
        ],
    )


def _calls(figure: str, most: int, found: list[Operation]) -> tuple[str, str, str, str]:
    over = [f"{each.name} {len(each.counted)}" for each in found if len(each.counted) > most]
    measured = f"{len(found) - len(over)} of {len(found)} routes" + (f"; over: {', '.join(over)}" if over else "")
    return figure, f"<= {most}", measured, verdict(not over)


def starts(unpacked: Path) -> Section:
    """Imports."""
    costs = imports.starts(sys.executable, unpacked)
    chalice, base = costs[imports.CHALICE], costs[imports.CHALICE_AND_PYNAMODB]
    rows = [[f"`{name}`", cost, ratio(cost, base), ratio(cost, chalice)] for name, cost in costs.items()]
    text = f"""From the packaged zip with its bytecode, less an empty Python's start. The functions with routes build
their DynamoDB client while they start, and so does "{imports.CHALICE_AND_PYNAMODB}"; the others build it at their
first run.

{table(["Start", meter.UNIT, f"to {imports.CHALICE_AND_PYNAMODB}", "to Chalice"], rows)}
"""
    ours = costs["licensing_api"] / base
    figure = f"Start of licensing_api to {imports.CHALICE_AND_PYNAMODB}"
    line = (figure, f"<= {_IMPORT_TARGET}", f"{ours:.2f}", verdict(ours <= _IMPORT_TARGET))
    return Section("The start of a function", text, [line])


def handlers(python: Path, recorded: Path, settings: Mapping[str, str]) -> Section:
    """Warm requests."""
    described = json.loads(recorded.read_text())
    del described["scenes"]["POST /sessions"]
    scenes = recorded.with_name("requests.json")
    scenes.write_text(json.dumps(described))
    costs: dict[str, dict[str, float]] = {}
    for way in _WAYS:
        found = meter.phases([str(python), "-m", "benchmarks.handlers", way, str(scenes)], _environment(settings))
        nothing = found.pop("nothing")
        costs[way] = {name: (cost - nothing) / 20 for name, cost in found.items()}
    names = list(described["scenes"])
    rows = [
        [text, *(cell for name in names for cell in (costs[way][name], ratio(costs[way][name], costs["raw"][name])))]
        for way, text in _WAYS.items()
    ]
    head = ["Way", *(cell for name in names for cell in (f"`{name}`", "to by hand"))]
    text = f"""One warm request in {meter.UNIT}, from API Gateway's event to the answer, with AWS stubbed below
botocore by answers recorded on moto: requests are built, signed and parsed, nothing is sent. All ways make the same
AWS calls and use the same pure rules (quote, order, calendar); no Idempotency-Key, which the others have no receipts
for. Only the program also checks every field of a body, and can tell why a condition failed.

{table(head, rows)}
"""
    targets = []
    for name in names:
        ours = costs["ours"][name] / costs["raw"][name]
        targets.append(
            (f"{name} to boto3 by hand", f"<= {_HANDLER_TARGET}", f"{ours:.2f}", verdict(ours <= _HANDLER_TARGET))
        )
    return Section("One warm request", text, targets)


def sign_in(python: Path, recorded: Path, settings: Mapping[str, str]) -> Section:
    """CPU beside argon2."""
    report = recorded.with_name("sign-in.json")
    environment = _environment(settings) | {REPORT: str(report)}
    meter.run([str(python), "-m", "benchmarks.handlers.sign_in", str(recorded)], environment)
    rows: list[tuple[str, float]] = [json.loads(line) for line in report.read_text().splitlines()]
    whole, hashing = (median(seconds for name, seconds in rows if name == wanted) for wanted in ("sign-in", "argon2"))
    beside = whole / hashing - 1
    text = f"""CPU time of a warm sign-in with a TOTP code (three AWS calls, stubbed) against its password check
alone, by turns in one process, medians of {len(rows) // 2}: {beside:.1%} beside argon2.
"""
    line = ("CPU of a sign-in beside argon2", f"<= {_SIGN_IN_TARGET:.0%}", f"{beside:.1%}", verdict(beside <= 0.15))
    return Section("Sign-in", text, [line])


def archive(path: Path) -> Section:
    """The zip."""
    sizes = parts(path)
    total = sum(sizes.values())
    rows = [[name, size / 1e6, f"{size / total:.0%}"] for name, size in sizes.most_common() if size > 20_000]
    text = f"""{total / 1e6:.1f} MB compressed, with bytecode, the same for every function.

{table(["Part", "MB", "Share"], rows)}
"""
    return Section("The zip", text, [])


def reconciliation(found: LongLedger) -> Section:
    """Queries by megabytes."""
    megabytes = found.bytes / 2**20
    text = f"""`GET /reconciliation` of a practice with {found.lines:,} ledger lines, {megabytes:.2f} MB, reads them by
{found.queries} queries (DynamoDB gives 1 MB at a time) and scans nothing.
"""
    met = found.scans == 0 and found.queries <= int(megabytes) + 1
    line = ("Queries of a ledger", "1 for each MB, no scan", f"{found.queries} for {megabytes:.2f} MB", verdict(met))
    return Section("Reconciliation", text, [line])


def _environment(settings: Mapping[str, Any]) -> dict[str, str]:
    return {**settings, "ROOM": "", "PYTHONPATH": str(PROJECT), "HOME": os.environ.get("HOME", "/")}
