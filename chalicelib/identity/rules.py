"""The rules of identity. Pure: state, command and time in, verdict out."""

import ipaddress
import re
import unicodedata
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chalicelib.errors import Forbidden
from chalicelib.identity.model import Access, Held, Privileges
from chalicelib.model import SECTIONS, Privilege, Section

IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=12)
STAFF_ABSOLUTE = timedelta(hours=4)
TOUCH = timedelta(minutes=1)
FRESH = timedelta(minutes=10)
RESET_LINK = timedelta(minutes=10)
FIRST_PASSWORD_LINK = timedelta(hours=72)
LINK_PAUSE = timedelta(minutes=1)
ANSWER_SECONDS = 0.5
"""How long an answer takes at least that must not tell by its time what there is: longer than it ever works."""
FIND_LASTS = timedelta(minutes=5)

FREE_FAILURES = 5
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)
FAILURES_FORGOTTEN = timedelta(hours=24)
ANYWHERE = "anywhere"
NETWORKS_KEPT = 10
NETWORK_FAMILIAR = timedelta(days=30)

MOST_USERNAMES = 40
"""How many usernames reach one account at most: what becomes of it is told to each in one transaction."""
FULL_EVERYWHERE: Final = "full"
_RANKS: Final[dict[Privilege, int]] = {"none": 0, "view": 1, "full": 2}

PASSWORD_LENGTH = range(12, 129)
# Two of Korean's letters show nothing, so a name with one would look like another's.
_USERNAME = re.compile(r"(?!.*[\u115f\u1160])[^\W_](?:[\w.@+-]*[^\W_])?")
_SHORTEST_NAME = 4
STAFF: Final = "staff:"
"""What the login names of the vendor's own people begin with. No username has a colon in it."""
STAFF_NAME: Final = r"[a-z][a-z0-9._-]{1,40}"
TWO_FACTOR_ROLES: Final = frozenset({"site_admin", "support", "accounting"})


def fold(text: str) -> str:
    """The form in which two spellings are one username or password word: NFKC and case-folded."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def username_error(username: str) -> str | None:
    """Why a folded username is refused, or None."""
    if not 3 <= len(username) <= 64:
        return "A username has 3 to 64 characters."
    if not _USERNAME.fullmatch(username):
        return "A username has letters, digits and . _ @ + - and begins and ends with a letter or digit."
    return None


def typed_username_error(typed: str) -> str | None:
    """The same of one as it was typed."""
    return username_error(fold(typed))


def staff_login(typed: str) -> str | None:
    """The login name of one of the vendor's people as a name was typed: `staff:jo`. None for what can't be a name."""
    name = fold(typed)
    return STAFF + name if re.fullmatch(STAFF_NAME, name) else None


def is_staff(name: str) -> bool:
    """Whether a login's name is of one of the vendor's people."""
    return name.startswith(STAFF)


def is_login(name: str, *, staff: bool) -> bool:
    """Whether it is the form of a login's name: of one of the vendor's people, or of a username."""
    return staff_login(name.removeprefix(STAFF)) == name if staff else username_error(name) is None


def time_zone_error(name: str) -> str | None:
    """Why a time zone is refused, or None."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "This is not an IANA time zone, such as America/Chicago."
    # Systems keep other files there too: zones with leap seconds, and old names without a region.
    if name != "UTC" and ("/" not in name or name.startswith(("posix/", "right/"))):
        return "Name the time zone by region, such as America/Chicago."
    return None


def password_error(password: str, names: list[str], common: frozenset[str]) -> str | None:
    """Why a password is refused, or None. No composition rules (NIST SP 800-63B, 3.1.1.2).

    `names`: the practice's and the user's; `common`: folded common passwords.
    """
    if len(password) not in PASSWORD_LENGTH:
        return f"A password has {PASSWORD_LENGTH.start} to {PASSWORD_LENGTH.stop - 1} characters."
    folded = fold(password)
    if folded in common or _core(folded) in common or _is_run(folded):
        return "This password is among the most common ones."
    rest = folded
    for word in sorted(_words(names), key=len, reverse=True):
        rest = rest.replace(word, "")
    if len(rest) < len(folded) and len(_core(rest)) < _SHORTEST_NAME:
        return "This password is made of your own or your practice's name."
    return None


def _core(folded: str) -> str:
    """Without digits and signs at its ends, and once where it only repeats itself."""
    letters = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", folded)
    repeated = re.fullmatch(r"(.+?)\1+", letters)
    return repeated.group(1) if repeated else letters


def _is_run(folded: str) -> bool:
    """Whether it only repeats up to three signs, or counts on from its first one (`abcdefghijkl`, `123456789012`)."""
    steps = {(ord(after) - ord(before)) % 10 for before, after in pairwise(folded)}
    return bool(re.fullmatch(r"(.{1,3}?)\1+", folded)) or steps in ({1}, {9})


def _words(names: list[str]) -> set[str]:
    parts = (part for name in names for part in [*re.split(r"[\W_]+", fold(name)), re.sub(r"[\W_]+", "", fold(name))])
    return {part for part in parts if len(part) >= _SHORTEST_NAME - 1}


def network_of(source_ip: str | None) -> str:
    """The network that counts as one place: an IPv4 /24 or IPv6 /64; ANYWHERE when unknown."""
    if not source_ip:
        return ANYWHERE
    try:
        address = ipaddress.ip_address(source_ip)
    except ValueError:
        return ANYWHERE
    return str(ipaddress.ip_network((address, 24 if address.version == 4 else 64), strict=False))


def is_familiar(networks: dict[str, int], network: str, now: datetime) -> bool:
    """Whether the username signed in from this network lately: then it has a failure counter of its own there,
    so that somebody else's failures elsewhere never keep its owner out."""
    return network != ANYWHERE and networks.get(network, 0) > (now - NETWORK_FAMILIAR).timestamp()


def with_network(networks: dict[str, int], network: str, now: datetime) -> dict[str, int]:
    """The familiar networks after a sign-in from `network`: the latest few."""
    latest = {**networks, network: int(now.timestamp())}
    return dict(sorted(latest.items(), key=lambda item: item[1], reverse=True)[:NETWORKS_KEPT])


def delay_after(failures: int) -> timedelta:
    """How long to wait after so many failures in a row: none below 5, then 30 s doubling up to 1 h."""
    if failures < FREE_FAILURES:
        return timedelta(0)
    doublings = min(failures - FREE_FAILURES, 10)
    return min(FIRST_DELAY * (1 << doublings), LONGEST_DELAY)


def is_fresh(created_at: float, now: datetime) -> bool:
    """Whether a session was opened, so its factors proved, moments ago."""
    return now.timestamp() - created_at <= FRESH.total_seconds()


def session_ends(created_at: float, last_used_at: float, *, staff: bool = False) -> tuple[datetime, datetime]:
    """When a session ends for good, and when it ends unless it is used."""
    absolute = datetime.fromtimestamp(created_at, UTC) + (STAFF_ABSOLUTE if staff else ABSOLUTE)
    return absolute, min(absolute, datetime.fromtimestamp(last_used_at, UTC) + IDLE)


# --- Grants -------------------------------------------------------------------------------------------------------


def held(privileges: Privileges) -> Held:
    """What a grant keeps of privileges: one word for Full everywhere, else the sections where there is something."""
    by_section: dict[Section, Privilege] = {section: getattr(privileges, section) for section in SECTIONS}
    if set(by_section.values()) == {"full"}:
        return FULL_EVERYWHERE
    return {section: privilege for section, privilege in by_section.items() if privilege != "none"}


def privileges_of(held: Held) -> Privileges:
    """The privilege in each of today's sections."""
    return Privileges(**{section: privilege_in(held, section) for section in SECTIONS})


def privilege_in(held: Held, section: Section) -> Privilege:
    """What a grant allows in a section; none in one that it does not name, unless it is Full everywhere."""
    return "full" if held == FULL_EVERYWHERE else held.get(section, "none")


def allows(held: Held, section: Section, privilege: Privilege) -> bool:
    """Whether a grant has at least this privilege in the section."""
    return _RANKS[privilege_in(held, section)] >= _RANKS[privilege]


def manages(held: Held) -> bool:
    """Whether a grant lets one manage who reaches the account."""
    return allows(held, "profile", "full")


def manages_for_good(access: Access) -> bool:
    """Whether somebody manages an account, and will until it is taken away from them: one whose access ends by itself
    does not count."""
    return access.access_until is None and manages(held(access.privileges))


def beyond(wanted: Privileges, present: Privileges, own: Held) -> list[Section]:
    """The sections in which `wanted` raises `present` above what who gives it has there."""
    ranks = {section: _RANKS[getattr(wanted, section)] for section in SECTIONS}
    return [
        section
        for section, rank in ranks.items()
        if rank > max(_RANKS[getattr(present, section)], _RANKS[privilege_in(own, section)])
    ]


def require_own(wanted: Privileges, present: Privileges, own: Held) -> None:
    """Raises Forbidden where privileges rise above those of who gives them."""
    if sections := beyond(wanted, present, own):
        raise Forbidden(f"You have less access yourself to: {', '.join(sections)}.", code="beyond_your_own")


def require_no_longer(wanted: Privileges, present: Privileges, until: str | None, own_until: str | None) -> None:
    """Raises Forbidden where privileges rise on an access that outlasts that of who gives them. None: for good."""
    if own_until and (until is None or until > own_until) and beyond(wanted, present, {}):
        message = (
            f"Your own access ends at {own_until}: on one that lasts longer, you can take privileges, and not give."
        )
        raise Forbidden(message, code="beyond_your_own")


def in_force(roles: Collection[str], accounts: float | None) -> frozenset[str]:
    """The roles that count. That of a support user rests while the username has lost the last account that it reached;
    `accounts` None: it never reached one."""
    return frozenset(roles) - ({"support_user"} if accounts == 0 else frozenset())


def left_with_nothing(roles: Collection[str], accounts: float | None) -> bool:
    """Whether a username without a role that counts has lost the last active account that it reached; `accounts` None:
    it never reached one, and waits for its first."""
    return not in_force(roles, accounts) and accounts == 0
