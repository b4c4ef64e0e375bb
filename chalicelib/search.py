"""What people type, and where it is found: texts folded for search, and the beginnings that keys find. Pure."""

import unicodedata
from collections.abc import Iterable
from typing import Final

_LONGEST: Final = 80
"""Bytes of a text that take part in its order: two of them and an id make a key, and a cursor."""
_STROKES: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})
"""Letters whose stroke or ligature Unicode does not take apart."""
_APOSTROPHES: Final = frozenset("'’‘ʼ`´")


def folded(text: str) -> str:
    """The form in which texts are searched and ordered: no case, no accents, and signs between words as one blank.

    "Smith-Jones, Zoë" and "smith jones zoe" are one, so are "O'Brien" and "OBrien".
    """
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_STROKES)
    return " ".join("".join(map(_searched, decomposed)).split())


def _searched(sign: str) -> str:
    category = unicodedata.category(sign)
    if category in ("Mn", "Me", "Cf") or sign in _APOSTROPHES:
        return ""
    return " " if category[0] in "ZP" or category == "Cc" else sign


def clipped(text: str) -> str:
    """As much of a text as stands in a key. What begins alike still does."""
    return text.encode()[:_LONGEST].decode(errors="ignore").rstrip()


def terms(texts: Iterable[str]) -> list[str]:
    """The texts as they stand in keys, in order. One that another begins with is left out: whatever finds it finds the
    other."""
    clipped_texts = {clipped(text) for text in texts} - {""}
    return sorted(
        term for term in clipped_texts if not any(other != term and other.startswith(term) for other in clipped_texts)
    )


def found_under(terms_: Iterable[str], wanted: str) -> str | None:
    """Under which of its terms, in order, a thing is shown to who searches for `wanted`: the first that begins so."""
    return next((term for term in terms_ if term.startswith(wanted)), None)
