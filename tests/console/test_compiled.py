"""The templates as modules, which is how functions have them, say what their sources say."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, ModuleLoader
from jinja2.exceptions import UndefinedError

from chalicelib.console import rendering
from chalicelib.console.declared import PAGES
from deploy.templates import compile_in
from tests.api import Api
from tests.cast import Cast
from tests.console.browser import Browser
from tests.console.test_everybody import HOSTILE, place

_MADE_ANEW = re.compile(r'name="_(key|token)" value="[^"]+"|\breq_\w+')


def pages(api: Api, cast: Cast, ids: dict[str, str]) -> dict[str, str]:
    """What the site admin sees on every page, but for what is new each time."""
    admin = Browser(api, cast.site_admin.token)
    answers = {page.path: admin.send("GET", place(page, **ids)) for page in PAGES}
    return {path: _MADE_ANEW.sub("", answer.body.decode()) for path, answer in answers.items()}


@pytest.fixture
def compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    """The templates of a zip."""
    (tmp_path / "templates").mkdir()
    compile_in(tmp_path)
    monkeypatch.setattr(rendering, "COMPILED", tmp_path / "compiled")
    made = rendering.environment.__wrapped__()
    assert isinstance(made.loader, ModuleLoader)
    return made


def test_every_page_is_the_same(api: Api, cast: Cast, furnished: dict[str, str], compiled: Environment) -> None:
    edit = {"first_name": HOSTILE[0], "last_name": HOSTILE[1]}
    assert api.patch(f"/providers/{cast.provider_id}", edit, cast.site_admin.token, version=1).status_code == 200
    of_sources = pages(api, cast, furnished)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rendering, "environment", lambda: compiled)
        assert pages(api, cast, furnished) == of_sources


def test_a_name_that_is_not_there_is_an_error_still(compiled: Environment) -> None:
    with pytest.raises(UndefinedError):
        compiled.get_template("problem.html").render()
