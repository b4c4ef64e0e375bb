"""What people are told of what staff do: the rooms tell of it whose rows they change."""

from chalicelib.notify import Renderer

RENDERERS: dict[str, Renderer] = {}
