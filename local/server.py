"""HTTP/1.1: connections, framing and limits. What a request means is the gateway's business."""

import gzip
import re
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from typing import Any

from chalicelib import errors, telemetry
from local.gateway import Answer, Request, problem_answer

_BODY_LIMIT = 10_000_000  # API Gateway's; the program's own is lower
_CHUNK = 65_536
_COMPRESSED_FROM = 1024  # bytes, as API Gateway is told (deploy/gateway.py)
_FINISH_SECONDS = 10


class Server(ThreadingMixIn, TCPServer):
    """Serves `answer` on a socket, a thread for each connection.

    The port is bound already; nobody can connect before the server is made.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, bound: socket.socket, answer: Callable[[Request], Answer]) -> None:
        """Raises OSError when another program began to listen on the port."""
        super().__init__(bound.getsockname(), _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = bound
        self.answer = answer
        self._under_way = 0
        self._change = threading.Condition()
        self.server_activate()

    def start(self) -> None:
        """Serve in the background."""
        threading.Thread(target=self.serve_forever, args=(0.1,), daemon=True).start()

    def stop(self) -> None:
        """Take no more connections, and let the requests under way come to their end."""
        self.shutdown()
        self.server_close()
        with self._change:
            self._change.wait_for(lambda: not self._under_way, _FINISH_SECONDS)

    @contextmanager
    def request_under_way(self) -> Iterator[None]:
        """Counts a request for `stop`."""
        with self._change:
            self._under_way += 1
        try:
            yield
        finally:
            with self._change:
                self._under_way -= 1
                self._change.notify_all()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log what a connection died of, unless the client has just gone away."""
        error = sys.exception()
        if error is not None and not isinstance(error, ConnectionError | TimeoutError):
            telemetry.failure("a connection failed", error)


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    default_request_version = "HTTP/1.1"  # so that a request line that can't be read gets a complete answer
    timeout = 60
    wbufsize = -1  # head and body leave together
    disable_nagle_algorithm = True

    def _serve(self) -> None:
        started = time.perf_counter()
        with self.server.request_under_way():
            try:
                headers = {name.lower(): value for name, value in self.headers.items()}
                answer = self.server.answer(Request(self.command, self.path, headers, self._body()))
            except errors.Problem as problem:
                answer = problem_answer(problem)
            self._send(self._compressed(answer))
        self._tell(answer.status, started)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve  # noqa: N815

    def _body(self) -> bytes:
        """The request's body. Raises Malformed, TooLarge, and ConnectionError when the client goes away meanwhile."""
        lengths = set(self.headers.get_all("content-length", ["0"]))
        text = lengths.pop()
        if (
            "transfer-encoding" in self.headers
            or lengths
            or not (text.isascii() and text.isdecimal() and len(text) < 16)
        ):
            self.close_connection = True  # nobody knows where the next request begins
            raise errors.Malformed("Send the body with one Content-Length.")
        left, pieces = int(text), []
        too_large = left > _BODY_LIMIT
        while left:
            # A body that is refused is read all the same: clients often send it all before they listen.
            piece = self.rfile.read(min(left, _CHUNK))
            if not piece:
                raise ConnectionAbortedError("the body ended early")
            left -= len(piece)
            if not too_large:
                pieces.append(piece)
        if too_large:
            raise errors.TooLarge(f"At most {_BODY_LIMIT} bytes.")
        return b"".join(pieces)

    def _compressed(self, answer: Answer) -> Answer:
        """As API Gateway sends it."""
        if len(answer.body) < _COMPRESSED_FROM or "gzip" not in self.headers.get("accept-encoding", ""):
            return answer
        encoded = [("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
        return Answer(answer.status, [*answer.headers, *encoded], gzip.compress(answer.body, 6, mtime=0))

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
        self.wfile.flush()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what is not proper HTTP, or a method that no route has."""
        self.close_connection = True
        problem = errors.MethodNotAllowed() if code == 501 else errors.Malformed("This is not a proper HTTP request.")
        self._send(problem_answer(problem))

    def version_string(self) -> str:
        """The Server header."""
        return "practice-admin-local"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing: `_tell` does."""

    def _tell(self, status: int, started: float) -> None:
        path = self.path.partition("?")[0]
        if not path.startswith("/_local/"):
            # Behind these stands a mailed secret.
            path = re.sub(
                r"/(set-password|verify-owner|recovery|recoveries|\w+-resets|owner-verifications)/.*", r"/\1/…", path
            )
            shown = path[:80].encode("ascii", "backslashreplace").decode()
            print(f"  {status} {self.command} {shown} {(time.perf_counter() - started) * 1000:.0f} ms", flush=True)
