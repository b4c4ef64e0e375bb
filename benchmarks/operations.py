"""Every route, scheduled handler and staff command, as the tests' tour takes them: AWS calls, units, budget."""

from collections import Counter
from typing import Any, NamedTuple

from benchmarks.capacity import Units, total
from benchmarks.recorder import Call, recorded
from chalicelib.dynamo import due_shards
from tests.api import Api
from tests.cast import Cast
from tests.tour.requests import Tour, route_of
from tests.tour.walk import walk
from tests.world import World

READ = CHANGE = 2
SIGN_IN = 3
SIGN_INS = ("POST /sessions", "POST /staff/sessions")
OVER_BUDGET: dict[str, tuple[int, str]] = {
    "POST /me/totp": (3, "KMS encrypts the seed"),
    "POST /me/totp/confirm": (3, "KMS decrypts the seed"),
    "PUT /me/password": (3, "wrong passwords are counted by who asks, which the first read proves"),
    "POST /password-resets/{token}": (3, "the username's row, read first, names the practice"),
    "POST /recoveries": (3, "the username's row, read first, names the practice"),
    "POST /recoveries/{token}": (4, "the link names the practice, the body the username; the site admins are told"),
    "GET /providers/{provider_id}/codes.csv": (3, "a file that is too large for an answer is given out by S3"),
    "GET /accounts": (3, "the grants say which accounts and practices are to be named"),
    "GET /providers/{provider_id}/deactivation-preview": (
        3,
        "who reaches the account, and the open tickets of those who leave are named",
    ),
    "POST /uploads/{upload_id}/complete": (
        8,
        "a function of its own reads the file and writes image and thumbnail; then account, commit, and the file goes",
    ),
    "POST /providers/{provider_id}/patients/reassign": (
        3,
        "the patients are read whom it moves: of chosen ones 45 with the session, then 100 a call, 12 calls for 1,000",
    ),
    "GET /patients": (
        4,
        "the queue names the accounts that were left, whose patients are read account by account: a call for each on"
        " the page, of ten at most",
    ),
    "PUT /providers/{provider_id}/usernames/{username}/privileges": (3, "a manager is lowered: is another one left?"),
    "DELETE /providers/{provider_id}/usernames/{username}": (3, "a manager is taken off: is another one left?"),
    "DELETE /users/{username}": (3, "one that reaches any account, an inactive one too, is not deleted"),
    "POST /accounts/find": (
        6,
        "guesses are counted by who asks, whom the first read proves; a code is decrypted; grants and accounts",
    ),
    "POST /accounts/find, refused": (5, "the same guesses are counted"),
    "POST /providers/{provider_id}/invitations": (
        5,
        "through a grant; the username is looked for, and the site admins who are to be told",
    ),
    "GET /invitations": (4, "a site admin's are of two kinds; then their accounts are named"),
    "POST /invitations/{invitation_id}/accept": (4, "the username's row says in which practice the invitation stands"),
    "POST /invitations/{invitation_id}/decline": (4, "its row says in which practice the invitation stands"),
    "POST /accounts/join": (5, "the token names the login, which names the grants, which name the accounts"),
    "POST /staff/totp": (3, "KMS encrypts the seed"),
    "POST /staff/totp/confirm": (3, "KMS decrypts the seed"),
    "PUT /staff/password": (3, "wrong passwords are counted by who asks, which the first read proves"),
    "POST /staff/password-resets/{token}": (3, "the username's row, read first, names the practice"),
    "POST /staff/tickets/{ticket_id}/approve": (
        4,
        "the ticket names what it asks for; the site admins are told whom an owner brings back",
    ),
    "POST /staff/tickets/{ticket_id}/decline": (3, "the ticket names what it asks for"),
    "POST /staff/tickets/{ticket_id}/redact": (3, "the request names what was said, whose rows are written anew"),
    "GET /staff/reconciliation.csv": (3, "a row says whether the report was made, whose file stands in S3"),
    "POST /emergency-tickets": (5, "its receipt; the username names the practice, which counts its tickets"),
    "POST /tickets, refused": (3, "whom to ask is named; and whether its twin under the same key was answered"),
    "POST /code-copies/preview": (3, "the entries are compared; the other practice's account was one call"),
    "POST /code-copies": (
        5,
        "the entries that it takes and those at the target are read; the other practice's account",
    ),
    "POST /providers/{provider_id}/code-imports/{upload_id}": (3, "the file is read from S3"),
    "POST /code-copies/{copy_id}/undo": (4, "what it wrote over, and whether that was edited since"),
    "GET /reconciliation": (3, "the present claims, ledger and pool are compared, and provider accounts"),
}
"""The calls of an operation that needs more than its budget, and why."""

_NO_OTHER_GUESS = "no other guess was counted meanwhile"
CHECKED = {
    "POST /sessions": _NO_OTHER_GUESS,
    "PUT /me/password": _NO_OTHER_GUESS,
    "POST /accounts/find": _NO_OTHER_GUESS,
    "POST /accounts/join": "the login and its grants are as they were found",
    "POST /staff/sessions": _NO_OTHER_GUESS,
    "PUT /staff/password": _NO_OTHER_GUESS,
    "PUT /providers/{provider_id}/usernames/{username}/privileges": "the manager who is left is active",
    "DELETE /providers/{provider_id}/usernames/{username}": "the manager who is left is active",
    "POST /providers/{provider_id}/patients/reassign": "the account that many patients are to come to takes any",
    "POST /providers/{provider_id}/deactivation": "the target takes patients, and the time zone is as reckoned with",
    "POST /staff/tickets/{ticket_id}/approve": "who asked for a role is a site admin still",
    "POST /tickets": "who files is a site admin or support user still",
    "POST /license-decreases": "who asks is a site admin still",
    "deactivate_due": "the practice's time zone is the one that was reckoned with",
    "sweep_expired": "the practice whose trial has ended never bought a license",
    "check_sla": "whoever is given a ticket is an active site admin",
}
"""Operations that pay for a condition on a row they leave alone, and what the condition says."""


class Sweep(NamedTuple):
    """What a scheduled handler may need: so many calls for each item, and `once` beside a query for each shard of each
    of its `kinds` of work."""

    each: int
    once: int = 0
    kinds: int = 1

    @property
    def queries(self) -> int:
        """The calls of a run that finds nothing."""
        return self.kinds * len(due_shards(""))


SWEEPS = {
    "relay_events": Sweep(1),
    "charge_due_orders": Sweep(1),
    "apply_decreases": Sweep(2),
    # Two kinds of work: schedules that follow their practice into another time zone, and those whose day has begun.
    "deactivate_due": Sweep(4, kinds=2),
    # The account with its license, the site admins to be told, the commit.
    "end_trials": Sweep(3),
    # The username, the practice of a site admin, the site admins to be warned, the commit.
    "block_dormant": Sweep(4),
    # Two kinds of work: promises, each a commit; and those who leave: who they are, their sessions, what they own, to
    # whom it goes, the tickets, a commit for each; the same where they are copied in; and the row.
    "check_sla": Sweep(6, kinds=2),
    "close_solved_tickets": Sweep(1),
    # Of a move of 46 chosen patients: the choice, and for both chunks the patients, what is left behind, the commit.
    "continue_reassignments": Sweep(6),
    # What the copy takes or wrote over, its entries on both accounts, the commit.
    "continue_code_copies": Sweep(3),
    # Ledger, provider accounts, pool, claims and the result kept; once: the results so far, the file, the commit.
    "reconcile_month": Sweep(5, 3),
    "check_subscriptions": Sweep(1),
    # Access that has ended: its account, the commit. A file: first nobody may attach it any more, then its objects go,
    # then its row. What an ended trial leaves: its row with the pool; for patients, codes, copies and the account what
    # is there, in up to four places, and a commit; and that nothing is left.
    "sweep_expired": Sweep(18, kinds=3),
}


class Operation(NamedTuple):
    """One request, staff command, or run of a scheduled handler that did something with so many `items`."""

    name: str
    calls: list[Call]
    items: int = 0

    @property
    def counted(self) -> list[Call]:
        """The calls without the note of a session's last use, which is made at most once a minute."""
        return [call for call in self.calls if not call.touch]

    @property
    def budget(self) -> int:
        """The most calls it should make; messages of the relay apart."""
        if self.name in SWEEPS:
            sweep = SWEEPS[self.name]
            # Before an email goes out, one is asked: is mail to this address stopped?
            messages = sum({"sns:Publish": 1, "sesv2:SendEmail": 2}.get(call.name, 0) for call in self.calls)
            return sweep.queries + sweep.once + sweep.each * self.items + messages
        return SIGN_IN if self.name in SIGN_INS else READ if self.name.startswith("GET ") else CHANGE

    @property
    def allowed(self) -> int:
        """The budget, or what is granted beyond it."""
        return OVER_BUDGET[self.name][0] if self.name in OVER_BUDGET else self.budget

    @property
    def units(self) -> Units:
        """What they consume together."""
        return total(call.units for call in self.counted)

    @property
    def kinds(self) -> str:
        """Its calls by kind, in words."""
        counts = Counter(call.name.partition(":")[2] for call in self.counted)
        return ", ".join(name if count == 1 else f"{count} {name}" for name, count in counts.items()) or "none"


class MeasuredTour(Tour):
    """Keeps what each stop costs."""

    def __init__(self, api: Api) -> None:
        super().__init__(api)
        self.operations: list[Operation] = []

    def go(self, method: str, path: str, *arguments: Any, **named: Any) -> Any:
        with recorded() as calls:
            answer = super().go(method, path, *arguments, **named)
        refused = ", refused" if named.get("status", 200) >= 400 else ""
        self.operations.append(Operation(route_of(method, path) + refused, calls))
        return answer

    def staff(self, command: str, **facts: Any) -> None:
        with recorded() as calls:
            super().staff(command, **facts)
        if command != "make_report":  # the work of reconcile_month, for another day
            self.operations.append(Operation(f"staff {command}", calls))

    def told(self, message: dict[str, Any]) -> None:
        with recorded() as calls:
            super().told(message)
        self.operations.append(Operation("ses_feedback", calls))

    def tick(self, handler: str, counted: str = "done") -> int:
        with recorded() as calls:
            items = super().tick(handler, counted)
        self.operations.append(Operation(handler, calls, items))
        return items


def measured(api: Api, cast: Cast, world: World) -> list[Operation]:
    """Each operation once: its dearest time on the tour."""
    tour = MeasuredTour(api)
    walk(tour, cast, world)
    dearest: dict[str, Operation] = {}
    for each in tour.operations:
        known = dearest.get(each.name)
        if known is None or (len(each.counted), each.units) > (len(known.counted), known.units):
            dearest[each.name] = each
    return list(dearest.values())
