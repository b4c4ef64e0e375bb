"""What people are told about provider accounts."""

from chalicelib.notify import Renderer

RENDERERS: dict[str, Renderer] = {}
