"""The composition root: every Lambda runs this module, and the setting ROOM says which room it loads.

All scheduled handlers stand here: Chalice deploys those of a blueprint without ever importing this file.
"""

import gc

gc.disable()  # Nearly all that is made while a function starts stays: to look for garbage in it costs a twelfth of it.

from collections.abc import Callable
from importlib import import_module
from typing import Any, cast

import msgspec
from chalice.app import Chalice, CloudWatchEvent, Cron, Rate

from chalicelib import answers, clock, config, dynamo, telemetry

ROOMS = ("identity", "licensing", "providers", "linking", "codes", "support", "uploads", "staff")
"""The rooms that have routes."""

FUNCTIONS_OF_ROOMS = {room: f"{room}_api" for room in ROOMS} | {"console": "console"}
"""The Lambda of each room that answers people or programs."""

app = Chalice(app_name="practice-admin")
telemetry.set_up()
answers.install(app)

_room = config.get("ROOM")
for _name in ("system", *FUNCTIONS_OF_ROOMS):
    if _room in ("", _name):
        app.register_blueprint(import_module(f"chalicelib.{_name}.routes").bp)
        if _name == "staff":
            app.register_blueprint(import_module("chalicelib.console.staff_routes").bp)
        # The client is built while the function starts, not at its first request.
        dynamo.connection().client  # noqa: B018 (reading it makes it)


def _serve_room(event: dict[str, Any], context: Any) -> Any:
    return app(event, context)


for _name in FUNCTIONS_OF_ROOMS.values():
    app.lambda_function(name=_name)(_serve_room)


def _milliseconds_left(event: CloudWatchEvent) -> Callable[[], int]:
    context: Any = event.context
    return cast("Callable[[], int]", context.get_remaining_time_in_millis)


@app.schedule(Rate(1, unit=Rate.MINUTES), name="relay_events")
def relay_events(event: CloudWatchEvent) -> dict[str, Any]:
    """Publish what commits left to be told."""
    from chalicelib.relay import relay

    renderers = {}
    for room in ROOMS:
        renderers.update(import_module(f"chalicelib.{room}.messages").RENDERERS)
    return dict(msgspec.to_builtins(relay(renderers, _milliseconds_left(event))))


@app.schedule(Rate(1, unit=Rate.MINUTES), name="continue_reassignments")
def continue_reassignments(event: CloudWatchEvent) -> dict[str, Any]:
    """Take the moves of patients further that nobody is running."""
    from chalicelib.providers.usecases.moving import continue_due

    return dict(msgspec.to_builtins(continue_due(clock.now(), event.event_id, _milliseconds_left(event))))


@app.schedule(Rate(1, unit=Rate.MINUTES), name="continue_code_copies")
def continue_code_copies(event: CloudWatchEvent) -> dict[str, Any]:
    """Take the copies of codes further that nobody is running."""
    from chalicelib.codes.usecases.copying import continue_due

    return dict(msgspec.to_builtins(continue_due(clock.now(), event.event_id, _milliseconds_left(event))))


@app.schedule(Rate(15, unit=Rate.MINUTES), name="charge_due_orders")
def charge_due_orders(event: CloudWatchEvent) -> dict[str, Any]:
    """Charge the license orders whose cancel window is over."""
    from chalicelib.licensing.usecases.orders import charge_due

    return dict(msgspec.to_builtins(charge_due(clock.now(), event.event_id, _milliseconds_left(event))))


@app.schedule(Rate(1, unit=Rate.HOURS), name="apply_decreases")
def apply_decreases(event: CloudWatchEvent) -> dict[str, Any]:
    """Lower the number of licenses where an approved request takes effect."""
    from chalicelib.licensing.usecases.decreases import apply_due

    return dict(msgspec.to_builtins(apply_due(clock.now(), event.event_id, _milliseconds_left(event))))


@app.schedule(Rate(5, unit=Rate.MINUTES), name="deactivate_due")
def deactivate_due(event: CloudWatchEvent) -> dict[str, Any]:
    """End the provider accounts whose scheduled day has begun."""
    from chalicelib.providers.usecases import due_deactivations

    report = due_deactivations.deactivate_due(clock.now(), event.event_id, _milliseconds_left(event))
    return dict(msgspec.to_builtins(report))


@app.schedule(Rate(1, unit=Rate.DAYS), name="end_trials")
def end_trials(event: CloudWatchEvent) -> dict[str, Any]:
    """Warn of the ends of trials, and end those that are over."""
    from chalicelib.providers.usecases import ending_trials

    return dict(msgspec.to_builtins(ending_trials.end_trials(clock.now(), event.event_id, _milliseconds_left(event))))


@app.schedule(Rate(1, unit=Rate.DAYS), name="block_dormant")
def block_dormant(event: CloudWatchEvent) -> dict[str, Any]:
    """Warn of usernames that nobody uses, and block those that nobody has used for long."""
    from chalicelib.identity.usecases import dormancy

    return dict(msgspec.to_builtins(dormancy.block_dormant(clock.now(), event.event_id, _milliseconds_left(event))))


@app.schedule(Rate(5, unit=Rate.MINUTES), name="check_sla")
def check_sla(event: CloudWatchEvent) -> dict[str, Any]:
    """Tell Support of tickets that are late; take who has left out of tickets, and end their sessions."""
    from chalicelib.support.usecases.due_tickets import check_sla

    return dict(msgspec.to_builtins(check_sla(clock.now(), event.event_id, _milliseconds_left(event))))


@app.schedule(Rate(1, unit=Rate.HOURS), name="close_solved_tickets")
def close_solved_tickets(event: CloudWatchEvent) -> dict[str, Any]:
    """Close what was solved for 28 days."""
    from chalicelib.support.usecases.due_tickets import close_solved

    return dict(msgspec.to_builtins(close_solved(clock.now(), event.event_id, _milliseconds_left(event))))


# Every hour of the 1st, as a run may stop ahead of its deadline; the runs after the last one find nothing to do.
@app.schedule(Cron(0, "6-23", 1, "*", "?", "*"), name="reconcile_month")
def reconcile_month(event: CloudWatchEvent) -> dict[str, Any]:
    """Report last month's licenses to Accounting."""
    from chalicelib.licensing.usecases.reconciliation import last_month_end, make_report

    now = clock.now()
    report = make_report(last_month_end(now), now, "reconcile_month", event.event_id, _milliseconds_left(event))
    return dict(msgspec.to_builtins(report))


@app.schedule(Rate(1, unit=Rate.DAYS), name="check_subscriptions")
def check_subscriptions(event: CloudWatchEvent) -> dict[str, Any]:
    """Raise the alarm when nobody hears what Accounting or Support is told."""
    from chalicelib.subscriptions import check

    return dict(msgspec.to_builtins(check()))


@app.schedule(Rate(1, unit=Rate.DAYS), name="sweep_expired")
def sweep_expired(event: CloudWatchEvent) -> dict[str, Any]:
    """Take away what is over: files that are a part of nothing, access that was given for a time, the data of trials
    that ended long ago."""
    from chalicelib.identity.usecases.ending import end_due
    from chalicelib.providers.usecases.removing_trials import remove_due
    from chalicelib.uploads.usecases.discarding import discard_due

    now, run, left = clock.now(), event.event_id, _milliseconds_left(event)
    # What takes longest comes last: it goes on with the next run.
    return dict(msgspec.to_builtins(end_due(now, run, left) + discard_due(now, left) + remove_due(now, run, left)))


@app.lambda_function(name="check_image")
def check_image(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Look into an uploaded file. No route leads here: `uploads_api` invokes it."""
    from chalicelib.uploads.usecases.checking import check

    return dict(msgspec.to_builtins(check(event)))


@app.lambda_function(name="ses_feedback")
def ses_feedback(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Stop mail to addresses that bounce or complain. SNS invokes it with what SES tells."""
    from chalicelib.feedback import handle

    return dict(msgspec.to_builtins(handle(event, clock.now())))


@app.lambda_function(name="staff_command")
def staff_command(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Who has a staff login, and what takes longer than a request; whom IAM lets invoke it may."""
    from chalicelib.staff.commands import run

    return run(event, context.aws_request_id, context.get_remaining_time_in_millis)


gc.freeze()
gc.enable()
