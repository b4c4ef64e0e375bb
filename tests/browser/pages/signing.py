"""The ways in and out."""

import pyotp
from playwright.sync_api import expect

from tests.browser.pages.screen import Screen
from tests.e2e.running import PASSWORD, calm_step


class SignUp(Screen):
    """Starting a trial."""

    path = "/console/sign-up"

    def start(self, username: str, **others: str) -> None:
        fields = {
            "practice_name": "Birch Lane Clinic",
            "owner_email": f"owner.{username}@birch.example",
            "provider__first_name": "Zoë",
            "provider__last_name": "Smith",
            "provider__credential": "MD",
            "provider__email": f"{username}@birch.example",
            "username": username,
            "password": PASSWORD,
        }
        self.type(**(fields | others))
        self.press("Start the trial")


class SignIn(Screen):
    """Signing in."""

    path = "/console/sign-in"

    def sign_in(self, username: str, totp: str = "", password: str = PASSWORD) -> None:
        self.type(username=username, password=password, totp=totp)
        self.press("Sign in")

    def sign_in_with_recovery_code(self, username: str, code: str) -> None:
        self.main.get_by_text("I can’t use my authenticator app").click()
        self.type(username=username, password=PASSWORD, recovery_code=code)
        self.press("Sign in")


class StaffSignIn(SignIn):
    """The door of the vendor's own people."""

    path = "/console/staff/sign-in"


class TwoFactor(Screen):
    """Setting up two-factor, or replacing it."""

    path = "/console/two-factor"

    def enrol(self) -> str:
        """Set it up as far as the recovery codes; gives the secret."""
        self.press("Show me the code to scan")
        secret = TwoFactorSecret(self.page)
        return secret.confirm_first_code()


class StaffTwoFactor(TwoFactor):
    """The same for staff."""

    path = "/console/staff/two-factor"


class TwoFactorSecret(Screen):
    """The code to scan, shown once."""

    def confirm_first_code(self) -> str:
        """Gives the secret. It takes the code of the step before, so that the present one is left for a sign-in."""
        self.main.get_by_text("I can’t scan it").click()
        secret = self.main.locator(".secret").inner_text().replace(" ", "")
        self.type(code=pyotp.TOTP(secret).generate_otp(calm_step() - 1))
        self.press("Turn two-factor on")
        return secret


class RecoveryCodes(Screen):
    """The recovery codes, shown once."""

    def codes(self) -> list[str]:
        shown = self.main.locator(".codes li")
        expect(shown).to_have_count(10)
        return shown.all_inner_texts()


class ForgottenPassword(Screen):
    """Having a link mailed."""

    path = "/console/forgotten-password"

    def ask(self, username: str) -> None:
        self.type(username=username)
        self.press("Email me a link")


class SetPassword(Screen):
    """Behind the mailed link."""

    path = "/console/set-password/{token}"

    def set(self, password: str) -> None:
        self.type(password=password)
        self.press("Set password")


class StaffSetPassword(SetPassword):
    """The same for staff."""

    path = "/console/staff/set-password/{token}"


class VerifyOwner(Screen):
    """Behind the link that the owner is mailed."""

    path = "/console/verify-owner/{token}"

    def verify(self) -> None:
        self.press("Yes, I own this practice")
        self.says("Your address is verified.")


class Recovery(Screen):
    """The owner's way back."""

    path = "/console/recovery"

    def ask(self, owner_email: str, username: str) -> None:
        self.type(owner_email=owner_email, username=username)
        self.press("Email me a link")


class RecoveryLink(Screen):
    """Behind the link that the owner is mailed then."""

    path = "/console/recovery/{token}"

    def ask(self, action: str, username: str) -> None:
        self.type(action=action, username=username)
        self.press("Send request")


class Me(Screen):
    """One's own login."""

    path = "/console/me"


class Session(Screen):
    """Until when one is signed in."""

    path = "/console/session"


class StaffSession(Session):
    """The same for staff."""

    path = "/console/staff/session"
