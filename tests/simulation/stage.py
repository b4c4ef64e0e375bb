"""What the simulated practices look like when an operation begins, seconds before an order's deadline."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pyotp

from chalicelib import clock
from chalicelib.events import EventRow
from chalicelib.identity import sessions, totp
from chalicelib.identity.model import Privileges
from chalicelib.mail import AddressRow
from chalicelib.model import VENDOR
from chalicelib.support import rules
from tests.api import Api
from tests.cast import PASSWORD, Cast, enrolled, give_access, make_site_admin, new_session, practice_with_people
from tests.conftest import NOON
from tests.licensing.claims import claim_license
from tests.licensing.orders import placed
from tests.providers.steps import seeded
from tests.simulation import laboratory, scenery
from tests.simulation.laboratory import Laboratory, Rows
from tests.simulation.script import HOLDER, LAST_DAY, LENT, LINK_EVENT, LOST, NOW, PEOPLE
from tests.staff.people import staff_person


@dataclass(frozen=True)
class Stage:
    """The practices, and what their people have in hand; `tokens` by username."""

    api: Api
    lab: Laboratory
    cast: Cast
    practices: dict[str, str]
    tokens: dict[str, str]
    codes: dict[str, str]
    idle_token: str
    order_id: str
    provider_id: str
    scheduled_id: str
    ended_id: str
    gone_id: str
    past_id: str
    uploads: dict[str, str]
    tickets: dict[str, int]
    copy_id: str
    owner_link: str
    recovery_link: str
    password_link: str
    find_token: str
    staff_link: str
    invitations: dict[str, str]
    before: Rows
    reset: Callable[[], None]


@contextmanager
def opened() -> Iterator[Stage]:
    """The stage in a laboratory of its own."""
    with laboratory.opened() as lab, clock.frozen(NOW):
        yield _set_up(lab)


def _set_up(lab: Laboratory) -> Stage:
    api = Api()
    past, past_id = scenery.past(api)
    with clock.frozen(NOON):
        cast = practice_with_people(api)
        ours, theirs = cast.site_admin.practice_id, cast.outsider.practice_id
        (signed_up,) = EventRow.query(ours, EventRow.sk.startswith("evt_"))
        for name in ("tim", "tom", "abe", "ina", "lou"):
            body = {"username": name, "email": f"{name}@clinic.example", "password": PASSWORD}
            assert api.post("/users", body, cast.site_admin.token).status_code == 201
        # Four licenses were bought and are held, one by no account; of two accounts that ended, licenses are free.
        with clock.frozen(NOON - timedelta(days=7)):
            placed(api, cast, physician=0, midlevel=4)
        api.tick("charge_due_orders")
        claim_license(cast, HOLDER, "midlevel")
        provider = scenery.account(api, cast, "NP")
        give_access("max", ours, provider, Privileges(profile="full", patients="full"))
        give_access("cleo", ours, provider, Privileges(profile="view"))
        scheduled = scenery.account(api, cast, "PA")
        give_access("max", ours, scheduled, Privileges(codes="view"))
        seeded(cast, scheduled, 2, first=9)
        last_day = LAST_DAY.date().isoformat()
        scenery.deactivated(api, cast.site_admin.token, scheduled, date=last_day, reassign_to=provider)
        gone = scenery.account(api, cast, "NP")
        seeded(cast, gone, 3, first=6)
        order = placed(api, cast, physician=1, midlevel=0)
        wanted, granted = (api.post("/license-decreases", {"physician": 1}, cast.site_admin.token) for _ in range(2))
        ended = scenery.account(api, cast, "DO")
        seeded(cast, cast.provider_id, 3)
        seeded(cast, ended, 3, first=3)
        api.tick("relay_events")
    seeds = {"ada": cast.site_admin.seed, "tom": enrolled("tom", ours).seed, "tim": totp.new_seed()}
    make_site_admin("abe", ours)
    enrolled("abe", ours)
    scenery.deactivate_user(api, new_session("ada", ours), "ina")
    scenery.leave_unused()
    AddressRow.key(LOST).row(reason="bounce", at=clock.to_text(NOON), practice_id=ours).save()
    scenery.send_to_owner(theirs)
    with clock.frozen(NOW - timedelta(hours=1)):
        scenery.deactivated(api, new_session("ada", ours), ended)
        scenery.deactivated(api, new_session("ada", ours), gone, reassign_to=provider)
        scenery.lease_moves(ours)
        api.tick("relay_events")
    practices = {"ours": ours, "theirs": theirs, "past": past}
    tokens = {name: new_session(name, practices[side]) for name, side in PEOPLE.items()}
    vendors = {"sam": staff_person("sam"), "sid": staff_person("sid"), "kim": staff_person("kim", "accounting")}
    vendors["tia"] = replace(staff_person("tia", enrolled=False), seed=totp.new_seed())
    for person in vendors.values():
        tokens[person.username], seeds[person.username] = person.token, person.seed
    for name, practice_id in (("tim", ours), ("staff:tia", VENDOR)):
        scenery.begin_two_factor(name, practice_id, tokens[name], seeds[name])
    for name in ("ada", "staff:sam"):
        scenery.print_recovery_code(name)
    for name in ("pat", "staff:kim"):
        scenery.mail_link(name)
    scenery.find_login(tokens["eve"])
    with clock.frozen(NOW - timedelta(minutes=1)):
        idle_token = new_session("pat", ours)
    copy_id = scenery.coded(api, cast, tokens, provider)
    uploads = scenery.pictured(api, tokens["ada"], cast.provider_id, provider)
    imports = f"/providers/{provider}/code-imports"
    uploads["codes"] = api.post(imports, token=tokens["ada"]).json_body["id"]
    scenery.begin_an_import(api, lab, ours, provider)
    scenery.give_up(lab, ours, uploads["lost"])
    tickets = {"fewer": wanted.json_body["ticket_number"], **scenery.ticketed(api, ours, tokens["ada"], uploads)}
    tickets |= {name: scenery.owner_asks_for_tim(api, ours) for name in ("owners", "approved once")}
    once = f"/staff/tickets/{rules.ticket_id(ours, tickets['approved once'])}/approve"
    assert api.post(once, {}, tokens["staff:sid"]).status_code == 200
    give_access("sue", ours, provider, Privileges(patients="view"), clock.to_text(NOW + LENT))
    new_session("sue", ours)
    invitations = scenery.invited(api, tokens, provider)
    scenery.begin_a_move(api, cast, ended, provider)
    with clock.frozen(NOON):  # the last write of all: a late index does not show it yet
        place = f"/staff/tickets/{rules.ticket_id(ours, granted.json_body['ticket_number'])}/approve"
        assert api.post(place, {}, tokens["staff:sam"]).status_code == 200
    reset = lab.saved()
    reset()
    return Stage(
        api=api,
        lab=lab,
        cast=cast,
        practices=practices,
        tokens=tokens,
        codes={name: pyotp.TOTP(seed).at(NOW) for name, seed in seeds.items()},
        idle_token=idle_token,
        order_id=order["id"],
        provider_id=provider,
        scheduled_id=scheduled,
        ended_id=ended,
        gone_id=gone,
        past_id=past_id,
        uploads=uploads,
        tickets=tickets,
        copy_id=copy_id,
        owner_link=sessions.link_token(ours, signed_up.sk),
        recovery_link=sessions.link_token(theirs, LINK_EVENT),
        password_link=sessions.link_token("pat", LINK_EVENT),
        invitations=invitations,
        find_token=sessions.link_token("cleo", LINK_EVENT),
        staff_link=sessions.link_token("staff:kim", LINK_EVENT),
        before=lab.rows(),
        reset=reset,
    )
