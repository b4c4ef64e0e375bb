"""Who reaches which account."""

from playwright.sync_api import expect

from tests.browser.pages.screen import Screen
from tests.e2e.running import PASSWORD


class Access(Screen):
    """The accounts that one reaches."""

    path = "/console/access"


class Accounts(Screen):
    """Those that the drop-down leads to."""

    path = "/console/accounts"


class Account(Screen):
    """Who reaches one account."""

    path = "/console/access/{provider_id}"

    def grants(self, username: str, *privileges: str) -> None:
        """Require these privileges, in the order of the sections: Full, View or –."""
        expect(self.row(username).locator("td")).to_have_text([*privileges, "Change Remove"])

    def change(self, username: str, **privileges: str) -> None:
        self.follow(f"Change the privileges of {username}")
        with self.dialog() as dialog:
            for section, privilege in privileges.items():
                dialog.get_by_label(section.capitalize()).select_option(privilege)
        self.confirm("Save", f"Privileges of {username}")

    def remove(self, username: str) -> None:
        self.follow(f"Remove {username}")
        self.confirm("Remove access", "access to this account right away")


class NewUsername(Screen):
    """Allowing access to an account."""

    path = "/console/access/{provider_id}/new-username"

    def allow(self, username: str, **others: str) -> None:
        self.type(username=username, email=f"{username}@oak.example", password=PASSWORD, **others)
        self.press("Allow access")


class Privileges(Screen):
    """What a username may do in an account."""

    path = "/console/access/{provider_id}/usernames/{username}"


class RemoveUsername(Screen):
    """Taking an access away."""

    path = "/console/access/{provider_id}/usernames/{username}/remove"


class FindAccounts(Screen):
    """Finding the accounts of another login."""

    path = "/console/access-find"

    def find(self, username: str, password: str = PASSWORD, totp: str = "") -> None:
        self.type(username=username, password=password, totp=totp)
        self.press("Find accounts")


class Found(Screen):
    """Those that were found."""

    def join(self, *accounts: str) -> None:
        for account in accounts:
            self.main.get_by_label(account).check()
        self.press("Join these accounts")


class AccountInvitations(Screen):
    """Who is invited to an account."""

    path = "/console/access/{provider_id}/invitations"

    def invite(self, username: str, **others: str) -> None:
        self.type(username=username, **others)
        self.press("Invite")


class Invitations(Screen):
    """The invitations that wait for oneself."""

    path = "/console/invitations"

    def answer(self, account: str, button: str) -> None:
        self.row(account).get_by_role("button", name=button, exact=True).click()
