"""The Help Center's index, made of its articles: `python -m deploy generate` writes it.

It is committed, and read as it stands: no Lambda renders Markdown or counts words.
"""

import json
import math
import re
from collections import Counter
from html import unescape
from typing import Final, NamedTuple

import msgspec
from markdown_it import MarkdownIt

from chalicelib.help.library import INDEX
from chalicelib.help.search import Article, Index
from chalicelib.help.words import stem, words

DIRECTORY = INDEX.parent / "articles"
SECTIONS: Final = (
    "Licenses",
    "Providers",
    "Patients",
    "Account access",
    "Codes",
    "Signing in",
    "Users and roles",
    "Tickets",
    "Messages by code",
    "For developers",
)
"""The sections in the order in which they are shown."""
# How much a word in the title, or among the keywords, counts beside one in the text.
_TITLE, _KEYWORDS = 6, 4
# BM25 as S. Robertson and H. Zaragoza give it (2009), with their usual values; points are in hundredths.
_K1, _B = 1.2, 0.75


class Source(NamedTuple):
    """An article as it is written. `keywords` are words that people use and the text does not."""

    slug: str
    title: str
    section: str
    keywords: str
    markdown: str


class BadArticle(ValueError):
    """An article without its front matter, or with a strange one."""


def write() -> None:
    """Write the index to where the library reads it."""
    INDEX.write_text(rendered(made(sources())), encoding="utf-8")


def sources() -> list[Source]:
    """All articles, section by section and there by title. Raises BadArticle."""
    found = [parsed(path.stem, path.read_text(encoding="utf-8")) for path in DIRECTORY.glob("*.md")]
    return sorted(found, key=lambda source: (SECTIONS.index(source.section), source.title))


def parsed(slug: str, text: str) -> Source:
    """An article of its file's text. Raises BadArticle."""
    matter = re.fullmatch(r"---\ntitle: (.+)\nsection: (.+)\nkeywords: (.+)\n---\n(.+)", text, re.DOTALL)
    if matter is None or matter[2] not in SECTIONS:
        raise BadArticle(f"{slug}: begin with title, one of the sections, and keywords")
    return Source(slug, *matter.groups())


def made(articles: list[Source]) -> Index:
    """The index of these articles."""
    shown = [_article(source) for source in articles]
    counts = [_counted(source, article) for source, article in zip(articles, shown, strict=True)]
    lengths = [sum(count.values()) for count in counts]
    average = sum(lengths) / len(lengths)
    postings: dict[str, list[tuple[int, int]]] = {}
    spread = Counter(term for count in counts for term in count)
    for number, (count, length) in enumerate(zip(counts, lengths, strict=True)):
        for term, times in count.items():
            rarity = math.log(1 + (len(counts) - spread[term] + 0.5) / (spread[term] + 0.5))
            saturated = times * (_K1 + 1) / (times + _K1 * (1 - _B + _B * length / average))
            if points := round(100 * rarity * saturated):
                postings.setdefault(term, []).append((number, points))
    forms = {word for source, article in zip(articles, shown, strict=True) for word in _words(source, article)}
    return Index(
        articles=tuple(shown),
        forms=tuple(sorted(form for form in forms if stem(form) in postings)),
        terms={term: tuple(places) for term, places in sorted(postings.items())},
    )


def rendered(index: Index) -> str:
    """The index as JSON, with a line for each article and each term."""

    def lines(parts: list[str]) -> str:
        return ",\n".join(parts)

    plain = msgspec.to_builtins(index)
    articles = lines([_compact(article) for article in plain["articles"]])
    terms = lines([f"{_compact(term)}:{_compact(places)}" for term, places in plain["terms"].items()])
    return f'{{"articles":[\n{articles}\n],\n"forms":{_compact(plain["forms"])},\n"terms":{{\n{terms}\n}}}}\n'


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _article(source: Source) -> Article:
    # Without `html`, what looks like HTML in an article is shown as text; links to scripts are no links.
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(source.markdown)
    return Article(source.slug, source.title, source.section, html, plain_text(html))


def plain_text(html: str) -> str:
    """What the HTML says, one line for each block."""
    blocks = re.split(r"</?(?:p|h\d|li|ul|ol|tr|td|th|table|thead|tbody|blockquote|pre)>", html)
    lines = (" ".join(unescape(re.sub("<[^>]+>", "", block)).split()) for block in blocks)
    return "\n".join(line for line in lines if line)


def _counted(source: Source, article: Article) -> Counter[str]:
    count = Counter(stem(word) for word in words(article.text))
    for text, weight in ((source.title, _TITLE), (source.keywords, _KEYWORDS)):
        for word in words(text):
            count[stem(word)] += weight
    return count


def _words(source: Source, article: Article) -> list[str]:
    return words(f"{source.title}\n{source.keywords}\n{article.text}")
