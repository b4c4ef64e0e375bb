"""The program itself, in one process: what API Gateway, Lambda and EventBridge are to it when it is deployed."""

import logging
import logging.handlers
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app import app
from local import demo, demo_staff
from local.gateway import Gateway
from local.logins import Logins
from local.routes import LocalRoutes
from local.schedules import Schedules
from local.server import Server
from local.simulator import Simulator

_LOG_BYTES = 5_000_000


class System:
    """The API and the schedules, on an engine that has all resources."""

    def __init__(self, engine_url: str, home: Path) -> None:
        self._home = home
        _log_to(home / "app.log")
        self._gateway = Gateway(app)
        self._schedules = Schedules(app)
        self._simulator = Simulator(self._gateway.invoke)
        self._routes = LocalRoutes(self._gateway, self._schedules, engine_url)

    def demo(self) -> Logins:
        """The demo logins; what is missing of them and of their practice is made. Raises DemoError, NoLogins."""
        logins = demo.make(self._gateway, self._home)
        demo_staff.make(self._gateway, self._home, logins)
        return logins

    @contextmanager
    def serving(self, bound: socket.socket) -> Iterator[None]:
        """Serve on the socket and run the schedules inside the block. Raises OSError when the port is taken."""
        server = Server(bound, self._routes.answer)
        server.start()
        self._simulator.start()
        self._schedules.start()
        try:
            yield
        finally:
            server.stop()
            self._schedules.stop()


def _log_to(path: Path) -> None:
    """Send the JSON lines to a file, so that the terminal stays readable."""
    file = logging.handlers.RotatingFileHandler(path, maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8")
    for logger in (logging.getLogger("practice_admin.telemetry"), app.log):
        for handler in list(logger.handlers):
            file.setFormatter(file.formatter or handler.formatter)
            logger.removeHandler(handler)
            logger.addHandler(file)
