"""The demo logins, of the practice and of the vendor's people: names, password, and two-factor codes."""

import os
import sys
import time
from pathlib import Path

import msgspec
import pyotp

from chalicelib.model import StaffRole

ADMIN, USER, MASTER = "demo.admin", "demo.user", "demo.master"
STAFF: dict[str, StaffRole] = {"demo.support": "support", "demo.accounting": "accounting"}
PRACTICE = "Elm Street Clinic"
PASSWORD = "quiet canoe on a blue lake"  # noqa: S105 (everybody may know it)
_STEP_SECONDS = 30


class NoLogins(RuntimeError):
    """They aren't known. The message says why, for a person to read."""


class Authenticator(msgspec.Struct):
    """One login's two-factor. `last_step`: the step of the last code given out; a code is good for one sign-in."""

    totp_secret: str
    last_step: int = 0

    def next_code(self, lasting: int) -> str:
        """A code that was not given out before. Waits for the next step, up to 30 s, when it must."""
        # The system takes the codes of the present step and the one before, each once, in their order.
        step = max(self.last_step + 1, int(time.time() + lasting) // _STEP_SECONDS - 1)
        if (wait := step * _STEP_SECONDS - time.time()) > 0:
            print(f"A code is good once; the next one comes in {wait:.0f} s.", file=sys.stderr)
            time.sleep(wait)
        self.last_step = step
        return str(pyotp.TOTP(self.totp_secret).generate_otp(step))


class Logins(msgspec.Struct):
    """What `demo.json` keeps: nobody can read a TOTP secret from the system again. `staff`: by name."""

    admin: Authenticator
    staff: dict[str, Authenticator] = {}

    @staticmethod
    def path(home: Path) -> Path:
        """Where it is kept."""
        return home / "demo.json"

    @staticmethod
    def load(home: Path) -> "Logins":
        """The logins of the demo practice in `home`. Raises NoLogins when there is none."""
        try:
            return msgspec.json.decode(Logins.path(home).read_bytes(), type=Logins)
        except FileNotFoundError:
            raise NoLogins("There is no demo practice yet: start the system with `make run` first.") from None
        except msgspec.DecodeError as error:
            raise NoLogins(f"{Logins.path(home)} can't be read ({error}).") from None

    def save(self, home: Path) -> None:
        """Keep it, whole or not at all."""
        unfinished = Logins.path(home).with_suffix(".unfinished")
        unfinished.write_bytes(msgspec.json.encode(self))
        unfinished.chmod(0o600)
        os.replace(unfinished, Logins.path(home))

    def next_code(self, home: Path, lasting: int = 20, name: str = ADMIN) -> str:
        """A TOTP code of the site admin, or of one of staff, that was not given out before and is good for `lasting`
        seconds or more. Raises NoLogins for any other name."""
        known = {ADMIN: self.admin, **self.staff}
        if name not in known:
            raise NoLogins(f"There are codes of {', '.join(known)}.")
        code = known[name].next_code(lasting)
        self.save(home)
        return code
