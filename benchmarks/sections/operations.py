"""What every operation costs, in calls and units, and by the month in dollars."""

from collections import Counter

from benchmarks.cost import Fixed, Traffic, dollars
from benchmarks.operations import CHECKED, OVER_BUDGET, Operation, measured
from benchmarks.report import Section, table, verdict
from benchmarks.workshop import Workshop
from benchmarks.world import measured_world, stored_bytes


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
Idempotency-Key but a dry run; the note of a session's last use, one write at most once a minute, is left out. Units
follow DynamoDB's documented price list (`benchmarks/capacity.py`) from the items before and after each call. A sweep
may ask each of its shards once, and send its messages; its calls for each item are budgeted in
`benchmarks/operations.py`.

{table(head, rows)}

Beyond the budget of two calls (three for a sign-in):

{over}

Write units are twice the kilobytes, rounded up, of the rows that change. Two more are paid for a condition on a row
that is left alone:

{checked}
"""
    answered = [each for each in found if not each.name.endswith(", refused")]
    reads = [each for each in answered if each.name.startswith("GET ")]
    changes = [
        each for each in answered if each.name.startswith(("POST ", "PUT ", "PATCH ", "DELETE ")) and each.budget == 2
    ]
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
