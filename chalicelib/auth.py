"""Who may: the permits that every route names one of."""

from typing import NamedTuple

from chalicelib.errors import Forbidden
from chalicelib.model import Actor, Privilege, Role, Section


class Permit(NamedTuple):
    """`signed_in` False is said out loud with PUBLIC; `enrolling` also lets in who must first enrol TOTP.

    With `section` it asks for `privilege` there on the provider account that the path names (`identity.reach`); with
    the privilege `none` for any grant to it, and the use case asks on.
    """

    name: str
    signed_in: bool = True
    enrolling: bool = False
    role: Role | None = None
    section: Section | None = None
    privilege: Privilege = "full"

    def check(self, actor: Actor) -> None:
        """Raises Forbidden unless the actor may, as far as its username tells."""
        if actor.enrollment_required and not self.enrolling:
            raise Forbidden("Site admins set up two-factor sign-in first: POST /me/totp.", code="enrollment_required")
        if self.role is not None and self.role not in actor.roles:
            raise Forbidden(f"Only a {self.role.replace('_', ' ')} of your practice may do this.", code="role_required")


def section(section: Section, privilege: Privilege) -> Permit:
    """For routes with `{provider_id}`: the site admins of the account's practice may, and whoever has a grant to the
    account, while it is active, with at least this privilege in the section."""
    name = f"site admin, or a grant to the account with {section}: {privilege}"
    return Permit(name, section=section, privilege=privilege)


PUBLIC = Permit("public", signed_in=False)
ENROLLING = Permit("signed in, also before two-factor is set up", enrolling=True)
SIGNED_IN = Permit("signed in")
SITE_ADMIN = Permit("site admin", role="site_admin")
