"""The Help Center: a question, articles that answer it, one of them beside."""

from typing import Any

from chalicelib.auth import ENROLLING
from chalicelib.console.pages import page
from chalicelib.store import Context
from chalicelib.support import rules
from chalicelib.support.help_model import ArticleQuery
from chalicelib.support.usecases import articles


class HelpQuery(ArticleQuery, frozen=True, forbid_unknown_fields=True):
    """A question, and which article is open beside the answers."""

    open: str = ""


@page("/console/help", permit=ENROLLING, template="help.html")
def show_help(ctx: Context, query: HelpQuery) -> dict[str, Any]:
    """The articles that answer a question, or all of them."""
    found = articles.find(ctx, query)
    opened = articles.show(query.open) if query.open else None
    return {"asked": query, "found": found, "article": opened, "may_file": rules.may_file(ctx.actor)}


@page("/console/help/{slug}", permit=ENROLLING, template="help_article.html")
def show_article(ctx: Context, slug: str) -> dict[str, Any]:
    """One article."""
    return {"article": articles.show(slug)}
