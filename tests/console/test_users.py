"""The screens of the practice's users."""

from chalicelib.mail import AddressRow
from tests.api import Api
from tests.cast import Cast, enrolled
from tests.console.browser import Browser
from tests.feedback import bounced


def test_all_who_can_sign_in_are_listed_with_state_and_roles(admin: Browser) -> None:
    rows = [row.text for row in admin.open("/console/users").root.all("tbody")[0].all("tr")]
    assert [row.split()[0] for row in rows] == ["ada", "cleo", "pat", "sue"]
    assert "active Site admin on" in rows[0]
    assert "active none off never" in rows[2]
    assert "Support user" in rows[3]


def test_a_practice_with_one_site_admin_is_warned_and_led_to_the_ticket(admin: Browser) -> None:
    page = admin.open("/console/users")
    assert "fewer than two active site admins" in page.text
    assert page.root.all("a", href="/console/tickets/new?category=role_change")


def test_a_user_is_added_with_or_without_a_password(admin: Browser) -> None:
    page = admin.press(admin.open("/console/new-user"), "Add user", username="Nina", email="nina@clinic.example")
    assert page.path == "/console/users/nina"
    assert "nina is mailed a link to set a password." in page.text
    fields = {"username": "olaf", "email": "olaf@clinic.example", "password": "quiet canoe on a blue lake"}
    assert "olaf can sign in." in admin.press(admin.open("/console/new-user"), "Add user", **fields).text


def test_a_name_in_other_letters_leads_to_its_page(admin: Browser) -> None:
    form = admin.open("/console/new-user")
    fields = dict(form.fields("Add user")) | {"username": "Мария", "email": "maria@clinic.example"}
    place = admin.send("POST", form.path, fields).headers["Location"]
    assert str(place).isascii()
    assert "мария is mailed a link" in admin.open(str(place)).text


def test_what_was_typed_stays_when_a_user_is_refused(admin: Browser) -> None:
    page = admin.press(admin.open("/console/new-user"), "Add user", username="pat", email="no address")
    assert page.status == 422
    assert page.error("email")
    fields = dict(page.fields("Add user"))
    assert (fields["username"], fields["email"]) == ("pat", "no address")
    assert admin.press(page, "Add user", email="pat@clinic.example").status == 409


def test_a_user_is_deactivated_after_asking_and_comes_back(admin: Browser, api: Api, cast: Cast) -> None:
    page = admin.follow(admin.open("/console/users/pat"), "Deactivate")
    assert page.heading == "Deactivate pat?"
    page = admin.press(page, "Deactivate pat")
    assert "pat is inactive. All its sessions have ended." in page.text
    assert api.get("/me", cast.plain_user.token).status_code == 401
    page = admin.press(page, "Reactivate")
    assert "pat can sign in again." in page.text


def test_the_last_site_admin_can_not_be_deactivated(admin: Browser) -> None:
    page = admin.press(admin.follow(admin.open("/console/users/ada"), "Deactivate"), "Deactivate ada")
    assert page.status == 409
    assert "This is the practice's last active site admin." in page.text


def test_a_user_is_kept_active(admin: Browser) -> None:
    assert "stays active" in admin.press(admin.open("/console/users/pat"), "Keep active").text


def test_somebodys_two_factor_is_reset_after_asking_but_not_ones_own(admin: Browser, api: Api, cast: Cast) -> None:
    enrolled("pat", cast.site_admin.practice_id)
    page = admin.follow(admin.open("/console/users/pat"), "Reset two-factor")
    page = admin.press(page, "Reset two-factor")
    assert "Two-factor Off" in page.text
    assert "Reset two-factor" not in admin.open("/console/users/ada").text


def test_stopped_mail_is_shown_to_site_admins_and_to_whom_it_concerns_and_sent_again(
    admin: Browser, api: Api, cast: Cast
) -> None:
    pat = Browser(api, cast.plain_user.token)
    for browser, path in ((admin, "/console/users/pat"), (pat, "/console/me")):
        assert "Nothing is mailed" not in browser.open(path).text
        api.told(bounced("pat@clinic.example", practice_id=cast.site_admin.practice_id))
        page = browser.open(path)
        assert "We stopped emailing this address on" in page.text
        page = browser.press(page, "Send mail again")
        assert "again." in page.text
        assert "Nothing is mailed" not in page.text
        AddressRow.key("pat@clinic.example").row().delete()  # it may bounce anew


def test_a_stop_for_another_practices_mail_shows_no_reason_and_no_form(admin: Browser, api: Api, cast: Cast) -> None:
    api.told(bounced("pat@clinic.example", practice_id=cast.outsider.practice_id))
    pat = Browser(api, cast.plain_user.token)
    for page in (admin.open("/console/users/pat"), pat.open("/console/me")):
        assert "a mail of another practice was why" in page.text
        assert "Send mail again" not in page.text


def test_a_users_address_is_changed(admin: Browser) -> None:
    form = admin.follow(admin.open("/console/users/pat"), "Change")
    page = admin.press(form, "Change email", email="nowhere")
    assert page.status == 422
    assert page.error("email")
    page = admin.press(page, "Change email", email="new@clinic.example")
    assert page.path == "/console/users/pat"
    assert "Email new@clinic.example" in page.text


def test_a_username_that_is_used_is_not_deleted_and_one_that_is_not_is(admin: Browser) -> None:
    assert "Delete unused username" not in admin.open("/console/users/sue").text
    page = admin.press(admin.follow(admin.open("/console/users/cleo"), "Delete unused username"), "Delete cleo")
    assert page.status == 409
    assert "reaches a provider account" in page.text
    page = admin.press(admin.follow(admin.open("/console/users/pat"), "Delete unused username"), "Delete pat")
    assert "pat is deleted." in page.text
    assert admin.open("/console/users/pat").status == 404


def test_another_practices_user_is_not_found(admin: Browser) -> None:
    assert admin.open("/console/users/eve").status == 404
