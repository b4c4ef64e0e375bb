"""Files for the tests of attachments: good ones, and those that nobody should get."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

from tests.uploads.pictures import photograph, picture, png

_CATALOG = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n"
PDF = _CATALOG + b"xref\n0 1\ntrailer << /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(_CATALOG)
TYPES = "[Content_Types].xml"
_MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_WORD = b'<Types><Override ContentType="' + _MAIN + b'"/></Types>'
_EXCEL = _WORD.replace(b"wordprocessingml.document", b"spreadsheetml.sheet")


def zipped(parts: dict[str, bytes], method: int = ZIP_DEFLATED) -> bytes:
    """A zip of these parts."""
    written = BytesIO()
    with ZipFile(written, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()


def docx(**parts: bytes) -> bytes:
    """A Word document, as small as one can be."""
    return zipped({TYPES: _WORD, "word/document.xml": b"<document/>", **parts})


def xlsx() -> bytes:
    """An Excel workbook, as small as one can be."""
    return zipped({TYPES: _EXCEL, "xl/workbook.xml": b"<workbook/>"})


GOOD: dict[str, bytes] = {
    "scan.pdf": PDF,
    "screen.PNG": picture(),
    "photo.jpeg": photograph(),
    "notes.txt": "Was schön ist\nbleibt".encode(),
    "list.csv": b"code;name\r\n1;a\r\n",
    "letter.docx": docx(),
    "sheet.xlsx": xlsx(),
}


def _with_a_wrong_bit(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def _flagged(content: bytes) -> bytes:
    """The same zip, said to be encrypted."""
    begin = content.index(b"PK\x01\x02")
    return content[: begin + 8] + bytes([content[begin + 8] | 1]) + content[begin + 9 :]


def _lying(content: bytes, declared: int) -> bytes:
    """The same zip, whose first part says that it unpacks to so many bytes."""
    begin = content.index(b"PK\x01\x02")
    return content[: begin + 24] + declared.to_bytes(4, "little") + content[begin + 28 :]


BAD: dict[str, tuple[str, bytes, str]] = {
    "a PDF named png": ("scan.png", PDF, "attachment_misnamed"),
    "a text named pdf": ("notes.pdf", b"just text", "attachment_misnamed"),
    "a workbook named docx": ("sheet.docx", xlsx(), "attachment_misnamed"),
    "a picture named txt": ("picture.txt", picture(), "attachment_misnamed"),
    "a PDF that is cut off": ("scan.pdf", PDF[:-20], "attachment_damaged"),
    "a PDF of nothing but its ends": ("scan.pdf", b"%PDF-1.7\n%%EOF\n", "attachment_damaged"),
    "a PDF without a catalog": ("scan.pdf", PDF.replace(b"/Root", b"/Boot"), "attachment_damaged"),
    "a PDF whose objects lie beyond it": (
        "scan.pdf",
        PDF.replace(b"startxref\n", b"startxref\n9"),
        "attachment_damaged",
    ),
    "a PDF of no version": ("scan.pdf", PDF.replace(b"1.7", b"x.y"), "attachment_damaged"),
    "a PNG of nothing but its name": ("screen.png", b"\x89PNG\r\n\x1a\n", "attachment_damaged"),
    "a PNG that is cut off": ("screen.png", picture()[:-1], "attachment_damaged"),
    "a PNG without its end": ("screen.png", picture()[:-12], "attachment_damaged"),
    "a PNG without pixels": ("screen.png", picture()[:33] + picture()[-12:], "attachment_damaged"),
    "a PNG of no size": ("screen.png", png(0, 9), "attachment_damaged"),
    "a PNG with a wrong bit": ("screen.png", _with_a_wrong_bit(picture()), "attachment_damaged"),
    "a PNG that something follows": ("screen.png", picture() + b"more", "attachment_damaged"),
    "a PNG in a PNG": ("screen.png", picture() + picture()[8:], "attachment_damaged"),
    "a JPEG of nothing but its name": ("photo.jpg", b"\xff\xd8\xff", "attachment_damaged"),
    "a JPEG of words": ("photo.jpg", b"\xff\xd8\xff\xe0 a photograph", "attachment_damaged"),
    "a JPEG of nothing but padding": ("photo.jpg", b"\xff\xd8" + b"\xff" * 20_000_000, "attachment_damaged"),
    "a JPEG that is cut off": ("photo.jpg", photograph()[:-2], "attachment_damaged"),
    "a JPEG without a frame": ("photo.jpg", b"\xff\xd8\xff\xda\0\x02\xff\xd9", "attachment_damaged"),
    "a JPEG of no size": (
        "photo.jpg",
        b"\xff\xd8\xff\xc0\0\x08\x08\0\0\0\x09\x01\xff\xda\0\x02\0\xff\xd9",
        "attachment_damaged",
    ),
    "a text of nothing": ("notes.txt", b"", "not_an_attachment"),
    "a text with a nought": ("notes.txt", b"a\0b", "not_an_attachment"),
    "a workbook that says it is a document": (
        "a.docx",
        zipped({TYPES: _EXCEL, "word/document.xml": b"<document/>"}),
        "not_an_attachment",
    ),
    "macros without a program": (
        "a.docx",
        zipped({TYPES: _WORD.replace(b"document.main", b"document.macroEnabled.main"), "word/document.xml": b"<d/>"}),
        "attachment_has_macros",
    ),
    "a program named txt": ("run.txt", b"MZ\x90\x00\x03\x00\x00\x00", "not_an_attachment"),
    "a text in no UTF-8": ("notes.txt", "schön".encode("latin-1"), "not_an_attachment"),
    "a zip named docx": ("a.docx", zipped({"a.txt": b"a"}), "not_an_attachment"),
    "a zip without its end": ("a.docx", docx()[:-30], "attachment_damaged"),
    "a part that says it is small": ("a.docx", _lying(docx(), 2), "attachment_damaged"),
    "a part packed in another way": (
        "a.docx",
        zipped({TYPES: _WORD, "word/document.xml": b""}, ZIP_LZMA),
        "attachment_damaged",
    ),
    "macros": ("a.docx", docx(**{"word/vbaProject.bin": b"x"}), "attachment_has_macros"),
    "a locked zip": ("a.docx", _flagged(docx()), "attachment_locked"),
    "a locked document": ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more", "attachment_locked"),
    "a damaged part": (
        "a.docx",
        zipped({TYPES: _WORD, "word/document.xml": b"x" * 99}, ZIP_STORED).replace(b"xxxx", b"yyyy", 1),
        "attachment_damaged",
    ),
}


def bomb() -> bytes:
    """A document that unpacks to much more than it is."""
    return docx(**{"word/media/a.bin": b"\0" * (200 * 1024 * 1024)})


def bomb_of_parts() -> bytes:
    """A document of more parts than any has."""
    return zipped({TYPES: b"", **{f"{n}": b"" for n in range(5_001)}})
