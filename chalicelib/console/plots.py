"""Plots: SVG made here, drawn in the colors of the stylesheet."""

from collections.abc import Sequence

from markupsafe import Markup

WIDTH, HEIGHT = 600, 120


def steps(title: str, outer: Sequence[int], inner: Sequence[int]) -> Markup:
    """Two numbers over time, the smaller one as an area below the line of the other; `title` says it in words."""
    top = max(*outer, *inner, 1)
    picture = Markup(
        '<svg class="plot" viewBox="0 -4 {w} {h}" role="img" aria-label="{title}" preserveAspectRatio="none">'
        '<path class="area" d="{area}"/><path class="line" d="{line}"/></svg>'
    )
    line = _path(outer, top)
    area = f"{_path(inner, top)} V{HEIGHT} H0 Z"
    return picture.format(w=WIDTH, h=HEIGHT + 8, title=title, area=area, line=line)


def _path(values: Sequence[int], top: int) -> str:
    width = WIDTH / max(len(values) - 1, 1)
    parts = [f"M0 {_y(values[0], top)}"]
    for number, value in enumerate(values[1:], 1):
        if value != values[number - 1]:
            parts.append(f"H{number * width:.1f} V{_y(value, top)}")
    return " ".join([*parts, f"H{WIDTH}"])


def _y(value: int, top: int) -> str:
    return f"{HEIGHT * (1 - value / top):.1f}"
