"""The words of the Help Center's routes."""

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.validation import ListQuery


class ArticleQuery(ListQuery, frozen=True, forbid_unknown_fields=True):
    """Which articles: `q` is a question, in any words. It is not kept."""

    q: Annotated[str, Meta(max_length=200, description="A question, or some words; leave patients out of it")] = ""


class FoundArticle(msgspec.Struct, frozen=True):
    """An article in a list. `snippet` is HTML that is safe to show: text of it, the words asked for in `<mark>`."""

    slug: str
    title: str
    section: str
    snippet: str


class FoundArticles(msgspec.Struct, frozen=True):
    """Articles. `search_id` is what a ticket names when none of them helped; null where nothing was asked."""

    items: list[FoundArticle]
    next_cursor: str | None
    search_id: str | None


class HelpArticle(msgspec.Struct, frozen=True):
    """An article; `html` is safe to show. Its links to other articles are their slugs."""

    slug: str
    title: str
    section: str
    html: str
