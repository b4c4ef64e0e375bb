"""What is made of an image, and what is none."""

import struct

import pytest
from PIL import Image

from chalicelib.uploads.model import Refused
from chalicelib.uploads.pictures import MOST_PIXELS, remade
from tests.uploads.pictures import animated, encoded, opened, photograph, picture, png


def color(content: bytes, x: float, y: float) -> str:
    """The color at a place, by shares of width and height."""
    image = opened(content).convert("RGB")
    red, _, blue = image.getpixel((int(x * (image.width - 1)), int(y * (image.height - 1))))  # type: ignore[misc]
    return "red" if red > blue else "blue"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_every_kind_becomes_webp_of_its_own_size_with_a_square_thumbnail(kind: str) -> None:
    image, thumbnail = remade(picture(kind))
    assert (opened(image).format, opened(image).size) == ("WEBP", (300, 200))
    assert (opened(thumbnail).format, opened(thumbnail).size) == ("WEBP", (128, 128))
    assert [color(each, x, 0.5) for each in (image, thumbnail) for x in (0.1, 0.9)] == ["red", "blue"] * 2


def test_a_large_one_is_made_smaller_and_keeps_its_shape() -> None:
    for kind in ("PNG", "JPEG"):
        assert opened(remade(picture(kind, (4000, 1000))).image).size == (1024, 256)


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [
        (1, (300, 200), (0.1, 0.5)),
        (3, (300, 200), (0.9, 0.5)),
        (6, (200, 300), (0.5, 0.1)),
        (8, (200, 300), (0.5, 0.9)),
    ],
)
def test_a_photograph_is_turned_upright(orientation: int, size: tuple[int, int], red_at: tuple[float, float]) -> None:
    image = remade(photograph(orientation)).image
    assert opened(image).size == size
    assert color(image, *red_at) == "red"


def test_nothing_is_left_of_what_the_file_told_beside_its_pixels() -> None:
    content = photograph()
    assert b"Somebody" in content
    assert b"private" in content
    for made in remade(content):
        assert b"Somebody" not in made
        assert b"private" not in made
        assert dict(opened(made).getexif()) == {}


def test_what_is_transparent_stays_so() -> None:
    clear = opened(picture()).convert("RGBA")
    clear.putalpha(0)
    plain = Image.new("P", (20, 20))
    for content in (encoded(clear, "PNG"), encoded(clear, "WEBP"), encoded(plain, "PNG", transparency=0)):
        assert opened(remade(content).image).getpixel((5, 5))[3] == 0  # type: ignore[index]


def test_gray_and_printers_colors_are_taken_too() -> None:
    for mode, kind in (("L", "PNG"), ("1", "PNG"), ("P", "PNG"), ("L", "JPEG"), ("CMYK", "JPEG")):
        assert opened(remade(encoded(opened(picture()).convert(mode), kind)).image).mode == "RGB"


BAD = {
    "a GIF": ("type", picture("GIF")),
    "a BMP": ("type", picture("BMP")),
    "a TIFF": ("type", picture("TIFF")),
    "text": ("type", b"GIF89a is a text as well"),
    "SVG": ("type", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    "nothing": ("type", b""),
    "a PNG's first bytes": ("damaged", picture("PNG")[:12]),
    "half a PNG": ("damaged", picture("PNG")[:300]),
    "half a JPEG": ("damaged", picture("JPEG")[:-400]),
    "half a WebP": ("damaged", picture("WEBP")[:-60]),
    "a PNG without pixels": ("damaged", picture("PNG").replace(b"IDAT", b"IDAX")),
    "a PNG whose checksum is wrong": ("damaged", picture("PNG").replace(b"IHDR", b"IHDX")),
    "a PNG's name before a GIF": ("damaged", b"\x89PNG\r\n\x1a\n" + picture("GIF")),
    "30,000 x 30,000": ("size", png(30_000, 30_000)),
    "a little too large": ("size", png(MOST_PIXELS // 5_000 + 1, 5_000)),
    "an animated PNG": ("animated", animated("PNG")),
    "an animated WebP": ("animated", animated("WEBP")),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_acceptable_image_is_refused(name: str) -> None:
    reason, content = BAD[name]
    with pytest.raises(Refused) as refusal:
        remade(content)
    assert refusal.value.reason == reason


def test_a_header_that_promises_too_much_is_refused_before_any_memory_is_taken() -> None:
    # An image of as many pixels as are allowed has no pixels in this file: refused for that, not for its size.
    with pytest.raises(Refused) as refusal:
        remade(png(MOST_PIXELS // 5_000, 5_000))
    assert refusal.value.reason == "damaged"
    canvas = b"VP8X" + struct.pack("<I", 10) + bytes(4) + (16_382).to_bytes(3, "little") * 2
    still = picture("WEBP")[12:]
    content = b"RIFF" + struct.pack("<I", 4 + len(canvas) + len(still)) + b"WEBP" + canvas + still
    with pytest.raises(Refused):
        remade(content)


def test_of_a_phones_several_pictures_the_first_is_taken() -> None:
    first, second = opened(picture("JPEG")), opened(picture("JPEG", (20, 20)))
    content = encoded(first, "MPO", save_all=True, append_images=[second])
    assert opened(remade(content).image).size == (300, 200)
