"""A browser without scripts: keeps cookies, follows redirects, fills in and sends the forms that a page shows.

Each request runs as the function that serves it, with its policy enforced: `console`, or for staff `staff_api`.
"""

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from chalice.test import HTTPResponse

from chalicelib.console.visits import is_staffs
from tests.api import Api, running_as

ORIGIN = "https://console.example"
_VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Element:
    """An element of a page."""

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[Element | str] = []

    @property
    def text(self) -> str:
        """All text in it, with single blanks."""
        parts = (each if isinstance(each, str) else each.text for each in self.children)
        return " ".join(" ".join(parts).split())

    def all(self, tag: str, **attributes: str) -> list["Element"]:
        """The elements of this tag in it whose attributes are these."""
        found: list[Element] = []
        for each in self.children:
            if isinstance(each, Element):
                if each.tag == tag and attributes.items() <= each.attributes.items():
                    found.append(each)
                found.extend(each.all(tag, **attributes))
        return found

    @property
    def ids(self) -> set[str]:
        """The ids in it, which links lead to."""
        inner = (each for each in self.children if isinstance(each, Element))
        return {self.attributes.get("id", ""), *(name for each in inner for name in each.ids)}

    def check_inert(self) -> None:
        """Require that nothing in it runs: no script but from a file, no handler, no link that is one."""
        for each in self.children:
            if not isinstance(each, Element):
                continue
            assert each.tag not in ("style", "iframe", "object", "embed", "base"), each.tag
            assert each.tag != "script" or each.attributes.get("src", "").startswith("/"), each.text
            for name, value in each.attributes.items():
                assert not name.startswith("on"), name
                assert name != "style"
                assert name not in ("href", "src", "action") or value.startswith(("/", "#", "data:", "https://")), value
            each.check_inert()


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self._open[-1].tag in (tag, "li", "p", "option", "dd", "dt"), f"</{tag}> in <{self._open[-1].tag}>"
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def parsed(html: str) -> Element:
    """The page's elements; fails where they are not nested properly."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return parser.root


def fields_of(form: Element) -> list[tuple[str, str]]:
    """What a browser would send of a form as it stands."""
    sent: list[tuple[str, str]] = []
    for field in form.all("input"):
        a = field.attributes
        if "name" in a and (a.get("type") not in ("checkbox", "radio") or "checked" in a):
            sent.append((a["name"], a.get("value", "on" if a.get("type") in ("checkbox", "radio") else "")))
    for select in form.all("select"):
        options = select.all("option")
        chosen = [option for option in options if "selected" in option.attributes] or options[:1]
        sent += [(select.attributes["name"], option.attributes.get("value", option.text)) for option in chosen]
    for area in form.all("textarea"):
        sent.append((area.attributes["name"], "".join(str(each) for each in area.children)))
    return sent


class Shown:
    """A page that was answered."""

    def __init__(self, path: str, answer: HTTPResponse) -> None:
        self.path = path
        self.status = answer.status_code
        self.headers = answer.headers
        self.html = answer.body.decode()
        self.root = parsed(self.html)

    @property
    def text(self) -> str:
        """What the page says to everybody who reads it."""
        return self.root.all("main")[0].text

    @property
    def heading(self) -> str:
        """Its first heading."""
        return self.root.all("h1")[0].text

    def form(self, button: str) -> Element:
        """The form with this button."""
        return next(form for form in self.root.all("form") if any(each.text == button for each in form.all("button")))

    def fields(self, button: str) -> list[tuple[str, str]]:
        """What a browser would send of that form as it stands."""
        return fields_of(self.form(button))

    def error(self, field: str) -> str:
        """What stands below a field."""
        name = next(
            each.attributes["id"]
            for tag in ("input", "select", "textarea")
            for each in self.root.all(tag, name=field)
            if each.attributes.get("type") != "hidden"
        )
        found = self.root.all("small", id=f"{name}-below")
        return found[0].text if found else ""


class Browser:
    """Somebody's browser."""

    def __init__(self, api: Api, token: str = "") -> None:
        self._api = api
        # Whoever holds a token tries it at both doors.
        self.cookies: dict[str, str] = {"__Host-session": token, "__Host-staff": token} if token else {}

    def send(
        self, method: str, path: str, fields: Any = None, *, headers: dict[str, str] | None = None
    ) -> HTTPResponse:
        """One request, and no redirect followed."""
        sent = {"Host": urlsplit(ORIGIN).netloc, "Accept": "text/html"}
        body = b""
        if method == "POST":
            body = urlencode(fields or [], doseq=True).encode()
            sent |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": ORIGIN}
            sent |= {"Sec-Fetch-Site": "same-origin"}
        sent |= headers or {}
        if self.cookies:
            sent.setdefault("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        with running_as("staff_api" if is_staffs(urlsplit(path).path) else "console"):
            answer = self._api.raw(method, path, sent, body)
        for cookie in answer.headers.get("Set-Cookie", []):
            name, _, rest = cookie.partition("=")
            value, *attributes = rest.split("; ")
            self.cookies[name] = value
            if "Max-Age=0" in attributes:
                del self.cookies[name]
        return answer

    def open(self, path: str) -> Shown:
        """A page, through redirects."""
        return self._followed(path, self.send("GET", path))

    def press(self, page: Shown, button: str, **typed: Any) -> Shown:
        """Send the page's form with this button, with what is typed into its fields (`__` stands for a dot)."""
        form = page.form(button)
        fields = dict(page.fields(button))
        pressed = next(each.attributes for each in form.all("button") if each.text == button)
        if "name" in pressed:
            fields[pressed["name"]] = pressed["value"]
        names = {each.attributes.get("name") for tag in ("input", "select", "textarea") for each in form.all(tag)}
        for name, value in typed.items():
            field = name.replace("__", ".")
            assert field in names, f"the form has no {field}"
            fields[field] = value
        path = urljoin(page.path, form.attributes.get("action", ""))
        if form.attributes.get("method", "get") == "get":
            return self.open(f"{path}?{urlencode(fields, doseq=True)}")
        return self._followed(path, self.send("POST", path, fields))

    def follow(self, page: Shown, link: str) -> Shown:
        """Go where the page's link of these words leads."""
        places = [each.attributes["href"] for each in page.root.all("a") if each.text == link]
        assert places, f"no link {link} on {page.path}: {page.text}"
        return self.open(urljoin(page.path, places[0]))

    def _followed(self, path: str, answer: HTTPResponse) -> Shown:
        for _ in range(5):
            if answer.status_code != 303:
                return Shown(path, answer)
            path = str(answer.headers["Location"])
            answer = self.send("GET", path)
        raise AssertionError(f"{path} leads round and round")
