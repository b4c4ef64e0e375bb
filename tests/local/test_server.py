"""HTTP itself: what is no request, too much of one, or half of one; nobody ever sees a traceback."""

import json
import socket
from collections.abc import Callable, Iterator

import pytest

from local.gateway import Answer, Request
from local.server import Server

Talk = Callable[[bytes], bytes]


@pytest.fixture
def seen() -> list[Request]:
    """The requests that got through."""
    return []


@pytest.fixture
def server(seen: list[Request]) -> Iterator[Server]:
    """A server that answers every request with its body."""

    def answer(request: Request) -> Answer:
        seen.append(request)
        return Answer(200, [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")], request.body or b"nothing")

    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    made = Server(bound, answer)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def talk(server: Server) -> Talk:
    """Sends bytes, says that there are no more, and gives all that comes back."""

    def send(data: bytes) -> bytes:
        with socket.create_connection(server.server_address[:2], timeout=5) as connection:  # type: ignore[arg-type]
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65_536), b""))

    return send


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"HELLO\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/one\r\n\r\n",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n",
        b"GET / HTTP/1.1\r\nA: " + b"b" * 70_000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1e3\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: \xb2\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
    ],
)
def test_what_is_no_proper_request_gets_a_problem_and_no_further(
    talk: Talk, seen: list[Request], capfd: pytest.CaptureFixture[str], garbage: bytes
) -> None:
    head, _, body = talk(garbage).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"\r\nConnection: close" in head
    assert json.loads(body)["code"] == "malformed_request"
    assert (seen, capfd.readouterr().err) == ([], "")


@pytest.mark.parametrize(
    "half", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nA: b", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf"]
)
def test_half_a_request_is_dropped_in_silence(
    talk: Talk, seen: list[Request], capfd: pytest.CaptureFixture[str], half: bytes
) -> None:
    answer = talk(half)
    assert (b"Traceback" not in answer, capfd.readouterr().err) == (True, "")
    assert not any(request.body for request in seen)


def test_keeps_a_connection_for_the_next_request(talk: Talk, seen: list[Request]) -> None:
    answers = talk(
        b"POST /a HTTP/1.1\r\nContent-Length: 4\r\n\r\nboth"
        b"HEAD /b?q HTTP/1.1\r\nA: first\r\na: last\r\n\r\n"
        b"GET /c HTTP/1.1\r\nConnection: close\r\n\r\n"
    )
    assert [(each.method, each.target, each.body) for each in seen] == [
        ("POST", "/a", b"both"),
        ("HEAD", "/b?q", b""),
        ("GET", "/c", b""),
    ]
    assert seen[1].headers["a"] == "last"
    assert answers.count(b"Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n") == 3
    assert answers.count(b"\r\n\r\nnothing") == 1
    assert b"Server: practice-admin-local\r\n" in answers


def test_a_client_that_goes_away_costs_nothing(
    server: Server, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "answer", lambda _: Answer(200, [], b"x" * 20_000_000))
    with socket.create_connection(server.server_address[:2]) as connection:  # type: ignore[arg-type]
        connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert connection.recv(1)
        reset = b"\x01\x00\x00\x00\x00\x00\x00\x00"
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
    server.stop()
    assert capfd.readouterr().err == ""
