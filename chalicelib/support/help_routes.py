"""The HTTPS face of the Help Center."""

from chalicelib.auth import ENROLLING
from chalicelib.http import route
from chalicelib.store import Context
from chalicelib.support.blueprint import bp
from chalicelib.support.help_model import ArticleQuery, FoundArticles, HelpArticle
from chalicelib.support.usecases import articles


@route(bp, "GET", "/help/articles", permit=ENROLLING)
def list_articles(ctx: Context, query: ArticleQuery) -> FoundArticles:
    """The Help Center's articles: all of them, or those that answer a question, the best first. A search has one page;
    its `search_id` goes into a ticket that is filed within 24 hours because no article helped."""
    return articles.find(ctx, query)


@route(bp, "GET", "/help/articles/{slug}", permit=ENROLLING)
def show_article(ctx: Context, slug: str) -> HelpArticle:
    """One article of the Help Center."""
    return articles.show(slug)
