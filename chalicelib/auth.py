"""Who may: the permits that every route names one of."""

from typing import NamedTuple

from chalicelib.errors import Forbidden
from chalicelib.model import Actor, Privilege, Role, Section, StaffRole


class Permit(NamedTuple):
    """`signed_in` False is said out loud with PUBLIC; `enrolling` also lets in who must first enrol TOTP.

    With `section` it asks for `privilege` there on the provider account that the path names (`identity.reach`); with
    the privilege `none` for any grant to it, and the use case asks on. `account` is the path's parameter with its id,
    or with an id that names it (`ids.of_account`). With `source` the fields `account` and `source` of the body, or of
    a page's query, name two accounts: it asks for `privilege` on the one, for which the request then acts, and for view
    on the other.

    With `staff` it is for the vendor's people of these roles: their sessions open no other routes, and no others these.
    """

    name: str
    signed_in: bool = True
    enrolling: bool = False
    role: Role | None = None
    section: Section | None = None
    privilege: Privilege = "full"
    staff: tuple[StaffRole, ...] = ()
    account: str = "provider_id"
    source: str = ""

    def check(self, actor: Actor) -> None:
        """Raises Forbidden unless the actor may, as far as its username tells."""
        if actor.enrollment_required and not self.enrolling:
            where = "/staff/totp" if self.staff else "/me/totp"
            raise Forbidden(f"Set up two-factor sign-in first: POST {where}.", code="enrollment_required")
        if self.role is not None and self.role not in actor.roles:
            raise Forbidden(f"Only a {self.role.replace('_', ' ')} of your practice may do this.", code="role_required")
        if self.staff and actor.roles.isdisjoint(self.staff):
            raise Forbidden(f"Only staff of {' or '.join(self.staff)} may do this.", code="role_required")


def section(section: Section, privilege: Privilege, account: str = "provider_id") -> Permit:
    """For routes with `{provider_id}`: the site admins of the account's practice may, and whoever has a grant to the
    account, while it is active, with at least this privilege in the section."""
    name = f"site admin, or a grant to the account with {section}: {privilege}"
    return Permit(name, section=section, privilege=privilege, account=account)


def copying(section: Section) -> Permit:
    """For what takes from the account `from` and gives to the account `to`, both named in the body: who may see the
    section of the one and change that of the other, each as `section` says."""
    name = f"site admin, or grants to both accounts: `from` with {section}: view, `to` with {section}: full"
    return Permit(name, section=section, account="to", source="from")


def staff(*roles: StaffRole, enrolling: bool = False) -> Permit:
    """For routes of the vendor's own people who have one of the roles."""
    before = ", also before two-factor is set up" if enrolling else ""
    return Permit(f"staff of {' or '.join(roles)}{before}", enrolling=enrolling, staff=roles)


PUBLIC = Permit("public", signed_in=False)
ENROLLING = Permit("signed in, also before two-factor is set up", enrolling=True)
SIGNED_IN = Permit("signed in")
SITE_ADMIN = Permit("site admin", role="site_admin")
ANY_STAFF = staff("support", "accounting")
ENROLLING_STAFF = staff("support", "accounting", enrolling=True)
