"""How tickets are searched: by the number, and by words of the subject. Pure."""

from typing import Final

from chalicelib import search

_MOST_WORDS: Final = 12


def words(text: str) -> list[str]:
    """The words of a text as they are searched, the first ones, each once."""
    return list(dict.fromkeys(map(search.clipped, search.folded(text).split())))[:_MOST_WORDS]


def terms(number: int, subject: str) -> list[str]:
    """What a search finds a ticket by, in order."""
    return search.terms([str(number), *words(subject)])


def matches(number: int, subject: str, wanted: list[str]) -> bool:
    """Whether each of the wanted words begins one of a ticket's terms."""
    return all(search.found_under(terms(number, subject), word) for word in wanted)
