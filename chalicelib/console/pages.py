"""One declaration per page and per action: path, who may, which rows; the rest is done here.

A page is a GET and shows what its use cases answer. An action is the POST of a form on a page: it carries out a use
case and goes on to another page, or shows its own page again with what was typed and why it was refused.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from chalice.app import Blueprint, Response

from chalicelib import errors
from chalicelib.answers import Csv, Elsewhere, document_response
from chalicelib.auth import Permit
from chalicelib.console import forms, visits
from chalicelib.console.acting import with_account
from chalicelib.console.answering import html_response, redirect
from chalicelib.console.declared import ACTIONS, PAGES, Action, Done, Page, is_page, keep
from chalicelib.console.forms import Hidden, Refused
from chalicelib.console.visits import Visit
from chalicelib.repeats import Kept, check_key, once
from chalicelib.serving import (
    ONE_KIND,
    Asked,
    Endpoint,
    Prefetch,
    Variants,
    annotation,
    as_asked,
    attempted,
    authenticate,
    check_size,
    declare,
    serve,
)
from chalicelib.store import Context
from chalicelib.validation import convert

bp, staff_bp = Blueprint(__name__), Blueprint(f"{__name__}_of_staff")
"""What the function `console` serves; and the staff console, which `staff_api` serves, with its own permissions."""
Handler = TypeVar("Handler", bound=Callable[..., Any])


def page(
    path: str,
    *,
    permit: Permit,
    template: str = "",
    prefetch: Prefetch | None = None,
    on: Page | None = None,
    filters: bool = False,
) -> Callable[[Callable[..., Any]], Page]:
    """Declare a page. Its handler takes the Context, the path's parameters by name, and `query` where it has one; it
    gives what the template sees, or a `Csv`, or a `Done` that leads elsewhere. Forms and links go by its name, which is
    no other's of its room.

    `on`: the page whose form asks for this one; `filters`: this one's own form does. Either shows that form again, by
    the name of this handler, when what was asked for is refused.
    """

    def declaring(handler: Callable[..., Any]) -> Page:
        declared = Page(
            room=_room(path),
            method="GET",
            path=path,
            permit=permit,
            handler=handler,
            prefetch=with_account(path, prefetch),
            template=template,
            query=annotation(handler, "query"),
            on=on,
            filters=filters,
        )
        _declare(declared, lambda ctx, visit, _: _shown(declared, ctx, visit))
        PAGES.append(declared)
        return declared

    return declaring


def action(
    path: str,
    *,
    on: Page,
    permit: Permit,
    then: Callable[..., Done] | None = None,
    before: Callable[..., Any] | None = None,
    template: str = "",
    prefetch: Prefetch | None = None,
    names: Prefetch | None = None,
    versioned: bool = False,
    keeps_receipt: bool = True,
    variants: Variants = ONE_KIND,
) -> Callable[[Handler], Handler]:
    """Declare an action. Its handler takes the Context, the path's parameters by name, and `command` where its form has
    fields; it gives what its use case answers. Its form goes by its name, which is no other's of its room.

    `then(answer, **path_parameters)` says where to go on. `template` instead shows the answer, as `answer`, and the
    path's parameters at once: for one that carries a secret, or changes nothing. `before(ctx, **path_parameters)` reads
    what `then` is to know of how it was, and gets as `before`. `versioned`: its form carries the
    version that was edited. `variants`, `names`: as a route's.
    `keeps_receipt` False: the answer carries a secret and is never stored, so the form can be sent again.
    """

    def declaring(handler: Handler) -> Handler:
        declared = Action(
            room=_room(path),
            method="POST",
            path=path,
            permit=permit,
            handler=handler,
            prefetch=prefetch,
            on=on,
            then=then,
            before=before,
            template=template,
            command=annotation(handler, "command"),
            names=names,
            variants=variants,
            versioned=versioned,
            keeps_receipt=keeps_receipt and not template,
        )
        _declare(declared, lambda *arguments: _acted(declared, *arguments))
        ACTIONS.append(declared)
        return handler

    return declaring


def _room(path: str) -> str:
    return "staff" if visits.is_staffs(path) else "console"


def _declare(declared: Endpoint, answer: Callable[[Context, Visit, Any], Response]) -> None:
    keep(declared)
    blueprint = staff_bp if declared.room == "staff" else bp

    def view(parameters: dict[str, str]) -> Response:
        request = blueprint.current_request
        visit = Visit(request, parameters, signed_in=declared.permit.signed_in)
        return serve(
            declared,
            request,
            lambda ctx: answer(ctx, visit, request),
            lambda ctx, problem: _refusal(declared, ctx, visit, problem),
        )

    declare(blueprint, declared, view, [])


# --- Showing ------------------------------------------------------------------------------------------------------


def _shown(declared: Page, ctx: Context, visit: Visit) -> Response:
    check_size(b"", visit.parameters)
    if declared.permit.signed_in:
        authenticate(declared, ctx, visit.session, Asked(visit.parameters, fields=visit.query))
    try:
        return _page(declared, ctx, visit, visit.query)
    except errors.Problem as problem:
        on = declared if declared.filters else declared.on
        if on is None:
            raise
        typed = {name: [value] for name, value in visit.query.items()}
        bad = {error.field for error in problem.errors}
        good = {name: value for name, value in visit.query.items() if declared.filters and name not in bad}
        return _again(on, ctx, visit, good, Refused(declared.handler.__name__, typed, "", problem))


def _page(
    declared: Page, ctx: Context, visit: Visit, query: Mapping[str, str], refused: Refused | None = None
) -> Response:
    arguments: dict[str, Any] = declared.parameters_of(visit.parameters)
    if declared.query:
        given = {name: value for name, value in query.items() if value}
        arguments["query"] = convert(declared.query, given, strict=False)
    shown = declared.handler(ctx, **arguments)
    if isinstance(shown, Done):
        return redirect(visit, shown.to, shown)
    if isinstance(shown, Csv | Elsewhere):
        return document_response(200, shown)
    status = refused.problem.status if refused else 200
    return html_response(status, declared.template, ctx, visit, shown, declared, refused)


# --- Acting -------------------------------------------------------------------------------------------------------


def _acted(declared: Action, ctx: Context, visit: Visit, request: Any) -> Response:
    check_size(request.raw_body, visit.parameters)
    visit.check_origin()
    hidden, typed = forms.parse(request.raw_body, request.headers.get("content-type", ""))
    key = check_key(hidden.key) if hidden.key and declared.keeps_receipt else None
    command = attempted(lambda: forms.command(declared.command_at(visit.parameters), typed))
    if declared.permit.signed_in:
        fields = {name: values[-1] for name, values in typed.items()}
        authenticate(declared, ctx, visit.session, Asked(visit.parameters, key, fields, command))
    try:
        visit.check_form(hidden.token)
        if isinstance(command, errors.Problem):
            raise command
        return _carried_out(declared, ctx, visit, hidden, command, key)
    except errors.Problem as problem:
        if isinstance(problem, errors.NotSignedIn) and declared.permit.signed_in:
            raise
        refused = Refused(declared.handler.__name__, typed, hidden.next, as_asked(ctx, problem))
        return _again(declared.on, ctx, visit, visit.query, refused)


def _carried_out(
    declared: Action, ctx: Context, visit: Visit, hidden: Hidden, command: Any, key: str | None
) -> Response:
    parameters = visit.parameters
    arguments: dict[str, Any] = dict(parameters) | ({"command": command} if declared.command else {})
    if declared.versioned:
        if not hidden.version:
            raise errors.VersionRequired()
        ctx.if_match = frozenset({hidden.version})

    known = {"before": declared.before(ctx, **parameters)} if declared.before else {}

    def work() -> Any:
        return declared.handler(ctx, **arguments)

    def done(answer: Any) -> Done:
        return declared.then(answer, **parameters, **known) if declared.then else Done(declared.on.path)

    def keep(answer: Any) -> Kept:
        finished = done(answer)
        return Kept(303, finished.said, finished.to)

    if declared.template:
        return html_response(200, declared.template, ctx, visit, {"answer": work(), **parameters}, declared)
    if key:
        kept = once(ctx, declared.name, key, parameters, command, keep, work)
        finished = Done(kept.location, kept.body)
    else:
        finished = done(work())
    return redirect(visit, hidden.next if is_page(hidden.next) else finished.to, finished)


def _again(on: Page, ctx: Context, visit: Visit, query: Mapping[str, str], refused: Refused) -> Response:
    """The form's page as it is now, for those whom that lets in, with the form as it was typed."""
    ctx.rows.clear()
    ctx.receipt = ctx.if_match = None
    if on.permit.signed_in:
        authenticate(on, ctx, visit.session, Asked(on.parameters_of(visit.parameters), fields=query))
    return _page(on, ctx, visit, query, refused)


def _refusal(declared: Endpoint, ctx: Context, visit: Visit, problem: errors.Problem) -> Response:
    """What is shown in place of a page or form that this browser does not get."""
    if isinstance(problem, errors.NotSignedIn) and declared.permit.signed_in:
        page = declared.on.address(visit.parameters) if isinstance(declared, Action) else visit.path
        # A form and a script come from a page that somebody was signed in to.
        ended = bool(visit.session) or visit.by_script or declared.method == "POST"
        to = visits.sign_in_path(visit, page, ended=ended)
        return redirect(visit, to, Done("", session="" if visit.session else None))
    if problem.code == "enrollment_required":
        return redirect(visit, f"{visit.home}/two-factor", Done(""))
    response = html_response(problem.status, "problem.html", ctx, visit, {"problem": problem}, declared)
    if problem.retry_after is not None:
        response.headers["Retry-After"] = str(problem.retry_after)
    return response
