"""The practice, its people, and its audit trail."""

from tests.browser.pages.screen import Screen


class Users(Screen):
    """Everybody who can sign in."""

    path = "/console/users"


class NewUser(Screen):
    """Adding one."""

    path = "/console/new-user"

    def add(self, username: str, password: str = "") -> None:
        self.type(username=username, email=f"{username}@oak.example", password=password)
        self.press("Add user")


class User(Screen):
    """One of them."""

    path = "/console/users/{username}"


class DeactivateUser(Screen):
    """Ending a login."""

    path = "/console/users/{username}/deactivate"


class ResetTwoFactor(Screen):
    """Resetting somebody's two-factor."""

    path = "/console/users/{username}/reset-two-factor"


class UserEmail(Screen):
    """Another address."""

    path = "/console/users/{username}/email"


class DeleteUser(Screen):
    """Deleting an unused username."""

    path = "/console/users/{username}/delete"


class Practice(Screen):
    """Name, time zone, owner."""

    path = "/console/practice"


class Audit(Screen):
    """The audit trail."""

    path = "/console/audit"

    def ask(self, **fields: str) -> None:
        self.type(**fields)
        self.press("Show")
