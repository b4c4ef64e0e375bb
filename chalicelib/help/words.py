"""Words as a search sees them: folded, without endings, and forgiving about typing errors. Pure."""

import re
from functools import lru_cache

from chalicelib.search import folded

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
# What nearly every question has in it. "not" and "no" stay: they make a difference.
_STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
    a about am an and any are as at be been but by did do does for from get got had has have how i if in into is it
    its make me more my of on one or our ours please should so some someone somebody than that the their them then
    there these they this to us was we were what when where which why will with would you your yours
    """,
    )
)
_ENDINGS = (
    "ations",
    "ation",
    "ating",
    "ated",
    "ates",
    "ate",
    "ions",
    "ings",
    "ion",
    "ing",
    "ies",
    "ied",
    "ed",
    "es",
    "s",
)
_SHORTEST_STEM = 3


def words(text: str) -> list[str]:
    """The folded words of a text in their order. What is joined by - or _ stands there whole, too, without the hyphen:
    `sign-in` gives sign, in, signin; `no_license_available` gives no, license, available, no_license_available."""
    found: list[str] = []
    for match in _WORD.finditer(text):
        parts = folded(match.group().replace("_", " ")).split()
        found += parts
        if len(parts) > 1:
            found.append(("_" if "_" in match.group() else "").join(parts))
    return found


@lru_cache(maxsize=8192)
def terms(text: str) -> frozenset[str]:
    """The stems of all words in a text."""
    return frozenset(map(stem, words(text)))


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A word without its ending, so that deactivate, deactivated, deactivating and deactivation are one. It is no word
    of English any more, and needs not be: a light version of what M. F. Porter describes (1980)."""
    if len(word) <= _SHORTEST_STEM or not word.isalpha():
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            if ending != "s" or word[-2] not in "su":
                word = word[: -len(ending)]
            break
    while len(word) > _SHORTEST_STEM and (word[-1] in "eiy" or (word[-1] == word[-2] and word[-1] not in "s")):
        word = word[:-1]
    return word


def tells(word: str) -> bool:
    """Whether a word of a question says what it is about."""
    return word not in _STOP_WORDS and stem(word) not in _STOP_WORDS


# --- Typing errors ------------------------------------------------------------------------------------------------


def errors_allowed(word: str) -> int:
    """How many typing errors are forgiven: none in a short word or a number."""
    if len(word) < 4 or not word.isalpha():
        return 0
    return 1 if len(word) < 8 else 2


def letters(word: str) -> int:
    """The letters that a word has, as bits: words whose bits differ much are far apart."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 31)
    return bits


def distance(one: str, other: str, most: int) -> int:
    """How many letters are to be added, left out, replaced, or swapped with their neighbour to make one word of the
    other (optimal string alignment); `most` + 1 for more than that."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    older: list[int] = []
    above, row = older, list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        older, above, row = above, row, [i]
        for j, place in enumerate(other, start=1):
            cost = min(above[j] + 1, row[-1] + 1, above[j - 1] + (letter != place))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == place:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1] if row[-1] <= most else most + 1
