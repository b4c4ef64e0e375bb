"""What is known of the stage beforehand: when what happens, and who is who."""

from datetime import UTC, datetime, timedelta

from tests.conftest import NOON
from tests.licensing.orders import LAST_SECOND

NOW = LAST_SECOND - timedelta(seconds=30)
"""When operations begin: one clock step later the order's deadline is over."""
LEASED = timedelta(minutes=10)
"""For so long nobody takes up the move that is under way."""
PATIENTS = tuple(f"pat_{number:026}" for number in range(3))
"""Who is with the first account."""
LENT = timedelta(hours=1)
"""For so long sue may see the patients of our account."""
RECOVERY_CODE = "abcd-efgh-ijkl-mnop"
AUGUST = datetime(2026, 8, 1, 6, tzinfo=UTC)
"""When the decrease takes effect that staff approved, and July is reported."""
LAST_DAY = datetime(2026, 7, 9, 5, tzinfo=UTC)
"""When the day begins in Chicago on which an account is to end."""
TRIALS_END = NOON + timedelta(days=30)
"""When the trials of both practices are over: ours has a license to take their place, theirs has none."""
REMOVAL = timedelta(hours=3)
"""When the data goes of the practice whose trial ended 90 days ago."""
NEW_OWNER = "new.owner@clinic.example"
"""The address that ada wants our owner to have."""
LOST = "lou@clinic.example"
"""The address that mail is stopped to."""
HOLDER = "prv_holder"
ACCOUNTLESS = frozenset({HOLDER, "prv_new", "prv_newer", "prv_bought"})
"""Whom licensing's own operations name: there is a license, but no account."""
LINK_EVENT = "evt_of_a_link"
PEOPLE = {
    **dict.fromkeys(("ada", "abe", "pat", "tim", "tom", "cleo", "lou"), "ours"),
    **dict.fromkeys(("eve", "max"), "theirs"),
    "ned": "past",
}
"""Who is of which practice. ada, abe, eve and ned are site admins; ada, abe, eve, ned and tom have two-factor, tim is
setting it up; ina is inactive, and mail to lou came back. On our account max may do everything with its profile and
patients, cleo see its profile. ned's practice never bought a license, and its trial is over. The vendor's people are
sam and sid of Support, kim of Accounting, and tia who is setting two-factor up; what they do for a practice, they do
for ours."""
UNUSED = NOW + timedelta(days=2)
"""When thirty days will have passed in which nobody used ada, abe and pat, and 23 in which nobody used tom."""
