"""What people are told about access to provider accounts. A new username's link is identity's message."""

from chalicelib.notify import Renderer

RENDERERS: dict[str, Renderer] = {}
