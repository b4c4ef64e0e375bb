"""Every Lambda function: what it loads, what it may do, how much it gets. `.chalice/` is written from this table."""

from typing import NamedTuple

from chalicelib.access import CHECK_SUBSCRIPTIONS, RELAY, SES_FEEDBACK, SYSTEM, Access, merged
from chalicelib.codes import access as codes
from chalicelib.codes.tables import CODES
from chalicelib.console import access as console
from chalicelib.dynamo import Table
from chalicelib.events import EVENTS
from chalicelib.identity import access as identity
from chalicelib.identity.tables import IDENTITY
from chalicelib.licensing import access as licensing
from chalicelib.licensing.tables import LICENSING
from chalicelib.linking import access as linking
from chalicelib.mail import MAIL
from chalicelib.providers import access as providers
from chalicelib.providers.tables import PROVIDERS
from chalicelib.receipts import RECEIPTS
from chalicelib.staff import access as staff
from chalicelib.support import access as support
from chalicelib.support.tables import SUPPORT
from chalicelib.uploads import access as uploads
from chalicelib.uploads.tables import UPLOADS

TABLES: tuple[Table, ...] = (IDENTITY, PROVIDERS, LICENSING, CODES, SUPPORT, UPLOADS, MAIL, EVENTS, RECEIPTS)


class Function(NamedTuple):
    """`room`: the value of the setting ROOM; scheduled handlers load no room's routes. Memory in MB, timeout in s."""

    room: str
    access: Access
    memory: int
    timeout: int


FUNCTIONS: dict[str, Function] = {
    # Chalice's own function keeps the routes of no room: health, readiness, the API's description.
    "api_handler": Function("system", SYSTEM, 256, 10),
    # argon2 takes 46 MiB and as much CPU as it gets.
    "identity_api": Function("identity", identity.API, 1024, 20),
    "licensing_api": Function("licensing", licensing.API, 512, 20),
    "providers_api": Function("providers", providers.API, 512, 20),
    # It waits for `check_image`, for as long as the gateway waits for it.
    "uploads_api": Function("uploads", uploads.API, 512, 28),
    # It hashes passwords, too.
    "linking_api": Function("linking", linking.API, 1024, 20),
    # A whole file of codes may have 100,000 lines.
    "codes_api": Function("codes", codes.API, 512, 28),
    "support_api": Function("support", support.API, 512, 20),
    # Staff sign in here: it hashes passwords, too.
    "staff_api": Function("staff", staff.API, 1024, 20),
    # All screens: it hashes passwords, and waits for `check_image`.
    "console": Function("console", console.CONSOLE, 1024, 28),
    "relay_events": Function("none", RELAY, 256, 55),
    "continue_reassignments": Function("none", providers.CONTINUE_REASSIGNMENTS, 512, 55),
    "continue_code_copies": Function("none", codes.CONTINUE_COPIES, 512, 55),
    "charge_due_orders": Function("none", licensing.CHARGE_DUE_ORDERS, 256, 300),
    "apply_decreases": Function("none", licensing.APPLY_DECREASES, 256, 300),
    "deactivate_due": Function("none", providers.DEACTIVATE_DUE, 256, 240),
    "end_trials": Function("none", providers.END_TRIALS, 256, 300),
    "block_dormant": Function("none", identity.BLOCK_DORMANT, 256, 300),
    "check_sla": Function("none", support.CHECK_SLA, 256, 240),
    "close_solved_tickets": Function("none", support.CLOSE_SOLVED, 256, 300),
    "reconcile_month": Function("none", licensing.REPORT, 512, 900),
    "check_subscriptions": Function("none", CHECK_SUBSCRIPTIONS, 256, 60),
    "sweep_expired": Function("none", merged(uploads.SWEEP, linking.SWEEP, providers.REMOVE_TRIALS), 256, 300),
    "ses_feedback": Function("none", SES_FEEDBACK, 256, 30),
    # 50 million pixels take up to 800 MB and 2 s of the whole processor that comes with 1,769 MB.
    "check_image": Function("none", uploads.CHECK_IMAGE, 1769, 20),
    # No route leads here: whom IAM lets invoke it says who is staff.
    "staff_command": Function("none", staff.COMMAND, 256, 900),
}
