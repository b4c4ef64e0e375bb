"""Somebody gives a provider account a face, over HTTP from end to end."""

import urllib.error
import urllib.request

import pytest

from tests.e2e.running import Person
from tests.uploads.pictures import opened, photograph, picture
from tests.uploads.steps import sent


def shows_a_face(person: Person) -> None:
    """Post a GIF, which is refused; an image, which is shown by links; and take it away. Signed in as a site admin."""
    (account,) = person.call("GET", "/providers").body["items"]
    path = f"/providers/{account['id']}/image"
    upload = person.call("POST", path).body
    assert sent(upload["upload"], b"x" * (5 * 1024**2 + 1)) == 400
    assert sent(upload["upload"], picture("GIF")) == 204
    refused = person.call("POST", f"/uploads/{upload['id']}/complete")
    assert (refused.status, refused.body["code"]) == (422, "not_an_image")
    assert person.call("POST", f"/uploads/{upload['id']}/complete").body["code"] == "nothing_uploaded"
    assert sent(upload["upload"], photograph(orientation=6)) == 204
    assert person.call("POST", f"/uploads/{upload['id']}/complete").status == 200
    links = person.call("GET", path).body
    for name, size in (("image", (200, 300)), ("thumbnail", (128, 128))):
        with urllib.request.urlopen(links[name]) as answer:
            assert answer.headers["Content-Type"] == "image/webp"
            assert opened(answer.read()).size == size
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(links["image"].replace("Signature=", "Signature=0"))
    assert person.call("DELETE", path).status == 204
    assert person.call("GET", path).status == 404
