"""Search in the Help Center: what is found, in which order, and how it is shown."""

import re
from html import unescape

import pytest

from chalicelib.help import library
from chalicelib.help.search import Index, search, snippet
from chalicelib.help.words import distance, stem, words
from deploy.help_articles import BadArticle, Source, made, parsed
from tests.help.questions import LATER, QUESTIONS


def found(question: str, most: int = 3) -> list[str]:
    return [each.article.slug for each in search(library.index(), question, most)]


def index_of(**texts: str) -> Index:
    return made([Source(slug, slug, "Tickets", "-", text) for slug, text in texts.items()])


def test_customers_questions_lead_to_their_article_among_the_first_three() -> None:
    missed = [(question, slug) for question, slug in QUESTIONS if slug not in found(question)]
    assert len(QUESTIONS) == 40
    assert len(missed) <= 2, missed


def test_so_do_most_questions_that_nothing_was_tuned_for() -> None:
    missed = [(question, slug) for question, slug in LATER if slug not in found(question)]
    assert len(LATER) == 20
    assert len(missed) <= 5, missed


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("licence", "licenses"),
        ("liscense", "licenses"),
        ("lisences", "licenses"),
        ("LICENSE", "licenses"),
        ("dactivate", "deactivate-a-provider-now"),
        ("recovry codes", "recovery-codes"),
        ("reconcilation", "ledger-and-reconciliation"),
        ("authentciator", "set-up-two-factor"),
        ("unas", "unassigned-patients"),
        ("recov", "recovery-codes"),
        ("site-admin", "site-admins-and-support-users"),
        ("undo_over", "messages-licenses-and-providers"),
        ("emergency's", "emergency-form"),
        ("pátient dáta", "patient-data-in-tickets"),
    ],
)
def test_spelling_case_accents_and_missing_ends_do_not_matter(typed: str, meant: str) -> None:
    assert meant in found(typed, 6)


@pytest.mark.parametrize("question", ["", " ", "?", "xyzzyplugh", "'", "-_-", "\x00", "<>", "🙂"])
def test_what_shares_nothing_with_any_article_finds_none(question: str) -> None:
    assert found(question) == []


def test_a_question_of_nothing_but_common_words_is_taken_as_it_is() -> None:
    assert found("who can")


def test_a_rare_word_counts_more_than_a_common_one_and_the_title_more_than_the_text() -> None:
    common = [Source(f"common{number}", "One", "Tickets", "-", "ticket") for number in range(3)]
    rare = Source("rare", "Two", "Tickets", "-", "sextant of a ship")
    titled = Source("titled", "Sextant", "Tickets", "-", "something else about a ship")
    found = search(made([*common, rare, titled]), "ticket sextants", 3)
    assert [each.article.slug for each in found] == ["titled", "rare", "common0"]


def test_only_the_last_word_may_be_a_beginning() -> None:
    index = index_of(one="proration of a period", two="period")
    assert [each.article.slug for each in search(index, "prora", 3)] == ["one"]
    assert search(index, "prora zzz", 3) == []


def test_an_exact_word_is_never_taken_for_a_misspelt_one() -> None:
    index = index_of(one="mail", two="main")
    assert [each.article.slug for each in search(index, "mail zzz", 3)] == ["one"]


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [
        ("license", "license", 0),
        ("licence", "license", 1),
        ("liscense", "license", 1),
        ("lisence", "license", 2),
        ("recieve", "receive", 1),
        ("dactivate", "deactivate", 1),
        ("", "ab", 2),
        ("cab", "abc", 2),
        ("codes", "ticket", 3),
    ],
)
def test_distances_count_what_was_added_left_out_replaced_and_swapped(one: str, other: str, errors: int) -> None:
    assert distance(one, other, 2) == distance(other, one, 2) == errors


@pytest.mark.parametrize(
    "family",
    [
        "deactivate deactivates deactivated deactivating deactivation deactivations",
        "cancel cancels cancelled canceled cancelling cancellation",
        "copy copies copied copying",
        "invite invited invitation invitations",
        "charge charged charges charging",
        "access accesses",
        "address addresses",
        "priority priorities",
        "patient patient's patients patients'",
    ],
)
def test_the_forms_of_a_word_have_one_stem(family: str) -> None:
    assert len({stem(word) for word in words(family)}) == 1


def test_different_words_keep_different_stems() -> None:
    told = "license provider patient practice ticket user username role code copy date day deactivate reactivate order"
    assert len({stem(word) for word in told.split()}) == len(told.split())


def test_words_that_are_joined_stand_there_in_parts_and_whole() -> None:
    assert words("Sign-in: no_license_available; Zoë’s") == [
        *("sign", "in", "signin"),
        *("no", "license", "available", "no_license_available"),
        "zoes",
    ]


# --- Snippets -----------------------------------------------------------------------------------------------------


def test_a_snippet_marks_the_words_and_escapes_everything_else() -> None:
    text = '<script>alert("x")</script> & a license\nfor <b>you</b>'
    shown = snippet(text, {"licens": 1.0})
    assert (
        shown
        == "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; a <mark>license</mark> for &lt;b&gt;you&lt;/b&gt;"
    )


def test_a_snippet_is_cut_from_where_most_of_the_question_stands() -> None:
    text = "License. " + "Nothing of that kind. " * 20 + "Here a license is cancelled. " + "Nothing at all. " * 20
    shown = snippet(text, {"licens": 0.5, "cancel": 1.0})
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert "<mark>license</mark> is <mark>cancelled</mark>" in shown


@pytest.mark.parametrize("question", [question for question, _ in QUESTIONS[:12]])
def test_every_snippet_is_text_of_its_article_and_short(question: str) -> None:
    for article, shown in search(library.index(), question, 10):
        bare = unescape(re.sub("</?mark>", "", shown)).strip("…")
        assert bare in article.text.replace("\n", " ")
        assert len(bare) <= 180
        assert "<" not in re.sub("</?mark>", "", shown)


# --- How articles are written -------------------------------------------------------------------------------------


def test_html_in_an_article_is_shown_as_text_and_no_link_runs_a_script() -> None:
    (article,) = index_of(one='<img src=x onerror="x()"> [a](javascript:alert(1)) [b](data:text/html,x)').articles
    assert "<img" not in article.html
    assert "href" not in article.html
    assert article.text.startswith("<img src=x")


@pytest.mark.parametrize(
    "text",
    [
        "No front matter",
        "---\ntitle: A\nsection: Nowhere\nkeywords: a\n---\ntext\n",
        "---\ntitle: A\nsection: Tickets\n---\ntext\n",
        "---\ntitle: A\nsection: Tickets\nkeywords: a\n---\n",
    ],
)
def test_an_article_without_its_front_matter_is_refused(text: str) -> None:
    with pytest.raises(BadArticle, match="odd"):
        parsed("odd", text)
