"""Starts everything in order, says how to use it, and ends everything in the opposite order."""

import os
import socket
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn

from local import logins, resources
from local.asking import address_file
from local.engine import Engine
from local.logins import Logins

_HOST = "127.0.0.1"
_DEFAULT_PORT = "8000"


class StartError(RuntimeError):
    """The system can't start. The message says why and what to do, for a person to read."""


def run(home: Path) -> NoReturn:
    """Run the system on the data in `home` until a signal ends it.

    Raises StartError, InstallError, EngineError, DemoError and NoLogins; KeyboardInterrupt when a signal ends it.
    """
    home.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        bound = stack.enter_context(_bound(os.environ.get("PORT", _DEFAULT_PORT)))
        url = f"http://{_HOST}:{bound.getsockname()[1]}"
        print("Starting.", flush=True)
        engine = stack.enter_context(Engine(home))
        resources.point_at(engine.url, url)
        resources.provide()

        from local.system import System  # the program's modules read their settings when they are imported

        system = System(engine.url, home)
        known = system.demo()
        try:
            stack.enter_context(system.serving(bound))
        except OSError:
            raise _taken(url) from None
        address_file(home).write_text(url)
        stack.callback(address_file(home).unlink, missing_ok=True)
        print(_welcome(url, home, known), flush=True)
        engine.wait()


def _of_staff(name: str, role: str, known: Logins) -> str:
    return f"  {name}  password: {logins.PASSWORD}   {role}; TOTP secret: {known.staff[name].totp_secret}"


def _bound(port: str) -> socket.socket:
    if not (port.isascii() and port.isdecimal() and int(port) < 65_536):
        raise StartError(f"PORT must be a number up to 65535, not {port!r}.")
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((_HOST, int(port)))
    except OSError as error:
        bound.close()
        if isinstance(error, PermissionError):
            raise StartError(f"Port {port} needs root. Choose another: PORT=8001 make run") from None
        raise _taken(port) from None
    return bound


def _taken(where: str) -> StartError:
    port = where.rpartition(":")[2]
    return StartError(f"Port {port} is taken by another program. End that one, or choose another: PORT=8001 make run")


def _welcome(url: str, home: Path, known: Logins) -> str:
    from chalicelib.licensing.usecases.orders import AGREEMENT_VERSION

    return (
        Path(__file__)
        .with_name("welcome.txt")
        .read_text(encoding="utf-8")
        .format(
            url=url,
            home=home,
            option="" if home == Path(__file__).parents[1] / ".local" else f" --home {home}",
            practice=logins.PRACTICE,
            admin=logins.ADMIN,
            user=logins.USER,
            master=logins.MASTER,
            password=logins.PASSWORD,
            secret=known.admin.totp_secret,
            staff="\n".join(_of_staff(name, role, known) for name, role in logins.STAFF.items()),
            agreement=AGREEMENT_VERSION,
        )
    )
