"""Templates, and what each of them sees: the screen."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, ModuleLoader, StrictUndefined
from markupsafe import Markup

from chalicelib import clock, config, local_days
from chalicelib.console import acting, assets, declared, navigation, words
from chalicelib.console.forms import Form, Refused
from chalicelib.console.visits import STAFF_HOME, Visit
from chalicelib.errors import Problem
from chalicelib.identity.rules import IDLE, STAFF, TOUCH
from chalicelib.model import SECTIONS, Actor, Practice
from chalicelib.serving import Endpoint
from chalicelib.store import Context
from chalicelib.uploads.rules import MOST_BYTES
from chalicelib.wording import plural

TEMPLATES, COMPILED = (Path(__file__).parent / name for name in ("templates", "compiled"))
"""Their sources; in a function they are there as modules instead (`deploy.templates`)."""


@cache
def environment() -> Environment:
    """The templates. Every value is escaped, and a name that is not there is an error."""
    made = Environment(
        loader=ModuleLoader(COMPILED) if COMPILED.exists() else FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(money=words.money, plural=plural, changes=words.changes)
    made.filters.update(
        heading=words.heading,
        detail=words.detail,
        called=words.called,
        who=words.who,
        texts=words.texts,
        finding=words.finding,
    )
    made.globals.update(sections=SECTIONS, code_files=words.CODE_FILES, most_bytes=MOST_BYTES)
    return made


class Screen:
    """What a template sees as `s`, beside what its page gives it. `endpoint`: the page, or the action that answers."""

    def __init__(self, ctx: Context, visit: Visit, endpoint: Endpoint, refused: Refused | None) -> None:
        self.now = ctx.now
        self.instant = clock.to_text(ctx.now)
        self.home = visit.home
        self.of_staff = visit.home == STAFF_HOME
        self.me: Actor | None = ctx.login
        self.practice: Practice | None = ctx.practice
        self.account = acting.account(ctx, endpoint.path)
        self.request_id = ctx.request_id
        self.entries = navigation.entries(self.me) if self.me else []
        self.path = endpoint.path
        # The session's last use is noted once in so long: it may end that much earlier.
        self.idle_seconds = int((IDLE - TOUCH).total_seconds())
        # A script takes a part of the page, and what is said once would be lost with the rest.
        self.said = "" if visit.by_script else visit.said
        self.images: set[str] = set()
        self.posts: set[str] = set()
        self._visit = visit
        self._endpoint = endpoint
        self._home = ctx.home
        self._refused = refused

    @property
    def problem(self) -> Problem | None:
        """Why the form that was sent was refused."""
        return self._refused.problem if self._refused else None

    def refused(self, *names: str) -> Refused | None:
        """That form, if it is one of these actions'."""
        return self._refused if self._refused and self._refused.form in names else None

    @property
    def title(self) -> str:
        """Whose console it is."""
        return self._home.name if self._home else "Staff"

    @property
    def switches(self) -> bool:
        """Whether one can choose an account to act on."""
        return bool(self.entries) and not self.of_staff

    @property
    def my_name(self) -> str:
        """With which one signs in."""
        return self.me.name.removeprefix(STAFF) if self.me else ""

    @property
    def tomorrow(self) -> str:
        """The practice's next day."""
        return (self._local(self.instant).date() + timedelta(days=1)).isoformat()

    # --- Places -------------------------------------------------------------------------------------------------

    def url(self, path: str, **query: object) -> str:
        """A place in the console, for a link; parts of its query that are empty are left out."""
        given = {name: value for name, value in query.items() if value}
        return f"{self._visit.base}{path}{f'?{urlencode(given)}' if given else ''}"

    def to(self, name: str, /, **named: object) -> str:
        """Where the page or action of this handler is found: with what is named in its path, or else with what this
        page's own path has there. What is named and is no part of its path is its query."""
        found = declared.called(self._endpoint.room, name)
        query = {each: value for each, value in named.items() if each not in found.holes}
        return self.url(found.address({**self._visit.parameters, **named}), **query)

    @property
    def address(self) -> str:
        """Where this page is found."""
        return self._endpoint.address(self._visit.parameters)

    def asset(self, name: str) -> str:
        """A stylesheet, script or picture of the console's own."""
        return self.url(f"/console/assets/{assets.hashed(name)}")

    def here(self, path: str) -> bool:
        """Whether the page is this one, or one below it."""
        return self.path == path or self.path.startswith(f"{path}/")

    def image(self, link: str) -> str:
        """A picture from elsewhere; the page's policy allows its origin."""
        self.images.add(_origin(link))
        return link

    def post(self, link: str) -> str:
        """Where a form of this page posts elsewhere; the page's policy allows its origin."""
        self.posts.add(_origin(link))
        return link

    def form(self, name: str, values: Any = None, /, next_: str = "", **named: object) -> Form:
        """The form of the action `name`, or of the page that it asks for, which begins with `values`, a Struct, and
        leads on to `next_`. `named`: as in `to`."""
        return Form(name, self.to(name, **named), self._visit.form_token, values, next_, self._refused)

    # --- Times, in the practice's zone --------------------------------------------------------------------------

    def when(self, instant: str) -> Markup:
        """An instant: day, time and zone."""
        local = self._local(instant)
        return _time(instant, words.moment(local))

    def deadline(self, instant: str) -> Markup:
        """The end of a day in the billing time zone: where that is no day's end here, its city is named."""
        zone = config.get("BILLING_TIME_ZONE")
        there = local_days.local(instant, zone).replace(tzinfo=None)
        if self._local(instant).replace(tzinfo=None) == there:
            return self.when(instant)
        city = zone.rpartition("/")[2].replace("_", " ")
        return self.when(instant) + Markup(" (end of the day in {})").format(city)

    def billing_day(self, instant: str) -> Markup:
        """The day of an instant in the billing time zone."""
        return self.day(local_days.day_of(clock.from_text(instant), config.get("BILLING_TIME_ZONE")).isoformat())

    def day(self, text: str) -> Markup:
        """A day, given by itself or as an instant."""
        local = self._local(text) if "T" in text else datetime.fromisoformat(text)
        return _time(text, f"{local:%b} {local.day}, {local.year}")

    def left(self, until: str) -> Markup:
        """How long it is until an instant; a script counts it down."""
        seconds = max(0, int((clock.from_text(until) - self.now).total_seconds()))
        days, hours, minutes = seconds // 86_400, seconds // 3600 % 24, seconds // 60 % 60
        parts = [(days, "day"), (hours, "hour"), (minutes, "minute")]
        shown = [plural(number, word) for number, word in parts if number][:2] or ["less than a minute"]
        return Markup('<time data-until="{}" datetime="{}">{}</time>').format(until, until, " ".join(shown))

    def _local(self, instant: str) -> datetime:
        return local_days.local(instant, self.practice.time_zone if self.practice else "UTC")


def render(template: str, screen: Screen, shown: Mapping[str, Any]) -> str:
    """The page."""
    return environment().get_template(template).render(shown, s=screen)


def _time(instant: str, text: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(instant, text)


def _origin(link: str) -> str:
    parts = urlsplit(link)
    return f"{parts.scheme}://{parts.netloc}"
