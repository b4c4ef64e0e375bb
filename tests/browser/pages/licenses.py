"""The License Manager."""

import re

from playwright.sync_api import expect

from tests.browser.pages.screen import Screen

YES = re.compile("^Yes, I agree: buy")
"""The button that buys says for how much."""


class Licenses(Screen):
    """The overview."""

    path = "/console/licenses"

    def has(self, *counts: tuple[int, int, int]) -> None:
        """Require these: active, in use, available of each type, physician first."""
        cells = self.main.locator("table.counts tbody td")
        for place, number in enumerate(number for row in counts for number in row):
            expect(cells.nth(place)).to_have_text(str(number))

    def choose(self, physician: int = 0, midlevel: int = 0) -> None:
        """Choose how many, with the steppers."""
        for name, number in (("physician", physician), ("midlevel", midlevel)):
            for _ in range(number):
                self.press(f"One more {name} license")

    def buy(self, physician: int = 0, midlevel: int = 0) -> None:
        """Choose, see the agreement, and agree to it."""
        self.choose(physician, midlevel)
        self.press("Add licenses…")
        self.confirm(YES, "You can cancel until")
        self.says("added. They are ready to use.")


class Agreement(Screen):
    """What so many cost, and the agreement."""

    path = "/console/licenses/agreement"

    def agree(self) -> None:
        """Buy them."""
        self.page.get_by_role("button", name=YES).click()


class Orders(Screen):
    """All orders."""

    path = "/console/licenses/orders"


class CancelOrder(Screen):
    """Taking an order back."""

    path = "/console/licenses/orders/{order_id}/cancel"


class Ledger(Screen):
    """Every change of the licenses."""

    path = "/console/licenses/ledger"


class Reconciliation(Screen):
    """The licenses on any day."""

    path = "/console/licenses/reconciliation"


class FewerLicenses(Screen):
    """Asking for fewer."""

    path = "/console/licenses/fewer"

    def ask(self, **counts: str) -> None:
        self.type(**counts)
        self.press("Ask Support")
