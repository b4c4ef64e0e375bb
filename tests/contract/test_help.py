"""The Help Center: its index is the generated one, its links lead somewhere, and it explains every problem code."""

import ast
import re
import sys
from pathlib import Path

import pytest

from chalicelib import errors
from chalicelib.console import navigation, rendering, words
from chalicelib.help import library
from chalicelib.http import ROUTES
from deploy import help_articles, openapi

SOURCES = help_articles.sources()
HELP = Path(library.__file__).parent
LEADS = {"Not solved after all?", "Closed already?", "Solved by yourself?"}
"""Questions with which paragraphs begin: there is nothing of these names to choose."""


def test_the_index_is_the_generated_one() -> None:
    assert library.INDEX.read_text() == help_articles.rendered(help_articles.made(SOURCES)), "run `make generate`"


def test_every_section_has_articles_and_no_two_have_one_title() -> None:
    assert {source.section for source in SOURCES} == set(help_articles.SECTIONS)
    assert len({source.title for source in SOURCES}) == len(SOURCES)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: str(source.slug))
def test_links_between_articles_lead_somewhere(source: help_articles.Source) -> None:
    links = re.findall(r"\]\(([^)]*)\)", source.markdown)
    assert {link for link in links if link not in library.index().by_slug} == set()
    assert source.slug not in links


def plain(text: str) -> str:
    """As people compare it: no capitals, typographic apostrophes or dots of more to come."""
    return text.replace("’", "'").replace("…", "").lower()


def test_what_articles_print_bold_stands_on_a_screen() -> None:
    # What ends with a sign is the beginning of a paragraph, and names nothing to choose.
    bold = {
        phrase
        for source in SOURCES
        if source.section not in ("For developers", "Messages by code")
        for phrase in re.findall(r"\*\*(.+?)\*\*", source.markdown)
        if phrase[-1] not in ".:" and phrase not in LEADS
    }
    written = [*rendering.TEMPLATES.glob("*.html"), Path(words.__file__), Path(navigation.__file__)]
    screens = plain("\n".join(each.read_text() for each in written))
    assert {phrase for phrase in bold if plain(phrase) not in screens} == set()


def explained() -> list[str]:
    messages = "\n".join(source.markdown for source in SOURCES if source.section == "Messages by code")
    return re.findall(r"^- `([a-z_]+)`: ", messages, re.MULTILINE)


def test_every_problem_code_that_customers_meet_is_explained() -> None:
    openapi.document()  # loads the rooms
    routes = [route for route in ROUTES if route.room != "staff"]
    codes = {code for route in routes for codes in openapi.refusals(route).values() for code in codes}
    problems: list[type[errors.Problem]] = [errors.Problem, *errors.Problem.__subclasses__()]
    codes |= {problem.code for problem in problems}
    assert codes - set(explained()) == set(), "say what they mean in chalicelib/help/articles/messages-*.md"


def test_the_search_needs_nothing_but_the_standard_library_and_msgspec() -> None:
    allowed = {*sys.stdlib_module_names, "msgspec"}
    ours = {"chalicelib.search", *(f"chalicelib.help.{path.stem}" for path in HELP.glob("*.py"))}
    for path in HELP.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [each.name for each in node.names] if isinstance(node, ast.Import) else []
            assert [name for name in names if name.split(".")[0] not in allowed and name not in ours] == [], path
