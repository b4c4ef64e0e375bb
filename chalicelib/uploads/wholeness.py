"""Whether a file has the parts that its kind begins and ends with, in their order. Pure.

Nothing is decoded: that costs more than a look, and is where decoders break. What is cut off, empty behind its first
bytes, or something else under their cover is found by the lengths and checksums that such files carry.
"""

import re
import zlib

PDF, PNG, JPEG = b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"

_TAIL = 2048
_PDF_END = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF")


def is_pdf(content: bytes) -> bool:
    """A version, a catalog, and at the end where the table of objects begins: inside the file."""
    ends = _PDF_END.findall(content[-_TAIL:])
    has_version = re.match(rb"%PDF-\d\.\d", content)
    return bool(has_version and b"/Root" in content and ends and 0 < int(ends[-1]) < len(content))


def is_png(content: bytes) -> bool:
    """Chunks whose checksums are right: a header with a size, some pixels, and the end, which nothing follows."""
    names, place = [], len(PNG)
    while place < len(content):
        end = place + 12 + int.from_bytes(content[place : place + 4])
        if end > len(content) or zlib.crc32(content[place + 4 : end - 4]) != int.from_bytes(content[end - 4 : end]):
            return False
        names.append(content[place + 4 : place + 8])
        place = end
    begins_and_ends = names[:1] == [b"IHDR"] and names[-1:] == [b"IEND"]
    once = names.count(b"IHDR") == names.count(b"IEND") == 1
    return begins_and_ends and once and b"IDAT" in names and any(content[16:20]) and any(content[20:24])


# Start of frame: what size it has, in each way of coding.
_FRAMES = frozenset(bytes([marker]) for marker in range(0xC0, 0xD0)) - {b"\xc4", b"\xc8", b"\xcc"}
_SCAN = b"\xda"
_PADDING = re.compile(rb"\xff*(?=\xff)")  # any number of them may stand before a segment's own; read over in one go


def is_jpeg(content: bytes) -> bool:
    """Segments up to the first scan, a frame with a size among them, and the end somewhere behind it. Telephones write
    more after the end."""
    place, has_frame = 2, False
    while begun := _PADDING.match(content, place):
        place = begun.end()
        marker, length = content[place + 1 : place + 2], int.from_bytes(content[place + 2 : place + 4])
        if marker == _SCAN:
            return has_frame and content.rfind(b"\xff\xd9") > place + 2 + length
        if marker in _FRAMES:
            has_frame = length >= 8 and any(content[place + 5 : place + 7]) and any(content[place + 7 : place + 9])
        place += 2 + length
    return False
