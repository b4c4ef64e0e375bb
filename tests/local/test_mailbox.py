"""The mailbox's page: everything that a customer typed is shown as it is, and links can be followed."""

from local.mailbox import Letter, page


def test_escapes_what_is_in_a_message_and_links_what_is_a_link() -> None:
    body = "<script>alert(1)</script>\nLink: http://127.0.0.1:8000/x?a=1&b=2\n"
    shown = page([Letter("email", '"><b>@x', "<i>$body", body, None, "2026-07-08T17:00:00.000Z")])
    assert "<script" not in shown
    assert "&lt;script&gt;alert(1)" in shown
    assert "&quot;&gt;&lt;b&gt;@x" in shown
    assert "&lt;i&gt;$body" in shown
    assert '<a href="http://127.0.0.1:8000/x?a=1&amp;b=2">http://127.0.0.1:8000/x?a=1&amp;b=2</a>' in shown


def test_says_that_there_is_nothing() -> None:
    assert "No message yet." in page([])
