"""POST /tickets: who may file, after a search, with whom copied in, for what deed."""

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from chalicelib.dynamo import Key
from chalicelib.errors import FieldError, Forbidden
from chalicelib.identity.usecases import people
from chalicelib.licensing import rules as licensing_rules
from chalicelib.licensing.model import LicenseDecreaseRequest
from chalicelib.licensing.usecases import decreases
from chalicelib.store import Commit, Context
from chalicelib.support import filing_rules, rules
from chalicelib.support.model import Category, FiledTicket, FileTicket, Ticket, TicketRequest, filed
from chalicelib.support.tables import SearchRow, TicketRow
from chalicelib.support.usecases import articles, filing, patient_warning


def named(practice_id: str, command: FileTicket) -> Iterator[Key[Any]]:
    """What is read of what a ticket names."""
    request = command.request
    yield from people.keys(command.cc)
    if request is not None and request.username is not None:
        yield from people.keys([request.username])
    if command.category == "license_decrease":
        yield from decreases.keys(practice_id)
    if command.search_id is not None:
        yield SearchRow.key(practice_id, command.search_id)
    if command.follow_up_of is not None:
        yield TicketRow.key(practice_id, command.follow_up_of)


def files(ctx: Context, category: Category) -> bool:
    """Whether who asks may file a ticket of this category."""
    return filing_rules.required_role(category, ctx.actor) in ctx.actor.roles


def file_ticket(ctx: Context, command: FileTicket) -> FiledTicket:
    """File a ticket.

    Raises MayNotFile naming whom to ask; SearchFirst with articles that may help; Invalid; PatientDataFound; Forbidden
    for what only a site admin asks for; LicensesInUse for a license decrease below the number in use.
    """
    require_right(ctx)
    if not files(ctx, command.category):
        raise Forbidden("Only a site admin of your practice may ask for this.", code="role_required")
    errors = [*filing_rules.request_errors(command.category, command.request), *_count_errors(command)]
    _require_search(ctx, command)
    emails, strangers = copied_in(ctx, command.cc, ctx.actor.name)
    command, unknown = _with_target(ctx, command)
    filing_rules.refuse([*errors, *strangers, *unknown])
    _check_follow_up(ctx, command)
    patient_warning.require_confirmed(command.contains_patient_data, subject=command.subject, body=command.body)

    def file(commit: Commit, number: int) -> FiledTicket:
        return _file(commit, number, command, emails)

    return filing.numbered(ctx, ctx.own_practice.id, file)


def _file(commit: Commit, number: int, command: FileTicket, emails: dict[str, str]) -> FiledTicket:
    asked: dict[str, str] = {}
    if command.category == "license_decrease" and command.request is not None:
        asked["decrease_id"] = decreases.put_request(commit, _counts(command.request), number).id
    people.require_still(commit, filing_rules.required_role(command.category, commit.ctx.actor))
    return commit.write(filed(filing.file(commit, number, command, emails, **asked)))


def _counts(request: TicketRequest) -> LicenseDecreaseRequest:
    return LicenseDecreaseRequest(request.physician or 0, request.midlevel or 0)


def _count_errors(command: FileTicket) -> list[FieldError]:
    if command.category != "license_decrease" or command.request is None:
        return []
    wrong = licensing_rules.count_errors(_counts(command.request))
    return [FieldError(f"request.{each.field}", each.message) for each in wrong]


def require_right(ctx: Context) -> None:
    """Raises MayNotFile, naming the practice's site admins and support users, for those who are neither."""
    if rules.may_file(ctx.actor):
        return
    admins, users = people.with_roles(ctx.own_practice.id)
    raise rules.MayNotFile(
        "Only site admins and support users of your practice file tickets. Ask one of them.",
        site_admins=admins,
        support_users=users,
    )


def _require_search(ctx: Context, command: FileTicket) -> None:
    """The search that came before, or the word that articles don't help."""
    if command.articles_do_not_help:
        return
    search_id = command.search_id
    row = ctx.find(SearchRow.key(ctx.own_practice.id, search_id)) if search_id else None
    if row is None or row.username != ctx.actor.name or row.expires_at < ctx.now.timestamp():
        raise rules.SearchFirst(
            "Name the search of the last 24 hours that did not help, or say that these articles do not.",
            suggested_articles=articles.suggested(command.subject),
        )


def copied_in(ctx: Context, cc: list[str], owner: str | None) -> tuple[dict[str, str], list[FieldError]]:
    """The addresses of those copied in, by username, and what is wrong with the others. The owner is left out."""
    emails: dict[str, str] = {}
    errors: list[FieldError] = []
    for place, typed in enumerate(cc):
        member = people.find(ctx, typed)
        if member is None:
            errors.append(FieldError(f"cc[{place}]", "Your practice has no such active username."))
        elif people.left(ctx, [member.username]):
            errors.append(FieldError(f"cc[{place}]", "This username reaches no account, and could not sign in."))
        elif member.username != owner:
            emails[member.username] = member.email
    return emails, errors


def _with_target(ctx: Context, command: FileTicket) -> tuple[FileTicket, list[FieldError]]:
    """The command with the username that it asks for spelled as it is kept, and what is wrong with it."""
    request = command.request
    if request is None or request.username is None or command.category not in rules.TYPED:
        return command, []
    # A role is taken from whoever has it; for a reactivation nobody is active.
    active = request.action == "add"
    member = people.find(ctx, request.username, active=active)
    if member is None:
        such = "such active username" if active else "such username"
        return command, [FieldError("request.username", f"Your practice has no {such}.")]
    return replace(command, request=replace(request, username=member.username)), []


def _check_follow_up(ctx: Context, command: FileTicket) -> None:
    if command.follow_up_of is None:
        return
    row = ctx.find(TicketRow.key(ctx.own_practice.id, command.follow_up_of))
    before: Ticket | None = row.as_ticket() if row else None
    if before is not None and not rules.sees(before, ctx.actor):
        before = None
    filing_rules.require_closed(command.follow_up_of, before)
