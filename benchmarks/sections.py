"""The parts of docs/performance.md: each measures, and gives its text and its lines for the table of targets."""

import json
import sys
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from statistics import median

from benchmarks import codes as codes_cost
from benchmarks import help_center as help_cost
from benchmarks import imports, meter
from benchmarks import linking as linked
from benchmarks import sweeps as swept_cost
from benchmarks import tickets as ticket_cost
from benchmarks.archive import parts
from benchmarks.cost import Fixed, Traffic, dollars
from benchmarks.directory import QUERIES, Cost, pages, stock
from benchmarks.ledger import reconciled
from benchmarks.operations import CHECKED, OVER_BUDGET, Operation, measured
from benchmarks.phases import REPORT, TIMES
from benchmarks.report import Section, ratio, table, verdict
from benchmarks.sizes import sizes
from benchmarks.workshop import Workshop
from benchmarks.world import measured_world, stored_bytes

_FIND_APART = 0.1
_IMPORT_TARGET, _HANDLER_TARGET, _SIGN_IN_TARGET = 1.15, 1.25, 0.15
_PRACTICES = (50, 5000)
_TICKETS = (10_000, 100_000)
_SCHEDULED = (10, 1_000, 100_000)
_ENTRIES = (100, 100_000)
_COPIES = (20, 200, 2_000)
_ARTICLES = (25, 2_500)
_WAYS = {
    "raw": "boto3 by hand",
    "raw_unchecked": "boto3 by hand, without botocore's parameter validation",
    "ours": "**the program**",
    "chalice": "Chalice over the same hand-written work",
    "powertools": "Powertools' resolver over the same hand-written work",
    "fastapi": "FastAPI + Mangum over the same hand-written work",
}


def calls(_: Workshop) -> Section:
    """AWS calls and capacity units of every operation."""
    with measured_world() as (api, cast, world):
        found = measured(api, cast, world)
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
    checked = "\n".join(f"- `{name}`: {condition}." for name, condition in CHECKED.items())
    over = "\n".join(f"- `{name}` makes {calls} calls: {why}." for name, (calls, why) in OVER_BUDGET.items())
    text = f"""Counted on the tests' tour of every operation, each at its dearest, warm, every POST with an
Idempotency-Key; the note of a session's last use, one write at most once a minute, is left out. Units follow
DynamoDB's documented price list (`benchmarks/capacity.py`) from the items before and after each call. A sweep may ask
each of its shards once, and send its messages; its calls for each item are budgeted in `benchmarks/operations.py`.

{table(head, rows)}

Beyond the budget of two calls (three for a sign-in):

{over}

Write units are twice the kilobytes, rounded up, of the rows that change. Two more are paid for a condition on a row
that is left alone:

{checked}
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
                verdict(not CHECKED, "; ".join(f"{name}: {condition}" for name, condition in CHECKED.items())),
            ),
        ],
    )


def _calls(figure: str, most: int, found: list[Operation]) -> tuple[str, str, str, str]:
    over = {each.name for each in found if len(each.counted) > most}
    within = f"{len(found) - len(over)} of {len(found)} routes"
    reasons = "; ".join(f"{name} {calls}, as {why}" for name, (calls, why) in OVER_BUDGET.items() if name in over)
    return figure, f"<= {most}", within, verdict(not over, reasons)


def cost(workshop: Workshop) -> Section:
    """Dollars a month."""
    with measured_world() as (api, cast, world):
        found = measured(api, cast, world)
        kept = stored_bytes() / sum(bool(each.units.write) for each in found)
    fixed = Fixed(Counter(resource["Type"] for resource in workshop.template["Resources"].values()), kept)
    bills = [dollars(Traffic(practices), found, fixed) for practices in (10, 1_000, 100_000)]
    items = sorted(bills[-1], key=lambda item: -bills[-1][item])
    rows = [[item, *(bill.get(item, 0.0) for bill in bills)] for item in items]
    rows += [["**together**", *(sum(bill.values()) for bill in bills)]]
    largest = "\n".join(
        f"- {practices} practices: " + ", ".join(sorted(bill, key=lambda item: -bill[item])[:3]) + "."
        for practices, bill in zip(("10", "1,000", "100,000"), bills, strict=True)
    )
    each = Traffic(1)
    text = f"""us-east-1 on demand without free tiers (`benchmarks/prices.py`). Each practice has {each.providers}
provider accounts, and in a month {each.orders} orders and {each.tickets} tickets; `benchmarks/cost.py` says what
else is assumed, durations among it. A change leaves {kept / 1024:.1f} KB in the tables for good.

{table(["Dollars a month", "10 practices", "1,000", "100,000"], rows)}

The largest three:

{largest}
"""
    return Section("Cost", text, [])


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
    return Section("The start of a function", text, [line])


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


def reconciliation(_: Workshop) -> Section:
    """Queries by megabytes of ledger."""
    with measured_world() as (api, cast, _world):
        found = reconciled(api, cast)
    megabytes = found.bytes / 2**20
    text = f"""`GET /reconciliation` of a practice with {found.lines:,} ledger lines, {megabytes:.2f} MB, reads them by
{found.queries} queries (DynamoDB gives 1 MB at a time) and scans nothing.
"""
    met = found.scans == 0 and found.queries <= int(megabytes) + 1
    line = ("Queries of a ledger", "1 for each MB, no scan", f"{found.queries} for {megabytes:.2f} MB", verdict(met))
    return Section("Reconciliation", text, [line])


def directory(_: Workshop) -> Section:
    """A page of provider accounts by the size of the practice."""
    found: dict[int, dict[str, Cost]] = {}
    with measured_world() as (api, cast, _world):
        for begin, end in pairwise((0, *_PRACTICES)):
            stock(cast, begin, end)
            found[end] = pages(api, cast)
    rows = [
        [f"`GET /providers?{QUERIES[name]}`", *(found[size][name].units for size in _PRACTICES)] for name in QUERIES
    ]
    text = f"""Read units of the query behind a page of 25 provider accounts, strongly consistent, by how many accounts
the practice has. A query reads one range of keys: what else the table holds does not count.

{table(["Page", *(f"{size:,} accounts" for size in _PRACTICES)], rows)}
"""
    most = max(cost.units for cost in found[_PRACTICES[-1]].values())
    calls = max(cost.calls for cost in found[_PRACTICES[-1]].values())
    shown = f"{most:g} read units, {calls} calls"
    return Section(
        "The directory", text, [("A page of 5,000 provider accounts", "<= 4 read units", shown, verdict(most <= 4))]
    )


def codes(_: Workshop) -> Section:
    """Pages of code files by their size, and copies by theirs."""
    found: dict[int, dict[str, float]] = {}
    with measured_world() as (api, cast, _world):
        for begin, end in pairwise((0, *_ENTRIES)):
            codes_cost.stock(cast, begin, end)
            found[end] = codes_cost.pages(api, cast)
    with measured_world() as (api, cast, _world):
        codes_cost.stock(cast, 0, sum(_COPIES))
        begins = [sum(_COPIES[:number]) for number in range(len(_COPIES))]
        copies = {
            size: codes_cost.copied(api, cast, begin, begin + size) for size, begin in zip(_COPIES, begins, strict=True)
        }
    queries = codes_cost.QUERIES
    rows = [[f"`GET ...codes/payers?{queries[name]}`", *(found[size][name] for size in _ENTRIES)] for name in queries]
    copy_rows = [[f"{size:,} entries", *cost] for size, cost in copies.items()]
    text = f"""Read units of the query behind a page of 25 payers, by how many the file has.

{table(["Page", *(f"{size:,} entries" for size in _ENTRIES)], rows)}

A copy of payers that are new to the target, each with two rows by which it is found, by how many are copied at once:

{table(["Copy", "Write units an entry", "AWS calls an entry"], copy_rows)}
"""
    same = found[_ENTRIES[0]] == found[_ENTRIES[-1]]
    units = [cost.units for cost in copies.values()]
    return Section(
        "Code files",
        text,
        [
            ("A page of codes", "the same of 100 and 100,000", "the same" if same else "not the same", verdict(same)),
            (
                "Write units of a copied entry",
                "within 10% from 20 entries to 2,000",
                f"{min(units):.1f} to {max(units):.1f}",
                verdict(max(units) <= 1.1 * min(units)),
            ),
        ],
    )


def tickets(_: Workshop) -> Section:
    """Tickets by the size of the practice."""
    found: dict[int, dict[str, ticket_cost.Cost]] = {}
    with measured_world() as (api, cast, _world):
        for begin, end in pairwise((0, *_TICKETS)):
            ticket_cost.stock(cast, begin, end)
            found[end] = ticket_cost.costs(api, cast)
    few, many = (found[size] for size in _TICKETS)
    rows = [[name, *few[name], *many[name]] for name in few]
    head = [f"{what}, {size:,} tickets" for size in _TICKETS for what in ("Calls", "read units", "write units")]
    text = f"""Filing a ticket and the first page of 25 of each view, by how many tickets the practice has; session and
practice are read with it. A search looks at 400 tickets that have its longest word, and no more.

{table(["What", *head], rows)}
"""
    pages_ = max(cost.calls for name, cost in many.items() if name != "filing")
    return Section(
        "Tickets",
        text,
        [
            ("AWS calls to file a ticket", "<= 3", f"{many['filing'].calls}", verdict(many["filing"].calls <= 3)),
            ("AWS calls of a page of tickets", "<= 2", f"{pages_}", verdict(pages_ <= 2)),
            (
                "Tickets, filed and listed",
                "the same among 10,000 and 100,000",
                "the same" if few == many else "not",
                verdict(few == many),
            ),
        ],
    )


def sweeps(_: Workshop) -> Section:
    """Scheduled work by how much is scheduled."""
    found: dict[int, swept_cost.Cost] = {}
    with measured_world() as (api, cast, _world):
        for begin, end in pairwise((0, *_SCHEDULED)):
            swept_cost.stock(begin, end)
            found[end] = swept_cost.swept(api, cast)
    rows = [[f"{scheduled:,}", *cost] for scheduled, cost in found.items()]
    text = f"""`deactivate_due` by how many deactivations stand in its index: a run that finds nothing due, and what one
that is due adds. Write units are those of everything that ends with an account, indexes too.

{table(["Scheduled", "Idle: read units a shard", "Due: AWS calls", "read units", "write units"], rows)}
"""
    costs = list(found.values())
    same = f"{costs[-1].write} write units, {costs[-1].read:g} read units"
    return Section(
        "Sweeps",
        text,
        [
            ("A deactivation that is due", "the same among 10 and 100,000", same, verdict(len(set(costs)) == 1)),
            ("An idle sweep", "<= 1 read unit a shard", f"{costs[-1].idle:g}", verdict(costs[-1].idle <= 1)),
        ],
    )


def help_center(_: Workshop) -> Section:
    """A search in the Help Center by how many articles there are."""
    found = {number: help_cost.cost(number) for number in _ARTICLES}
    rows = [[f"{number:,}", *cost] for number, cost in found.items()]
    text = f"""A search with its ten snippets, in milliseconds of CPU, warm, over the sixty questions of its tests.
Words that no article has are looked for among all that are spelt alike. The file is read once in a function's life,
by its first search.

{table(["Articles", "File, KB", "Different words", "Read the file", "Search: median", "nine of ten"], rows)}
"""
    few, many = found[_ARTICLES[0]].median, found[_ARTICLES[-1]].median
    shown = f"{few:.1f} ms among {_ARTICLES[0]}, {many:.1f} ms among {_ARTICLES[-1]:,}"
    return Section(
        "Search in the Help Center", text, [("Median of a search", "<= 10 ms", shown, verdict(max(few, many) <= 10))]
    )


def linking(_: Workshop) -> Section:
    """Whether finding a login tells if there is one, and what a privilege costs to check."""
    with measured_world() as (api, cast, _world):
        times, calls = linked.found(api, cast), linked.checked(api, cast)
    text = f"""CPU time of `POST /accounts/find` with a wrong password, medians of {linked.TRIES} by turns in one
process: a username that there is takes {times.known / times.unknown:.3f} times what one takes that nobody has. The AWS
calls are the same (a test holds them to that), and argon2 is run for both.

AWS calls of `GET /providers/{{provider_id}}`, which asks for `profile: view`:

{table(["Who asks", "AWS calls"], [[who, count] for who, count in calls.items()])}

The grant is read with the session. One to another practice's account leads there by one call more, for its rows.
"""
    own = calls["a grant to an account of the own practice"] - calls["a site admin, who needs no grant"]
    return Section(
        "Linking",
        text,
        [
            (
                "Find: unknown username to known",
                "within 10%",
                f"{times.apart:.1%}",
                verdict(times.apart <= _FIND_APART),
            ),
            ("Check of a privilege", "0 calls beside the session's", f"{own}", verdict(own == 0)),
        ],
    )


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
