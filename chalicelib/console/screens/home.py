"""Where the console begins."""

from chalicelib.auth import ENROLLING, PUBLIC
from chalicelib.console.declared import Done
from chalicelib.console.navigation import home
from chalicelib.console.pages import page
from chalicelib.store import Context


@page("/", permit=PUBLIC)
def root(ctx: Context) -> Done:
    """Whoever opens the bare address wants the console."""
    return Done("/console")


@page("/console", permit=ENROLLING)
def begin(ctx: Context) -> Done:
    """The first screen that this username has."""
    return Done(home(ctx.actor))
