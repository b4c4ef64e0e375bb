"""What costs the same however much there is: ledgers, directories, code files, tickets, schedules, articles, logins."""

from itertools import pairwise

from benchmarks import codes as codes_cost
from benchmarks import help_center as help_cost
from benchmarks import linking as linked
from benchmarks import sweeps as swept_cost
from benchmarks import tickets as ticket_cost
from benchmarks.directory import QUERIES, Cost, pages, stock
from benchmarks.ledger import reconciled
from benchmarks.report import Section, table, verdict
from benchmarks.workshop import Workshop
from benchmarks.world import measured_world

_FIND_APART = 0.1
_PRACTICES = (50, 5000)
_TICKETS = (10_000, 100_000)
_SCHEDULED = (10, 1_000, 100_000)
_ENTRIES = (100, 100_000)
_COPIES = (20, 200, 2_000)
_ARTICLES = (25, 2_500)


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
