"""What people are told about their logins and their practice."""

from chalicelib import config
from chalicelib.events import EventRow
from chalicelib.identity.rules import is_staff
from chalicelib.identity.sessions import link_token
from chalicelib.model import Announcement
from chalicelib.notify import Renderer, Text, lines, typed, when


def _link(page: str, owner: str, event: EventRow) -> str:
    return f"{config.get('PUBLIC_URL')}/{page}/{link_token(owner, event.sk)}"


def practice_signed_up(event: EventRow, to: Announcement) -> Text:
    """To the practice's owner."""
    whose = f"the practice “{typed(to.practice)}”" if to.practice else "a practice"
    return Text(
        "Verify your address as the owner of your practice",
        f"This address was given as that of the owner of {whose} in Practice Admin.\n"
        "If that is right, open the link within 7 days to verify it. If not, ignore this email.\n\n"
        + lines(("Practice number", event.subject), ("Link", _link("console/verify-owner", event.subject, event))),
    )


def password_link(event: EventRow, to: Announcement) -> Text:
    """To whoever forgot a password, or waits for a first one at another address."""
    # Anybody can ask for it: it is known which username, and not of which practice.
    until = f"until {when(event.after['link_until'], to.zone)}" if to.zone else "for 10 minutes"
    return Text(
        "Set your password",
        "Somebody asked for a link to set the password of your Practice Admin username. It works once, "
        f"{until}.\nIf you did not ask for it, ignore this email: nothing changes.\n\n"
        + lines(("Username", event.subject), ("Link", _link("console/set-password", event.subject, event))),
    )


def invited(event: EventRow, to: Announcement) -> Text:
    """To whose username was created without a password."""
    return Text(
        "Set your password",
        f"{event.actor} created a username for you in Practice Admin, where {typed(to.practice)} manages its\n"
        "providers, licenses and users. Set your password with the link; it works once, until\n"
        f"{when(event.after['link_until'], to.zone)}. Then sign in with your username.\n"
        "If you don't know this practice, ignore this email.\n\n"
        + lines(
            ("Username", event.subject),
            ("Practice", typed(to.practice)),
            ("Invited by", event.actor),
            ("Sign in", f"{config.get('PUBLIC_URL')}/console/sign-in"),
            ("Link", _link("console/set-password", event.subject, event)),
        ),
    )


def staff_link(event: EventRow, _: Announcement) -> Text:
    """To one of the vendor's people: a new login, or one that begins anew."""
    return Text(
        "Set your password",
        "Open the link to set a password for your staff login. It works once, until "
        f"{when(event.after['link_until'])}.\n"
        "Then sign in, and set up two-factor with an authenticator app: nothing else is open to you before.\n\n"
        + lines(
            ("Sign in as", event.after["name"]),
            ("Link", _link("console/staff/set-password", event.subject, event)),
        ),
    )


def _whom_to_tell(event: EventRow) -> str:
    return "tell who manages staff logins" if is_staff(event.subject) else "tell your site admin"


def password_changed(event: EventRow, _: Announcement) -> Text:
    """To whose password was changed."""
    return Text(
        "Your password was changed",
        "The password of your username was changed and all its sessions were ended.\n"
        f"If this was not you, reset it at once and {_whom_to_tell(event)}.",
    )


def totp_changed(event: EventRow, _: Announcement) -> Text:
    """To whose two-factor was changed."""
    words = {"totp.enrolled": "set up", "totp.removed": "turned off", "totp.reset": "turned off by a site admin"}[
        event.type
    ]
    return Text(
        f"Two-factor sign-in was {words}",
        f"Two-factor sign-in of your username was {words}.\nIf this was not you, {_whom_to_tell(event)}.",
    )


def recovery_code_used(event: EventRow, _: Announcement) -> Text:
    """To whose recovery code was used."""
    return Text(
        "A recovery code was used",
        f"Your username signed in with a recovery code. {event.after['recovery_codes_left']} are left.\n"
        f"If this was not you, reset your password at once and {_whom_to_tell(event)}.",
    )


def standing_changed(event: EventRow, _: Announcement) -> Text:
    """To whose username it is."""
    subject, words = {
        "username.deactivated": ("deactivated", "was deactivated by a site admin of your practice, and is signed out"),
        "username.reactivated": ("reactivated", "can sign in again"),
        "username.deleted": ("deleted", "was deleted by a site admin of your practice, as it was not used"),
        "username.blocked": ("blocked", "is blocked, as nobody signed in with it for thirty days"),
    }[event.type]
    return Text(f"Your username was {subject}", f"Your username {words}.\nQuestions? Ask your site admins.")


def username_unused(event: EventRow, _: Announcement) -> Text:
    """To whose username it is, and to the site admins. It names nobody: who may, sees it behind the link."""
    when = "in a week" if event.after["days_left"] > 1 else "within a day"
    console = f"{config.get('PUBLIC_URL')}/console"
    return Text(
        "A username is about to be blocked",
        f"Nobody has signed in with a username of your practice for weeks. It will be blocked {when}.\n"
        "If it is yours, sign in. A site admin can keep it active, or deactivate it.\n\n"
        + lines(("Sign in", f"{console}/sign-in"), ("Usernames", f"{console}/users")),
    )


def role_changed(event: EventRow, _: Announcement) -> Text:
    """To whose role it is."""
    return Text(
        "Your roles were changed",
        "Support changed the roles of your username, as your practice asked for. If this is not right, tell your\n"
        "site admins.\n\n"
        + lines(("Roles", ", ".join(event.after["roles"]) or "none"), ("Ticket", event.after["ticket_id"])),
    )


def email_changed(event: EventRow, _: Announcement) -> Text:
    """To the old address, and to the new one."""
    return Text(
        "The address of your username was changed",
        "A site admin of your practice changed the address at which your username is mailed. Its sessions were ended.\n"
        "If this is not right, tell your site admins.",
    )


def owner_email_changed(event: EventRow, _: Announcement) -> Text:
    """To the old address."""
    return Text(
        "The owner's address of your practice was changed",
        "A site admin of the practice asked for it, and Support approved it: this address is not that of the\n"
        "practice's owner any more, and links that were mailed to it do not work.\n"
        "If this is not right, tell Support at once.\n\n"
        + lines(("Practice number", event.subject), ("Ticket", event.after["ticket_id"])),
    )


def recovery_link(event: EventRow, _: Announcement) -> Text:
    """To the practice's owner."""
    return Text(
        "Owner's recovery of your practice",
        "Somebody asked for a way back into your practice, which only you can open: through this link you ask Support\n"
        "to bring one site admin back. It works once, for 24 hours. If you want nothing changed, do nothing.\n\n"
        + lines(("Practice number", event.subject), ("Link", _link("console/recovery", event.subject, event))),
    )


def recovery_filed(event: EventRow, _: Announcement) -> Text:
    """To the owner and the site admins."""
    return Text(
        "The owner of your practice asks for a site admin",
        "Through a link to the owner's address somebody asked to bring a site admin back. Nothing has changed yet:\n"
        "Support checks it first. If this is not right, tell Support.\n\n"
        + lines(("Practice number", event.subject), ("Ticket", event.after["ticket_id"])),
    )


def recovered(event: EventRow, _: Announcement) -> Text:
    """To the owner, to who is back, and to the site admins."""
    return Text(
        "A site admin of your practice is back",
        "As the owner asked, Support has brought a site admin back. The username signs in with its password, or\n"
        "resets it by email, and sets up two-factor anew. If this is not right, tell Support.\n\n"
        + lines(("Ticket", event.after["ticket_id"])),
    )


def billing_note_set(event: EventRow, _: Announcement) -> Text:
    """To Accounting."""
    facts = event.after
    return Text(
        f"Billing note of practice {event.subject} changed",
        "Support changed the special-billing note of a practice. While it has one, nothing is quoted.\n\n"
        + lines(
            ("Practice", f"{facts['practice_name']} ({event.pk})"),
            ("Note", facts["billing_note"] or "none any more"),
            ("By", event.actor),
        ),
    )


RENDERERS: dict[str, Renderer] = {
    "practice.signed_up": practice_signed_up,
    "practice.owner_link_requested": practice_signed_up,
    "practice.owner_email_changed": owner_email_changed,
    "recovery.link_requested": recovery_link,
    "recovery.filed": recovery_filed,
    "recovery.carried_out": recovered,
    "practice.billing_note_set": billing_note_set,
    "password.link_requested": password_link,
    "username.created": invited,
    "password.reset": password_changed,
    "password.changed": password_changed,
    "username.email_changed": email_changed,
    "totp.enrolled": totp_changed,
    "totp.removed": totp_changed,
    "totp.reset": totp_changed,
    "username.deactivated": standing_changed,
    "username.deleted": standing_changed,
    "username.reactivated": standing_changed,
    "username.blocked": standing_changed,
    "username.unused": username_unused,
    "role.added": role_changed,
    "role.removed": role_changed,
    "session.opened": recovery_code_used,
    "staff.added": staff_link,
    "staff.begun_anew": staff_link,
}
