"""What people are told about uploads: nothing but what the rooms say whose files they are."""

from chalicelib.notify import Renderer

RENDERERS: dict[str, Renderer] = {}
