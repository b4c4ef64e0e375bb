"""Who may: the permits that every route names one of."""

from typing import NamedTuple

from chalicelib.errors import Forbidden
from chalicelib.model import Actor, Role


class Permit(NamedTuple):
    """`signed_in` False is said out loud with PUBLIC; `enrolling` also lets in who must first enrol TOTP."""

    name: str
    signed_in: bool = True
    enrolling: bool = False
    role: Role | None = None

    def check(self, actor: Actor) -> None:
        """Raises Forbidden unless the actor may."""
        if actor.enrollment_required and not self.enrolling:
            raise Forbidden("Site admins set up two-factor sign-in first: POST /me/totp.", code="enrollment_required")
        if self.role is not None and self.role not in actor.roles:
            raise Forbidden(f"Only a {self.role.replace('_', ' ')} of your practice may do this.", code="role_required")


PUBLIC = Permit("public", signed_in=False)
ENROLLING = Permit("signed in, also before two-factor is set up", enrolling=True)
SIGNED_IN = Permit("signed in")
SITE_ADMIN = Permit("site admin", role="site_admin")
