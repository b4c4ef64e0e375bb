"""A browser's side of a request: its cookies, where its request comes from, under which path it sees the console."""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

from chalicelib.errors import Forbidden

SESSION: Final = "__Host-session"
STAFF_SESSION: Final = "__Host-staff"
HOME: Final = "/console"
STAFF_HOME: Final = "/console/staff"
VISITOR: Final = "__Host-visitor"
SAID: Final = "__Host-said"
_SAID_SECONDS: Final = 60
_SAID_MOST: Final = 300
_OURS = re.compile(r"/console(/(?!/)[\w.@%-]*)*(\?[\w.@%=&+-]*)?")


class FormRefused(Forbidden):
    """The form is not one that this browser was given."""

    code, title = "form_refused", "This form was not accepted"


class Visit:
    """One request of a browser, and the cookies that its answer sets.

    `parameters`: those of its path. `base`: what stands before `/console` in the path, such as a stage. `secret`: what
    the tokens of its forms are derived from: the session, or before there is one a cookie of its own. `home`: where its
    console begins. `shown`: the page on which a script asks for a part.
    """

    def __init__(self, request: Any, parameters: dict[str, str], *, signed_in: bool) -> None:
        self.parameters = parameters
        self.headers: Mapping[str, str] = request.headers
        self.query: dict[str, str] = dict(request.query_params or {})
        path = str(request.context.get("path") or "")
        self.base = path.partition("/console")[0].rstrip("/")
        self.path = path[len(self.base) :]
        self.by_script = self.headers.get("hx-request") == "true"
        shown = re.sub(r"^https?://[^/]*|#.*", "", self.headers.get("hx-current-url", ""))
        self.shown = shown.removeprefix(self.base)
        self.set_cookies: list[str] = []
        self._cookies = _cookies(self.headers.get("cookie", ""))
        # A session of staff opens the pages of staff alone, and they take no other.
        staffs = is_staffs(self.path)
        self.home = STAFF_HOME if staffs else HOME
        self._session_cookie = STAFF_SESSION if staffs else SESSION
        self.session = self._cookies.get(self._session_cookie, "")
        self.secret = self.session if signed_in else self._visitor()

    def _visitor(self) -> str:
        known = self._cookies.get(VISITOR, "")
        if known:
            return known
        made = secrets.token_urlsafe(32)
        self._set(VISITOR, made)
        return made

    # --- Forms --------------------------------------------------------------------------------------------------

    @property
    def form_token(self) -> str:
        """What a form has to bring back."""
        return hmac.new(self.secret.encode(), b"console form", hashlib.sha256).hexdigest()

    def check_origin(self) -> None:
        """Raises FormRefused for a post from another site (Sec-Fetch-Site; Origin, where the browser is older)."""
        site, origin = self.headers.get("sec-fetch-site"), self.headers.get("origin")
        if site not in (None, "same-origin"):
            raise FormRefused("It came from another site.")
        if origin is not None and origin.partition("://")[2] != self.headers.get("host"):
            raise FormRefused("It came from another site.")

    def check_form(self, token: str) -> None:
        """Raises FormRefused unless the form was given to this very session."""
        if not hmac.compare_digest(token.encode(), self.form_token.encode()):
            raise FormRefused("You have signed in anew since this form was opened. Look at it again, then send it.")

    # --- Cookies ------------------------------------------------------------------------------------------------

    @property
    def said(self) -> str:
        """What the answer before wants to be told on this page, once."""
        text = self._cookies.get(SAID, "")
        if not text:
            return ""
        self._set(SAID, "", 0)
        try:
            return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)).decode()
        except ValueError:
            return ""

    def say(self, text: str) -> None:
        """Have the next page tell this."""
        if text:
            self._set(SAID, urlsafe_b64encode(text[:_SAID_MOST].encode()).decode().rstrip("="), _SAID_SECONDS)

    def begin_session(self, token: str) -> None:
        """Keep a session's token; an empty one ends it."""
        self._set(self._session_cookie, token, None if token else 0)

    def _set(self, name: str, value: str, seconds: int | None = None) -> None:
        lasts = "" if seconds is None else f"; Max-Age={seconds}"
        self.set_cookies.append(f"{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{lasts}")


def _cookies(header: str) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return {name: value for name, _, value in pairs}


def is_staffs(path: str) -> bool:
    """Whether it is a place in the console of staff."""
    return path == STAFF_HOME or path.startswith(f"{STAFF_HOME}/")


def is_ours(path: str) -> bool:
    """Whether it is a place in the console, and so one to be sent to."""
    return len(path) <= 500 and ".." not in path and bool(_OURS.fullmatch(path))


def sign_in_path(visit: Visit, page: str, *, ended: bool) -> str:
    """Where one signs in and then goes back to the page; for a script, to the one that it works for.

    That a session has `ended` stands in the address: several requests of a page, or of its tabs, may lead here at once,
    and what a cookie says is told to one of them, perhaps to one that the browser has given up.
    """
    wanted = visit.shown or f"{page}{_query(visit.query)}"
    asked = ({"next": wanted} if is_ours(wanted) else {}) | ({"ended": "true"} if ended else {})
    return f"{visit.home}/sign-in{_query(asked)}"


def _query(fields: Mapping[str, str]) -> str:
    return f"?{urlencode(fields, quote_via=quote)}" if fields else ""
