"""Files for the tests of attachments: good ones, and those that nobody should get."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

from tests.uploads.pictures import picture

PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer\n%%EOF\n"
TYPES = "[Content_Types].xml"


def zipped(parts: dict[str, bytes], method: int = ZIP_DEFLATED) -> bytes:
    """A zip of these parts."""
    written = BytesIO()
    with ZipFile(written, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()


def docx(**parts: bytes) -> bytes:
    """A Word document, as small as one can be."""
    return zipped({TYPES: b"<Types/>", "word/document.xml": b"<document/>", **parts})


def xlsx() -> bytes:
    """An Excel workbook, as small as one can be."""
    return zipped({TYPES: b"<Types/>", "xl/workbook.xml": b"<workbook/>"})


GOOD: dict[str, bytes] = {
    "scan.pdf": PDF,
    "screen.PNG": picture(),
    "photo.jpeg": b"\xff\xd8\xff\xe0 a photograph",
    "notes.txt": "Was schön ist\nbleibt".encode(),
    "list.csv": b"code;name\r\n1;a\r\n",
    "letter.docx": docx(),
    "sheet.xlsx": xlsx(),
}


def _flagged(content: bytes) -> bytes:
    """The same zip, said to be encrypted."""
    begin = content.index(b"PK\x01\x02")
    return content[: begin + 8] + bytes([content[begin + 8] | 1]) + content[begin + 9 :]


def _lying(content: bytes, declared: int) -> bytes:
    """The same zip, whose first part says that it unpacks to so many bytes."""
    begin = content.index(b"PK\x01\x02")
    return content[: begin + 24] + declared.to_bytes(4, "little") + content[begin + 28 :]


_ZEROS = b"\0" * (200 * 1024 * 1024)
BAD: dict[str, tuple[str, bytes, str]] = {
    "a PDF named png": ("scan.png", PDF, "attachment_misnamed"),
    "a text named pdf": ("notes.pdf", b"just text", "attachment_misnamed"),
    "a workbook named docx": ("sheet.docx", xlsx(), "attachment_misnamed"),
    "a picture named txt": ("picture.txt", picture(), "attachment_misnamed"),
    "a PDF that is cut off": ("scan.pdf", b"%PDF-1.7\n1 0 obj", "attachment_damaged"),
    "a program named txt": ("run.txt", b"MZ\x90\x00\x03\x00\x00\x00", "not_an_attachment"),
    "a text in no UTF-8": ("notes.txt", "schön".encode("latin-1"), "not_an_attachment"),
    "a zip named docx": ("a.docx", zipped({"a.txt": b"a"}), "not_an_attachment"),
    "a zip without its end": ("a.docx", docx()[:-30], "attachment_damaged"),
    "a bomb": ("a.docx", docx(**{"word/media/a.bin": _ZEROS}), "attachment_unpacks_too_large"),
    "a bomb of parts": (
        "a.docx",
        zipped({TYPES: b"", **{f"{n}": b"" for n in range(5_001)}}),
        "attachment_unpacks_too_large",
    ),
    "a part that says it is small": ("a.docx", _lying(docx(), 2), "attachment_damaged"),
    "a part packed in another way": (
        "a.docx",
        zipped({TYPES: b"", "word/document.xml": b""}, ZIP_LZMA),
        "attachment_damaged",
    ),
    "macros": ("a.docx", docx(**{"word/vbaProject.bin": b"x"}), "attachment_has_macros"),
    "a locked zip": ("a.docx", _flagged(docx()), "attachment_locked"),
    "a locked document": ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more", "attachment_locked"),
    "a damaged part": (
        "a.docx",
        zipped({TYPES: b"<T/>", "word/document.xml": b"x" * 99}, ZIP_STORED).replace(b"xxxx", b"yyyy", 1),
        "attachment_damaged",
    ),
}
