"""POST /staff/tickets/{ticket_id}/redact: for good, in every place the text stands."""

import json
from typing import Any

import pytest

from tests.api import Api
from tests.cast import Cast, Person
from tests.identity.steps import all_text, bad_fields, later
from tests.staff.people import staff_person
from tests.staff.test_tickets import place, queued
from tests.support.documents import PDF
from tests.support.steps import filed, history_of, listed, said_on, shown, ticket_body
from tests.uploads.steps import objects, posted
from tests.world import World

NAMED = "Walpurgis"
WHY = "a patient was named"


@pytest.fixture
def sam(api: Api) -> Person:
    return staff_person("sam")


def redact(api: Api, sam: Person, person: Person, number: int, *fields: str, reason: str = WHY) -> Any:
    body = {"fields": list(fields), "reason": reason}
    return api.post(place(person, number, "redact"), body, sam.token)


def told(api: Api, cast: Cast, sam: Person) -> tuple[int, list[str]]:
    """A ticket that names somebody wherever it can, and the ids of what was said on it."""
    number = filed(api, cast.site_admin, subject=f"About {NAMED}", body=f"{NAMED} came.", cc=["pat"])
    ids = [
        api.post(f"/tickets/{number}/comments", {"body": f"{NAMED} went."}, cast.site_admin.token, key=f"k{number}"),
        api.post(place(cast.site_admin, number, "comments"), {"body": f"Who is {NAMED}?"}, sam.token, key=f"k{number}"),
    ]
    api.tick("relay_events")
    return number, [each.json_body["id"] for each in ids]


def test_nothing_of_the_text_is_left_anywhere(api: Api, cast: Cast, sam: Person, world: World) -> None:
    number, ids = told(api, cast, sam)
    assert NAMED in all_text(world)
    answer = redact(api, sam, cast.site_admin, number, "subject", "body", *ids)
    assert (answer.status_code, answer.json_body["fields"]) == (200, sorted(["subject", "body", *ids]))
    api.tick("relay_events")
    left = all_text(world).casefold()
    assert NAMED.casefold() not in left, "no row of any table"
    assert NAMED not in str(world.emails()) + str(world.topic_messages("support")), "no message"
    assert listed(api, cast.site_admin, f"q={NAMED}") == []
    assert listed(api, cast.site_admin, "q=redacted") == [number]
    assert queued(api, sam.token) == ["[redacted]"]
    ticket = shown(api, cast.site_admin, number)
    assert (ticket["subject"], ticket["body"]) == ("[redacted]", "[redacted]")
    assert said_on(api, cast.site_admin, number) == ["[redacted]"] * 2


def _unnamed(answer: Any) -> str:
    assert answer.status_code < 300, answer.body
    return str(answer.json_body.get("id", ""))


def test_a_word_that_stands_wherever_words_may_is_nowhere_afterwards(
    api: Api, cast: Cast, sam: Person, world: World
) -> None:
    """Tables, buckets, messages; also where requests had keys, and so have receipts."""
    ada, call = cast.site_admin, {"subject": NAMED, "body": NAMED, "contact_email": "a@b.example", "username": "ada"}
    api.get(f"/help/articles?q={NAMED}", ada.token)
    body = ticket_body(subject=f"{NAMED}s", body=NAMED, cc=["pat"])
    assert api.post("/tickets", body, ada.token, key="k").status_code == 201
    assert api.post("/emergency-tickets", call | {"contact_name": NAMED}, key="k").status_code == 202
    path, edited = "/tickets/1", {"subject": f"The {NAMED}"}
    headers = {"If-Match": "*"}
    assert api.request("PATCH", path, edited, token=ada.token, key="k", headers=headers).status_code == 200
    said = [
        api.post(f"{path}/comments", {"body": NAMED}, ada.token, key="k"),
        api.post(place(ada, 1, "comments"), {"body": NAMED, "status": "waiting_on_you"}, sam.token, key="k"),
    ]
    upload = api.post(f"{path}/attachments", {"name": f"{NAMED}.txt"}, ada.token, key="k").json_body
    assert posted(upload["upload"], NAMED.encode()) == 204
    said.append(api.post(f"/uploads/{upload['id']}/complete", token=ada.token, key="k"))
    api.tick("relay_events")
    assert all_text(world).count(NAMED) > 10
    assert redact(api, sam, ada, 1, "subject", "body", *map(_unnamed, said)).status_code == 200
    assert redact(api, sam, ada, 2, "subject", "body", "contact_name").status_code == 200
    api.tick("relay_events")
    with later(hours=2):
        api.tick("sweep_expired")
    assert NAMED.casefold() not in all_text(world).casefold()
    assert objects() == set()
    assert NAMED not in str(world.emails()) + str(world.topic_messages("support"))
    for asked in ("subject", "contact_name"):
        assert redact(api, sam, ada, 1, asked).status_code == (200 if asked == "subject" else 422), asked


def test_a_mark_says_who_when_and_why_and_the_history_only_where(api: Api, cast: Cast, sam: Person) -> None:
    number, _ = told(api, cast, sam)
    redact(api, sam, cast.site_admin, number, "body")
    mark = {"fields": ["body"], "by": "staff:sam", "at": "2026-07-02T16:00:00Z", "reason": WHY}
    assert shown(api, cast.site_admin, number)["redactions"] == [mark]
    newest = history_of(api, cast.site_admin, number)[0]
    assert (newest["what"], newest["by"], newest["after"]["fields"]) == ("redacted", "staff:sam", ["body"])
    assert WHY not in str(api.get("/audit?limit=1", cast.site_admin.token).json_body)


def test_only_what_is_named_is_taken_out(api: Api, cast: Cast, sam: Person) -> None:
    number, (first, second) = told(api, cast, sam)
    redact(api, sam, cast.site_admin, number, first)
    comments = api.get(f"/tickets/{number}/comments", cast.site_admin.token).json_body["items"]
    assert [each["body"] for each in comments] == ["[redacted]", f"Who is {NAMED}?"]
    assert comments[0]["redacted"]["by"] == "staff:sam"
    assert shown(api, cast.site_admin, number)["subject"] == f"About {NAMED}"
    assert redact(api, sam, cast.site_admin, number, first, second).status_code == 200, "and once more"


def test_what_is_no_text_of_the_ticket_is_refused_whole(api: Api, cast: Cast, sam: Person, world: World) -> None:
    number, _ = told(api, cast, sam)
    other, (theirs, _) = told(api, cast, sam)
    before = world.everything()
    for name in ("body ", "priority", "cmt_none", theirs, "history", "../body", "body#", ""):
        assert bad_fields(redact(api, sam, cast.site_admin, number, "subject", name)) == {"fields"}, name
    assert bad_fields(redact(api, sam, cast.site_admin, number)) == {"fields"}
    assert world.everything() == before
    assert other > number


def test_the_reason_names_no_patient_itself(api: Api, cast: Cast, sam: Person, world: World) -> None:
    number, _ = told(api, cast, sam)
    before = world.everything()
    assert bad_fields(redact(api, sam, cast.site_admin, number, "body", reason="SSN 123-45-6789")) == {"reason"}
    assert world.everything() == before


def test_a_solved_ticket_is_redacted_too(api: Api, cast: Cast, sam: Person) -> None:
    number, _ = told(api, cast, sam)
    api.post(place(cast.site_admin, number, "comments"), {"body": "Done.", "status": "solved"}, sam.token)
    assert redact(api, sam, cast.site_admin, number, "subject").status_code == 200
    ticket = shown(api, cast.site_admin, number)
    assert (ticket["status"], ticket["subject"]) == ("solved", "[redacted]")
    assert json.dumps(ticket["redactions"]).count("subject") == 1


def test_a_file_is_taken_out_and_its_name_forgotten(api: Api, cast: Cast, sam: Person, world: World) -> None:
    number, ada = filed(api, cast.site_admin), cast.site_admin
    upload = api.post(f"/tickets/{number}/attachments", {"name": f"{NAMED}.pdf"}, ada.token).json_body
    assert posted(upload["upload"], PDF) == 204
    assert api.post(f"/uploads/{upload['id']}/complete", token=ada.token).status_code == 200
    (shown_to_staff,) = api.get(place(ada, number, "attachments"), sam.token).json_body["items"]
    assert shown_to_staff["name"] == f"{NAMED}.pdf"
    assert redact(api, sam, ada, number, upload["id"]).status_code == 200
    assert api.get(f"/tickets/{number}/attachments", ada.token).json_body["items"] == []
    assert NAMED not in all_text(world)
    with later(days=1):
        api.tick("sweep_expired")
    assert objects() == set()
