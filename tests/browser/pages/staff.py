"""The console of the vendor's own people."""

from tests.browser.pages.screen import Screen


class Queue(Screen):
    """What is not solved."""

    path = "/console/staff/tickets"


class DeskTicket(Screen):
    """A ticket on Support's desk."""

    path = "/console/staff/tickets/{ticket_id}"

    def answer(self, body: str, status: str) -> None:
        self.type(body=body, status=status)
        self.press("Send")

    def approve(self, *says: str) -> None:
        self.press("Approve…")
        self.confirm("Approve", *says)

    def decline(self, why: str) -> None:
        self.press("Decline…")
        with self.dialog() as dialog:
            dialog.locator("[name=body]").fill(why)
        self.confirm("Decline", "Nothing is changed")


class DeskHistory(Screen):
    """Its changes."""

    path = "/console/staff/tickets/{ticket_id}/history"


class Approve(Screen):
    """Granting what it asks for."""

    path = "/console/staff/tickets/{ticket_id}/approve"


class Decline(Screen):
    """Declining what it asks for."""

    path = "/console/staff/tickets/{ticket_id}/decline"


class Redact(Screen):
    """Taking text out for good."""

    path = "/console/staff/tickets/{ticket_id}/redact"

    def redact(self, text: str, reason: str) -> None:
        self.main.get_by_label(text).check()
        self.type(reason=reason)
        self.press("Take it out for good")


class BillingNotes(Screen):
    """Whose note."""

    path = "/console/staff/billing-notes"


class BillingNote(Screen):
    """A practice's note."""

    path = "/console/staff/billing-notes/{practice_id}"

    def save(self, note: str) -> None:
        self.type(billing_note=note)
        self.press("Save")


class StaffReconciliation(Screen):
    """The reconciliation of all practices."""

    path = "/console/staff/reconciliation"
