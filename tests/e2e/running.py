"""The local system as a process of its own, and somebody who uses it over HTTP."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar
from urllib.parse import urlsplit

import pyotp

PROJECT = Path(__file__).parents[2]
PASSWORD = "a heron stands in the reeds"
_START_SECONDS = 300  # the first start on a machine installs the engine
_STEP = 30
T = TypeVar("T")


def until(probe: Callable[[], T], what: str, seconds: float = 15) -> T:
    """The probe's first true result. Fails after the deadline."""
    deadline = time.monotonic() + seconds
    while not (found := probe()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        threading.Event().wait(0.05)
    return found


def local(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m local` with arguments to its end."""
    command = [sys.executable, "-m", "local", "--home", str(home), *arguments]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=60)


class Answer(NamedTuple):
    """An HTTP answer; `body` is its JSON, or its text where it is none."""

    status: int
    headers: dict[str, str]
    body: Any


class System(Protocol):
    """Where the API answers."""

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """One request; underscores in the names of headers stand for hyphens."""


def send(url: str, method: str, path: str, body: Any, headers: dict[str, str]) -> Answer:
    """One request to what answers under `url`."""
    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.netloc, timeout=30)
    sent = {"Content-Type": "application/json"} | {k.replace("_", "-"): v for k, v in headers.items()}
    data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    try:
        connection.request(method, where.path + path, data, sent)
        answer = connection.getresponse()
        text = answer.read().decode()
    finally:
        connection.close()
    kind = answer.headers.get_content_type()
    return Answer(answer.status, dict(answer.headers), json.loads(text) if text and "json" in kind else text)


class Running:
    """`python -m local run` on `home`, started and stopped as a person would."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.url = ""
        self._output = home / "output.txt"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def output(self) -> str:
        """What the last start has printed so far."""
        return self._output.read_text()

    def spawn(self, port: int = 0) -> subprocess.Popen[bytes]:
        """Begin to start."""
        self.home.mkdir(exist_ok=True)
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "local", "--home", str(self.home), "run"],
                cwd=PROJECT,
                env=os.environ | {"PORT": str(port)},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        return self.process

    def start(self) -> "Running":
        """Start, and wait until it says that it runs."""
        process = self.spawn()
        until(lambda: "The system runs." in self.output or process.poll() is not None, "a start", _START_SECONDS)
        assert process.poll() is None, self.output
        self.url = (self.home / "address").read_text()
        return self

    def stop(self, by: signal.Signals = signal.SIGINT) -> int:
        """End it by a signal; gives the exit code. Does nothing when it has ended."""
        assert self.process
        if self.process.poll() is None:
            self.process.send_signal(by)
        return self.process.wait(20)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """One request; underscores in the names of headers stand for hyphens."""
        return send(self.url, method, path, body, headers)

    def mail(self, text: str) -> list[dict[str, Any]]:
        """The messages that mention `text`, newest first."""
        items = self.call("GET", "/_local/mailbox").body["items"]
        return [item for item in items if text in item["subject"] + item["body"]]


class Person:
    """Somebody with a login, on a running system."""

    def __init__(self, system: System, username: str) -> None:
        self.username = username
        self._system = system
        self.token = ""
        self.recovery_codes: list[str] = []
        self._secret = ""

    def call(self, method: str, path: str, body: Any = None, key: str | None = None) -> Answer:
        """One request, signed in where there is a session."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self._system.call(method, path, body, **headers, **({"Idempotency_Key": key} if key else {}))

    def sign_up(self) -> None:
        """Start a practice of one's own."""
        provider = {"first_name": "Ada", "last_name": "Byron", "credential": "MD", "email": self.email}
        body = {
            "practice_name": "Oak Avenue Clinic",
            "time_zone": "America/Chicago",
            "provider": provider,
            "username": self.username,
            "password": PASSWORD,
            "owner_email": f"owner.{self.email}",
        }
        assert self.call("POST", "/sign-up", body).status == 201

    @property
    def email(self) -> str:
        """Where receipts go."""
        return f"{self.username}@oak.example"

    def sign_in(self) -> None:
        """Open a session, with the present code where two-factor is set up."""
        login = {"username": self.username, "password": PASSWORD}
        if self._secret:
            login["totp"] = self.code()
        self.token = ""
        answer = self.call("POST", "/sessions", login)
        assert answer.status == 201, answer
        self.token = answer.body["token"]

    def enrol(self) -> None:
        """Set up two-factor. It takes the code of the step before, so that the present one is left for a sign-in."""
        self._secret = self.call("POST", "/me/totp", {}).body["secret"]
        code = pyotp.TOTP(self._secret).generate_otp(calm_step() - 1)
        answer = self.call("POST", "/me/totp/confirm", {"code": code})
        assert answer.status == 200, answer
        self.recovery_codes = answer.body["recovery_codes"]

    def code(self) -> str:
        """The present two-factor code. It is good for one sign-in."""
        return str(pyotp.TOTP(self._secret).generate_otp(calm_step()))

    def order(self, key: str) -> Answer:
        """Buy two physician licenses."""
        version = self.call("GET", "/license-agreement").body["version"]
        body = {"physician": 2, "midlevel": 0, "agreement_version": version, "agreement_accepted": True}
        return self.call("POST", "/license-orders", body, key)


def calm_step() -> int:
    """The present TOTP step, with some seconds of it left."""
    until(lambda: time.time() % _STEP < _STEP - 4, "a new TOTP step")
    return int(time.time()) // _STEP
