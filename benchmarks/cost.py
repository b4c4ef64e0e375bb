"""Dollars a month, from the counted calls and units of every operation and a description of the traffic."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from chalice.app import Rate, ScheduledEventConfig

import app
from benchmarks import prices
from benchmarks.operations import SWEEPS, Operation
from chalicelib.http import ROUTES
from deploy import names
from deploy.functions import FUNCTIONS

READS = 30
RARELY = 0.2
"""Assumed: answers looked at by a person on a workday, evenly over the routes that show something; how often in a month
a practice makes each change that the description of the traffic doesn't tell."""

SECONDS_OF_A_CALL, SECONDS_OF_A_HASH, SECONDS_BESIDE = 0.008, 0.25, 0.01
LOGGED_BYTES = 900
"""Assumed too: how long an AWS call takes, argon2id, and all else; what an invocation leaves in the log."""

_HASHING = {"POST /sign-up", "POST /sessions", "PUT /me/password", "POST /password-resets/{token}", "POST /users"}
_HASHING |= {"POST /staff/sessions", "PUT /staff/password", "POST /staff/password-resets/{token}"}
_MINUTES = 30 * 24 * 60
_OF_A_UNIT = {Rate.MINUTES: 1, Rate.HOURS: 60, Rate.DAYS: 24 * 60}

Dollars = dict[str, float]
"""By what they are paid for."""


class Traffic(NamedTuple):
    """So many practices, and what each has, and does in a month."""

    practices: int
    providers: float = 8
    orders: float = 0.5
    tickets: float = 2

    @property
    def sign_ins(self) -> float:
        """On each of 21 workdays by a site admin, and by one more for every eight clinicians."""
        return 21 * (1 + self.providers / 8)

    def times(self, name: str) -> float:
        """How often all practices do a thing in a month."""
        told = {
            "POST /sessions": self.sign_ins,
            "POST /license-quotes": 2 * self.orders,
            "POST /license-orders": self.orders,
            "POST /license-orders/{order_id}/cancel": self.orders / 10,
            "POST /license-decreases": self.tickets / 50,
            "POST /staff/tickets/{ticket_id}/approve": self.tickets / 50,
            "POST /staff/tickets/{ticket_id}/comments": 2 * self.tickets,
        }
        shown = [route.name for route in ROUTES if route.method == "GET" and route.permit.signed_in]
        if name in shown:
            return self.practices * self.sign_ins * READS / len(shown)
        return self.practices * told.get(name, RARELY)


class Fixed(NamedTuple):
    """What does not depend on the traffic: the template's resources by type, and the bytes that a change leaves in
    the tables for good."""

    resources: Mapping[str, int]
    change_bytes: float


def dollars(traffic: Traffic, operations: Iterable[Operation], fixed: Fixed) -> Dollars:
    """A month's dollars."""
    paid: defaultdict[str, float] = defaultdict(float)
    done: defaultdict[str, float] = defaultdict(float)
    sweeps: list[Operation] = []
    for each in operations:
        if each.name in SWEEPS:
            sweeps.append(each)
            continue
        done[each.name] = traffic.times(each.name)
        _add(paid, _charges(each, _function(each.name)), done[each.name])
        done["changes"] += done[each.name] if each.units.write else 0
    items = {
        "relay_events": done["changes"],
        "charge_due_orders": done["POST /license-orders"],
        "apply_decreases": done["POST /license-decreases"],
        "reconcile_month": traffic.practices,
    }
    others = traffic.practices * RARELY
    for sweep in sweeps:
        _add(paid, _charges(sweep, sweep.name), items.get(sweep.name, others) / sweep.items)
        _add(paid, _charges(Operation(sweep.name, []), sweep.name, idle=True), _runs(sweep.name))
    paid["DynamoDB storage, after a year"] = 12 * done["changes"] * fixed.change_bytes / 1e9 * prices.TABLE_GB_MONTH
    for kind, price in prices.RESOURCES_A_MONTH.items():
        paid[kind.removeprefix("AWS::").replace("::", " ")] += fixed.resources.get(kind, 0) * price
    return {item: price for item, price in paid.items() if price}


def _runs(handler: str) -> float:
    """How often a schedule runs it in a month; by a cron expression once a day at most."""
    sources = (each for each in app.app.event_sources if isinstance(each, ScheduledEventConfig))
    (rate,) = (each.schedule_expression for each in sources if each.name == handler)
    return _MINUTES / (rate.value * _OF_A_UNIT[rate.unit]) if isinstance(rate, Rate) else 30


def _function(operation: str) -> str:
    rooms = {route.name: route.room for route in ROUTES}
    return names.serving(rooms[operation]) if operation in rooms else "staff_command"


def _charges(operation: Operation, function: str, *, idle: bool = False) -> Dollars:
    """What one time costs; `idle`: a run that finds nothing, and asks each shard for that."""
    units, calls = operation.units, Counter(call.name for call in operation.counted)
    reads, count = units.read, len(operation.counted)
    if idle:
        count = SWEEPS[operation.name].queries
        reads = count * 0.5
    seconds = SECONDS_BESIDE + count * SECONDS_OF_A_CALL + (SECONDS_OF_A_HASH if operation.name in _HASHING else 0)
    paid = {
        "DynamoDB reads": reads * prices.READ_UNIT,
        "DynamoDB writes": (units.write + units.indexes) * prices.WRITE_UNIT,
        "Lambda": prices.INVOCATION + seconds * FUNCTIONS[function].memory / 1024 * prices.GB_SECOND,
        "CloudWatch logs": LOGGED_BYTES / 1e9 * prices.LOG_GB,
        **{name: calls[name] * price for name, price in prices.CALLS.items()},
    }
    if " /" in operation.name:
        paid["API Gateway"], paid["WAF requests"] = prices.GATEWAY_REQUEST, prices.FIREWALL_REQUEST
    return paid


def _add(paid: Dollars, charges: Dollars, times: float) -> None:
    for item, price in charges.items():
        paid[item] += price * times
