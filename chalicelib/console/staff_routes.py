"""The staff console's face. Its pages are served by the function of staff's routes, whose permissions it has."""

from importlib import import_module

from chalicelib.console.astray import lead_to_pages
from chalicelib.console.pages import staff_bp as bp

__all__ = ["SCREENS", "bp"]

SCREENS = ("staff_sign_in", "staff_desk", "staff_billing")
for _name in SCREENS:
    import_module(f"chalicelib.console.screens.{_name}")
lead_to_pages(bp, "staff")
