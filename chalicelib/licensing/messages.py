"""What people are told about licenses."""

from chalicelib import config
from chalicelib.events import EventRow
from chalicelib.model import Announcement
from chalicelib.notify import Renderer, Text, lines, money


def _order(headline: str, event: EventRow, *more: tuple[str, object]) -> str:
    facts = event.after
    body = lines(
        ("Practice", event.pk),
        ("Order", event.subject),
        ("Physician licenses", facts["physician"]),
        ("Midlevel licenses", facts["midlevel"]),
        ("Amount", money(facts["total_cents"], facts["currency"])),
        *more,
    )
    return f"{headline}\n\n{body}"


def order_placed(event: EventRow, to: Announcement) -> Text:
    """To Accounting and Support; the buyer gets a receipt."""
    deadline = event.after["cancel_until"]
    if to.channel == "email":
        where = f"{config.get('PUBLIC_URL')}/license-orders/{event.subject}"
        return Text(
            f"Receipt for license order {event.subject}",
            _order(
                "Thank you for your order. The licenses are ready to use.",
                event,
                ("Can be cancelled until", f"{deadline} (UTC)"),
                ("Order details", where),
            )
            + "\n\nAfter that time the order is charged and can't be refunded.",
        )
    return Text(
        f"License order {event.subject} placed",
        _order("A practice ordered licenses.", event, ("Ordered by", event.actor), ("Charged after", deadline)),
    )


def order_cancelled(event: EventRow, _: Announcement) -> Text:
    """To Accounting."""
    return Text(
        f"License order {event.subject} cancelled",
        _order("A license order was cancelled within its window. Do not charge it.", event, ("By", event.actor)),
    )


def order_charged(event: EventRow, _: Announcement) -> Text:
    """To Accounting."""
    return Text(
        f"License order {event.subject} to be charged",
        _order("The cancel window of a license order is over. Charge it.", event),
    )


RENDERERS: dict[str, Renderer] = {
    "license_order.placed": order_placed,
    "license_order.cancelled": order_cancelled,
    "license_order.charged": order_charged,
}
