"""What a function costs: its start, a warm request, a sign-in, its zip."""

import json
import sys
from statistics import median

from benchmarks import imports, meter
from benchmarks.archive import parts
from benchmarks.phases import REPORT, TIMES
from benchmarks.report import Section, ratio, table, verdict
from benchmarks.workshop import Workshop

_IMPORT_TARGET, _HANDLER_TARGET, _SIGN_IN_TARGET = 1.15, 1.25, 0.15
_WAYS = {
    "raw": "boto3 by hand",
    "raw_unchecked": "boto3 by hand, without botocore's parameter validation",
    "ours": "**the program**",
    "chalice": "Chalice over the same hand-written work",
    "powertools": "Powertools' resolver over the same hand-written work",
    "fastapi": "FastAPI + Mangum over the same hand-written work",
}


def starts(workshop: Workshop) -> Section:
    """What a function's start costs."""
    costs = imports.starts(sys.executable, workshop.unpacked)
    others = imports.others(workshop.python)
    chalice, base = costs[imports.CHALICE], costs[imports.CHALICE_AND_PYNAMODB]
    rows = [[f"`{name}`", cost, ratio(cost, base), ratio(cost, chalice)] for name, cost in (costs | others).items()]
    text = f"""From the packaged zip with its bytecode, less an empty Python's start. The functions with routes build
their DynamoDB client while they start, and so does "{imports.CHALICE_AND_PYNAMODB}"; the others build it at their
first run. boto3 by hand, and Powertools and FastAPI beside it, also build one client, and load no work of their own.
The program alone stops Python's collector of garbage while it starts.

{table(["Start", meter.UNIT, f"to {imports.CHALICE_AND_PYNAMODB}", "to Chalice"], rows)}
"""
    ours = costs["licensing_api"] / base
    figure = f"Start of licensing_api to {imports.CHALICE_AND_PYNAMODB}"
    line = (figure, f"<= {_IMPORT_TARGET}", f"{ours:.2f}", verdict(ours <= _IMPORT_TARGET))
    alone = imports.import_alone(sys.executable, workshop.unpacked, "licensing")
    why = "the room's own code and msgspec; with the client, which any answer needs, they weigh less"
    other = verdict(alone <= _IMPORT_TARGET, why)
    alone_line = (f"{figure}, neither building its client", f"<= {_IMPORT_TARGET}", f"{alone:.2f}", other)
    return Section("The start of a function", text, [line, alone_line])


def handlers(workshop: Workshop) -> Section:
    """What a warm request costs."""
    names = ["GET /licenses", "POST /license-orders"]
    recording = str(workshop.recording(*names))
    costs: dict[str, dict[str, float]] = {}
    for way in _WAYS:
        found = meter.phases([str(workshop.python), "-m", "benchmarks.handlers", way, recording], workshop.settings)
        nothing = found.pop("nothing")
        costs[way] = {name: (cost - nothing) / TIMES for name, cost in found.items()}
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


def sign_in(workshop: Workshop) -> Section:
    """What a sign-in costs beside argon2."""
    report = workshop.directory / "sign-in.json"
    command = [str(workshop.python), "-m", "benchmarks.handlers.sign_in", str(workshop.recording("POST /sessions"))]
    meter.run(command, workshop.settings | {REPORT: str(report)})
    rows: list[tuple[str, float]] = [json.loads(line) for line in report.read_text().splitlines()]
    whole, hashing = (median(seconds for name, seconds in rows if name == wanted) for wanted in ("sign-in", "argon2"))
    beside = whole / hashing - 1
    text = f"""CPU time of a warm sign-in with a TOTP code (three AWS calls, stubbed) against its password check
alone, by turns in one process, medians of {len(rows) // 2}: {beside:.1%} beside argon2.
"""
    line = (
        "CPU of a sign-in beside argon2",
        f"<= {_SIGN_IN_TARGET:.0%}",
        f"{beside:.1%}",
        verdict(beside <= _SIGN_IN_TARGET),
    )
    return Section("Sign-in", text, [line])


def archive(workshop: Workshop) -> Section:
    """What the zip is made of."""
    sizes = parts(workshop.archive)
    total = sum(sizes.values())
    rows = [[name, size / 1e6, f"{size / total:.0%}"] for name, size in sizes.most_common() if size > 20_000]
    text = f"""{total / 1e6:.1f} MB compressed, with bytecode, the same for every function.

{table(["Part", "MB", "Share"], rows)}
"""
    return Section("The zip", text, [])
