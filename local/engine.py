"""The AWS services the program needs, on this machine: ministack as a child process that keeps its state.

``with Engine(Path(".local")) as engine:`` installs the engine on first use, starts it on 127.0.0.1 and stops it at
the end. Point AWS clients at ``engine.url``. Linux and macOS only.
"""

import fcntl
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, NoReturn, Self

from deploy.environment import prepared

PROGRAM = Path(__file__).with_name("engine_main.py")
REGION = "us-east-1"

_HOST = "127.0.0.1"
_START_SECONDS = 60
_STOP_SECONDS = 10
_LOCK_SECONDS = 3


class EngineError(RuntimeError):
    """The engine can't be started. The message says why and what to do, for a person to read."""


class Engine:
    """One running engine, which keeps its state in ``home`` between runs and loses at most the last second.

    :param home: a directory of its own; only one engine at a time can use it
    :param port: where to listen on 127.0.0.1; 0 takes a free port
    :param python: another Python than that of the engine's environment
    :param settings: variables of ministack's that are to be other than here, such as SERVICES
    """

    def __init__(
        self, home: Path, port: int = 0, *, python: Path | None = None, settings: Mapping[str, str] | None = None
    ) -> None:
        self._home = home.resolve()
        self._port = port
        self._python = python
        self._settings = settings or {}
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The endpoint for AWS clients. With port 0 it is known once the engine is started."""
        return f"http://{_HOST}:{self._port}"

    @property
    def pid(self) -> int | None:
        """The process id while the engine is started, otherwise None."""
        return self._child.pid if self._child else None

    def start(self) -> None:
        """Start the engine and wait until it answers. It ends with this process, even if that is killed.

        :raises InstallError: the engine could not be installed
        :raises EngineError: one already runs on this home, the port is taken, or it doesn't come up
        """
        if self._child:
            raise EngineError("This engine is already started.")
        python = self._python or prepared("engine")
        for name in ("state", "s3", "tmp"):
            (self._home / name).mkdir(parents=True, exist_ok=True)
        # The child inherits both, and holds them for as long as it lives: the lock must outlast a killed parent
        # until the last state is written, and a port that was bound here can't be lost to anyone on the way.
        with _locked(self._home / "engine.lock") as lock, _listening(self._port) as listener:
            self._port = listener.getsockname()[1]
            with self.log.open("wb") as log:
                self._child = subprocess.Popen(
                    [python, "-I", PROGRAM, self._home / "state", str(listener.fileno())],
                    stdin=subprocess.PIPE,  # never written to; that it closes tells the child that we are gone
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env=self._environment(),
                    pass_fds=(lock.fileno(), listener.fileno()),
                    start_new_session=True,  # Ctrl-C reaches this process alone, which stops things in order
                )
        try:
            self._wait_until_it_answers(self._child)
        except BaseException:
            self.stop()
            raise
        self._pass_on_messages()

    def wait(self) -> NoReturn:
        """Wait for as long as the started engine runs.

        :raises EngineError: it ended although nobody stopped it
        """
        if self._child:
            self._child.wait()
        raise EngineError(f"The local engine has ended unexpectedly. The end of {self.log}:\n{self._log_tail()}")

    def stop(self) -> None:
        """Stop the engine after it saved its state. Does nothing if it isn't started."""
        if not self._child:
            return
        child, self._child = self._child, None
        with child:  # closes the pipe
            child.terminate()
            try:
                child.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                print(f"engine: it did not stop within {_STOP_SECONDS} s and was killed.", file=sys.stderr)
        if child.returncode == 1:
            self._pass_on_messages()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def log(self) -> Path:
        """Where it writes its log."""
        return self._home / "engine.log"

    def _environment(self) -> dict[str, str]:
        """Settings for ministack and nothing else, so that no variable of the developer's changes how it works."""
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "TMPDIR": str(self._home / "tmp"),
            "GATEWAY_PORT": str(self._port),
            "MINISTACK_REGION": REGION,
            # Not more: others listen on every interface, as iot does.
            "SERVICES": "dynamodb,dynamodbstreams,kms,s3,secretsmanager,ses,sns,sqs,sts",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self._home / "s3"),
            "LOG_LEVEL": "WARNING",
            # At start and stop ministack removes the containers of every ministack on the Docker daemon it finds.
            "DOCKER_HOST": f"unix://{self._home / 'no-docker'}",
            **self._settings,
        }

    def _wait_until_it_answers(self, child: subprocess.Popen[bytes]) -> None:
        # The port is open already, so one request waits for the server behind it; if the child ends, it fails at once.
        connection = http.client.HTTPConnection(_HOST, self._port, timeout=_START_SECONDS)
        try:
            connection.request("GET", "/_ministack/health")
            if connection.getresponse().status == http.client.OK:
                return
            reason = "does not answer properly"
        except TimeoutError:
            reason = f"does not answer after {_START_SECONDS} s"
        except (OSError, http.client.HTTPException):
            reason = "ended as soon as it was started"
        finally:
            connection.close()
        child.kill()
        raise EngineError(f"The local engine {reason}. The end of {self.log}:\n{self._log_tail()}")

    def _log_tail(self) -> str:
        return _last_lines(self.log.read_text(errors="replace"))

    def _pass_on_messages(self) -> None:
        """Show what the engine has to say to a person; the rest of its log stays in the file."""
        for line in self.log.read_text(errors="replace").splitlines():
            if line.startswith("engine: "):
                print(line, file=sys.stderr)


def _locked(path: Path) -> IO[str]:
    """Open a file with the lock on it; the lock goes when the last process that has the file open ends."""
    file = path.open("w")
    deadline = time.monotonic() + _LOCK_SECONDS  # an engine whose parent was just killed is still saving
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return file
        except BlockingIOError:
            if time.monotonic() > deadline:
                file.close()
                raise EngineError(f"An engine already runs on {path.parent}. Stop it first.") from None
            time.sleep(0.05)


def _listening(port: int) -> socket.socket:
    try:
        return socket.create_server((_HOST, port))
    except (OSError, OverflowError) as error:
        raise EngineError(f"Port {port} on {_HOST} can't be used ({error}). Choose another one.") from None


def _last_lines(text: str, count: int = 15) -> str:
    return "\n".join(text.splitlines()[-count:])
