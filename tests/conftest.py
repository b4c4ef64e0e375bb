"""The tests' world: fresh tables per test, an API client that may do only what its function's policy allows."""

import os
import warnings

TABLES = ("identity", "providers", "licensing", "codes", "support", "uploads", "mail", "events", "receipts")
os.environ.update({f"{name.upper()}_TABLE": name for name in TABLES})
os.environ.update(
    AWS_DEFAULT_REGION="us-east-1",
    AWS_ACCESS_KEY_ID="123456789012",
    AWS_SECRET_ACCESS_KEY="testing",
    ACCOUNTING_TOPIC="arn:aws:sns:us-east-1:123456789012:accounting",
    SUPPORT_TOPIC="arn:aws:sns:us-east-1:123456789012:support",
    SIGNING_SECRET="practice-admin/signing",
    FEEDBACK_TOPIC="arn:aws:sns:us-east-1:123456789012:feedback",
    MAIL_EVENTS="practice-admin",
    TOTP_KEY="alias/totp",
    REPORTS_BUCKET="practice-admin-reports",
    UPLOADS_BUCKET="practice-admin-uploads",
    CHECK_IMAGE_FUNCTION="check_image",
)

from collections.abc import Callable, Iterator  # noqa: E402 (the settings come first)
from datetime import UTC, datetime  # noqa: E402
from typing import Any, TypeVar  # noqa: E402

import pytest  # noqa: E402

from chalicelib import clock, telemetry  # noqa: E402
from tests import cheap_argon2, clouds  # noqa: E402 (before the app, whose clients are made where this says AWS is)
from tests.api import Api  # noqa: E402
from tests.cast import Cast, practice_with_people  # noqa: E402
from tests.world import World  # noqa: E402

warnings.filterwarnings("error")
NOON = datetime(2026, 7, 2, 16, 0, tzinfo=UTC)  # a Thursday noon in New York, before a holiday weekend


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the cloud of this run can't show, and with ENGINE=live also what makes no use of a cloud."""
    strange = "moto" if clouds.LIVE else "live"
    chosen = [
        item
        for item in items
        if not item.get_closest_marker(strange)
        and (not clouds.LIVE or {"world", "scene"} & set(getattr(item, "fixturenames", ())))
    ]
    config.hook.pytest_deselected(items=list(set(items) - set(chosen)))
    items[:] = chosen


@pytest.fixture(autouse=True)
def _quiet_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """Log lines are checked where a test asks for them."""
    telemetry.set_up()


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long answers were held back; nobody waits for it."""
    waited: list[float] = []
    monkeypatch.setattr(clock, "pause", waited.append)
    return waited


T = TypeVar("T")
_KEPT: dict[Callable[[], Any], tuple[Any, Callable[[], bool]]] = {}


def kept(make: Callable[[], T]) -> T:
    """What `make` makes of AWS and gives, once in this process; from then on AWS is put back to how it was then."""
    if make in _KEPT and _KEPT[make][1]():
        return _KEPT[make][0]  # type: ignore[no-any-return]
    _KEPT.pop(make, None)
    made = make()
    _KEPT[make] = made, World().saved()
    return made


@pytest.fixture
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """Empty AWS: tables, topics with an inbox each, KMS key, signing secret.

    After every test that may have changed something each pool must be what its ledger replays to, and the claims those
    in use.
    """
    with clouds.CLOUD.opened():
        # The cast has a world of its own.
        world = World() if "cast" in request.fixturenames else kept(World.made)
        changed = clouds.Changed()
        yield world
        if changed.places:
            world.check_invariants()


@pytest.fixture
def argon2_as_it_is() -> Iterator[None]:
    """Passwords are hashed at their full cost."""
    with cheap_argon2.as_it_is():
        yield


@pytest.fixture
def at_noon() -> Iterator[datetime]:
    """The clock stands at NOON."""
    with clock.frozen(NOON):
        yield NOON


@pytest.fixture
def api(world: World, at_noon: datetime) -> Api:
    """The API over that world, at noon."""
    return Api()


@pytest.fixture
def cast(api: Api) -> Cast:
    """Two practices and their people; see `tests/cast.py`."""
    return kept(_peopled)


def _peopled() -> Cast:
    kept(World.made)  # the same keys: what one of them encrypted is put back, too
    return practice_with_people(Api())
