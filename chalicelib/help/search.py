"""Search in the Help Center: BM25 over weighted fields, the last word may be a beginning, typing errors are forgiven.

Pure: an index in, articles out. What BM25 says of a word and an article is worked out when the index is made
(`deploy/help_articles.py`), so a search only adds numbers up. Reasons: `docs/decisions/0026-help.md`.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import cached_property
from heapq import nsmallest
from html import escape
from typing import Final, NamedTuple

import msgspec

from chalicelib.help.words import distance, errors_allowed, letters, stem, tells, terms, words

MOST_WORDS: Final = 20
"""Words of a question that are looked at."""
_PREFIX, _TYPO = 0.6, 0.6
_SHORTEST_BEGINNING = 2
_MOST_FORMS = 25
_SNIPPET, _LEAD = 180, 60


class Article(msgspec.Struct, frozen=True):
    """An article. `html` is safe to show; `text` is what it says, without marks, one line for each block."""

    slug: str
    title: str
    section: str
    html: str
    text: str


class Index(msgspec.Struct, frozen=True, dict=True):
    """All articles, and which words stand in which: `terms` maps the stem of a word to (number of the article, points)
    pairs; `forms` are the words themselves, sorted."""

    articles: tuple[Article, ...]
    forms: tuple[str, ...]
    terms: dict[str, tuple[tuple[int, int], ...]]

    @cached_property
    def letters(self) -> list[int]:
        """The letters of each form, in their order."""
        return [letters(form) for form in self.forms]

    @cached_property
    def by_slug(self) -> dict[str, Article]:
        """Each article by its slug."""
        return {article.slug: article for article in self.articles}


class Found(NamedTuple):
    """An article that was found. `snippet` is HTML: text of the article, escaped, the words asked for in `<mark>`."""

    article: Article
    snippet: str


def search(index: Index, question: str, most: int) -> list[Found]:
    """The articles that answer, the best first, `most` of them; those that share nothing with the question are left
    out."""
    asked = words(question)[:MOST_WORDS]
    telling = list(filter(tells, asked)) or asked
    points: dict[int, float] = {}
    wanted: dict[str, float] = {}
    for word in dict.fromkeys(telling):
        best: dict[int, float] = {}
        for term, share in _meant(index, word, is_last=word == asked[-1]):
            wanted[term] = 1 / len(index.terms[term])
            for number, weight in index.terms[term]:
                best[number] = max(best.get(number, 0), weight * share)
        for number, most_sure in best.items():
            points[number] = points.get(number, 0) + most_sure
    ranked = nsmallest(most, points, key=lambda number: (-points[number], number))
    return [Found(index.articles[number], snippet(index.articles[number].text, wanted)) for number in ranked]


def _meant(index: Index, word: str, *, is_last: bool) -> Iterator[tuple[str, float]]:
    """The terms that a word may mean, and how surely: itself; else what it begins, as the last one; else what it
    misspells."""
    if stem(word) in index.terms:
        yield stem(word), 1.0
    elif begun := _begun(index, word) if is_last and len(word) >= _SHORTEST_BEGINNING else []:
        yield from ((stem(form), _PREFIX) for form in begun)
    else:
        yield from ((stem(form), _TYPO) for form in _alike(index, word))


def _begun(index: Index, beginning: str) -> list[str]:
    start = bisect_left(index.forms, beginning)
    return [form for form in index.forms[start : start + _MOST_FORMS] if form.startswith(beginning)]


def _alike(index: Index, word: str) -> list[str]:
    """The forms with the fewest typing errors between them and the word."""
    most, bits = errors_allowed(word), letters(word)
    # A letter that is replaced changes two bits at most.
    near = (
        form for form, other in zip(index.forms, index.letters, strict=True) if (bits ^ other).bit_count() <= 2 * most
    )
    found: dict[int, list[str]] = {}
    for form in near:
        found.setdefault(distance(word, form, most), []).append(form)
    return next((found[errors] for errors in range(1, most + 1) if errors in found), [])


# --- Snippets -----------------------------------------------------------------------------------------------------


def snippet(text: str, wanted: Mapping[str, float]) -> str:
    """The part of the text that has most of the wanted terms, as HTML; `wanted` says what each of them is worth."""
    places = [(m.start(), m.end(), hit) for m in _TOKEN.finditer(text) if (hit := terms(m.group()) & wanted.keys())]
    start = _best_start(text, places, wanted)
    end = len(text) if len(text) - start <= _SNIPPET else text.rfind(" ", start, start + _SNIPPET)
    parts, position = [], start
    for begin, stop, _ in places:
        if start <= begin and stop <= end:
            parts += [escape(text[position:begin]), "<mark>", escape(text[begin:stop]), "</mark>"]
            position = stop
    parts.append(escape(text[position:end]))
    return f"{'…' if start else ''}{''.join(parts)}{'…' if end < len(text) else ''}".replace("\n", " ")


_TOKEN = re.compile(r"\w+")
_Places = list[tuple[int, int, frozenset[str]]]


def _best_start(text: str, places: _Places, wanted: Mapping[str, float]) -> int:
    """Where to begin: at the line or word shortly before the place that is followed by the most."""
    best, most = 0, 0.0
    for number, (begin, _, _) in enumerate(places):
        within = (hit for other, _, hit in places[number:] if other < begin + _SNIPPET - _LEAD)
        worth = sum(wanted[term] for term in frozenset[str]().union(*within))
        if worth > most:
            best, most = begin, worth
    if best < _LEAD:
        return 0
    line = text.rfind("\n", 0, best) + 1
    return line if best - line <= _LEAD else text.find(" ", best - _LEAD) + 1
