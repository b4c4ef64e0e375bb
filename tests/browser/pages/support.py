"""The Help Center and tickets."""

from tests.browser.pages.screen import Screen


class Help(Screen):
    """The Help Center."""

    path = "/console/help"


class Article(Screen):
    """One of its articles."""

    path = "/console/help/{slug}"


class Tickets(Screen):
    """Tickets."""

    path = "/console/tickets"


class NewTicket(Screen):
    """Filing one."""

    path = "/console/tickets/new"

    def file(self, subject: str, body: str, **others: str) -> None:
        self.type(subject=subject, body=body, **others)
        self.press("File the ticket")


class Suggestions(Screen):
    """Articles that may answer first."""

    path = "/console/tickets/suggestions"


class Ticket(Screen):
    """One ticket."""

    path = "/console/tickets/{number}"

    def comment(self, body: str) -> None:
        self.type(body=body)
        self.press("Send")


class EditTicket(Screen):
    """Editing it."""

    path = "/console/tickets/{number}/edit"


class TicketHistory(Screen):
    """Its changes."""

    path = "/console/tickets/{number}/history"


class Attach(Screen):
    """Naming a file to attach, then sending it."""

    path = "/console/tickets/{number}/attach"

    def attach(self, name: str, kind: str, content: bytes) -> None:
        self.type(name=name)
        self.press("Continue")
        self.send_file(name, kind, content, "Attach this file")


class Emergency(Screen):
    """The call for help of those who can't get in."""

    path = "/console/emergency"
