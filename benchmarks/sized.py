"""In a measured process: a function's start and its dearest work. Run as a file; prints peak, start, work."""

import json
import struct
import sys
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_PAGE = 2**20


class _Body:
    """What botocore reads an answer from."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self._content


def page(client: Any) -> None:
    """A query that DynamoDB answers with as much as it ever does at once."""
    from botocore.awsrequest import AWSResponse

    from chalicelib.dynamo import query
    from chalicelib.events import EventRow

    event = EventRow.key("prc_1", "evt_1").row(
        type="license_order.placed",
        subject="ord_1",
        actor="ada",
        at="2026-07-02T16:00:00Z",
        before={},
        after={"physician": 2, "midlevel": 1, "note": "x" * 200},
        request_id="r" * 36,
    )
    item = json.dumps(event.serialize())
    count = _PAGE // len(item)
    body = f'{{"Count": {count}, "ScannedCount": {count}, "Items": [{", ".join([item] * count)}]}}'.encode()

    def answer(request: Any, **_: Any) -> AWSResponse:
        return AWSResponse(request.url, 200, {}, _Body(body))  # type: ignore[arg-type]  # is read like one of urllib3

    client.meta.events.register("before-send.dynamodb.Query", answer)
    if len(query(EventRow, "prc_1", "")) != count:
        raise AssertionError("the page was not read")


def calendar(_: Any) -> None:
    """A cancel deadline."""
    from chalicelib import clock
    from chalicelib.licensing.billing_calendar import cancel_until

    cancel_until(clock.now(), "America/New_York")


def password(_: Any) -> None:
    """A hash to store."""
    from chalicelib.identity.passwords import hashed

    hashed("correct horse battery staple")


def picture(_: Any) -> None:
    """An image with as many pixels as are allowed, and with transparency."""
    from chalicelib.uploads.pictures import MOST_PIXELS, remade

    width, height = 5_000, MOST_PIXELS // 5_000
    packer = zlib.compressobj()
    row = bytes(1 + 4 * width)
    pixels = b"".join([*(packer.compress(row) for _ in range(height)), packer.flush()])
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    written = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    remade(b"\x89PNG\r\n\x1a\n" + b"".join(written))


WORKS = {"page": page, "calendar": calendar, "password": password, "picture": picture}


def main(unpacked: str, services: str, works: str) -> None:
    """Measure."""
    sys.path.insert(0, unpacked)
    import app  # noqa: F401 (what is measured)
    from chalicelib import aws, dynamo

    started = time.process_time()
    client = dynamo.connection().client
    for service in filter(None, services.split(",")):
        aws.client(service)
    for work in filter(None, works.split(",")):
        WORKS[work](client)
    worked = time.process_time() - started
    # Not the peak that getrusage tells: that is this process's parent's too.
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    peak = int(status["VmHWM"].split()[0]) / 1024
    print(json.dumps([peak, started * 1000, worked * 1000]))


if __name__ == "__main__":
    main(*sys.argv[1:])
