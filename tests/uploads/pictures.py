"""Images and what only looks like one, made where they are needed."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image

ORIENTATION, ARTIST = 0x0112, 0x013B


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The image as a file."""
    written = BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 200), **options: Any) -> bytes:
    """An image whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    return encoded(image, kind, **options)


def photograph(orientation: int = 1) -> bytes:
    """A JPEG with EXIF: which way is up, and who took it."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[ARTIST] = orientation, "Somebody"
    return picture("JPEG", exif=exif, comment=b"private")


def animated(kind: str) -> bytes:
    """Two frames."""
    first, second = (Image.new("RGB", (20, 20), color) for color in ("red", "blue"))
    return encoded(first, kind, save_all=True, append_images=[second])


def png(width: int, height: int) -> bytes:
    """A PNG that says it is so large, in 70 bytes."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def opened(content: bytes) -> Image.Image:
    """An image that is ready to be looked at."""
    image = Image.open(BytesIO(content))
    image.load()
    return image
