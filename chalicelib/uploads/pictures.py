"""Decodes images that nobody vouches for, and makes new ones of their pixels alone."""

import warnings
from io import BytesIO
from typing import Final, NamedTuple

from PIL import Image, ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from chalicelib.uploads.model import Refused

MOST_PIXELS: Final = 50_000_000
SIDE, THUMBNAIL_SIDE = 1024, 128
"""Of an image the longer side at most, of a thumbnail both."""

_PLUGINS = (JpegImagePlugin, PngImagePlugin, WebPImagePlugin)  # imported, so that Pillow looks for no others
_FORMATS = ("JPEG", "PNG", "WEBP")
_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_QUALITY = 85

Image.MAX_IMAGE_PIXELS = MOST_PIXELS


_PNG_END = b"IEND\xaeB`\x82"


class Pictures(NamedTuple):
    """What is made of an image, in WebP."""

    image: bytes
    thumbnail: bytes


def remade(content: bytes) -> Pictures:
    """The image anew, upright, and its thumbnail cut square; nothing of the file but its pixels. Raises Refused."""
    with warnings.catch_warnings():
        # Pillow only warns of what has up to twice as many pixels as it should.
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        opened = _opened(content)
    try:
        shown = _upright(opened)
    except Exception:  # whatever a decoder stumbles over, the file is what's wrong
        raise Refused("damaged") from None
    return Pictures(_encoded(shown), _encoded(ImageOps.fit(shown, (THUMBNAIL_SIDE, THUMBNAIL_SIDE))))


def _opened(content: bytes) -> Image.Image:
    """The image by its header: no pixel is decoded yet."""
    if not content.startswith(_SIGNATURES) and not (content.startswith(b"RIFF") and content[8:12] == b"WEBP"):
        raise Refused("type")
    try:
        opened = Image.open(BytesIO(content), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("size") from None
    except Exception:
        raise Refused("damaged") from None
    # Pillow is content with pixels that a PNG, cut off, still has.
    if opened.format == "PNG" and _PNG_END not in content:
        raise Refused("damaged")
    # A phone's photograph may hold others of the same moment ("MPO"): the first is the picture.
    if opened.format != "MPO" and getattr(opened, "is_animated", False):
        raise Refused("animated")
    return opened


def _upright(opened: Image.Image) -> Image.Image:
    """Decoded, of the size that is kept, and turned as its EXIF says."""
    opened.draft("RGB", (SIDE, SIDE))  # a large JPEG is decoded at a fraction of its size
    shown = opened.convert("RGBA" if opened.has_transparency_data else "RGB")
    shown.thumbnail((SIDE, SIDE))
    upright = ImageOps.exif_transpose(shown)
    upright.info.clear()
    return upright


def _encoded(image: Image.Image) -> bytes:
    written = BytesIO()
    image.save(written, "WEBP", quality=_QUALITY)
    return written.getvalue()
