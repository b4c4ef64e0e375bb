"""What people are told about code files: nothing."""

from chalicelib.notify import Renderer

RENDERERS: dict[str, Renderer] = {}
