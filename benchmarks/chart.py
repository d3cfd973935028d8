"""Bars on a logarithmic scale, as SVG for light and dark backgrounds."""

import math
from html import escape

FIRST, LAST = -2, 4  # powers of ten of a millisecond
LEFT, WIDTH, RIGHT = 160, 480, 80
BAR, GAP, TITLE = 14, 6, 34

STYLE = """
text { font: 12px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600 }
.name { text-anchor: end }
.axis { text-anchor: middle; fill: #59636e }
line { stroke: #8c959f; stroke-opacity: .35 }
rect { fill: #8c959f }
.mirakuru { fill: #1a7f37 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .axis { fill: #9198a1 }
  .mirakuru { fill: #3fb950 }
}
"""


def x_of(ms):
    power = min(max(math.log10(max(ms, 1e-9)), FIRST), LAST)
    return LEFT + WIDTH * (power - FIRST) / (LAST - FIRST)


def draw(panels, in_words):
    """`panels`: {title: {name: milliseconds, or a text if there are none}}."""
    parts = []
    y = 0

    def text(x, kind, words):
        parts.append(f'<text x="{x:.0f}" y="{y:.0f}" class="{kind}">{escape(words)}</text>')

    for title, cells in panels.items():
        y += TITLE - GAP
        text(LEFT, "title", title)
        y += GAP
        for name, cell in cells.items():
            end = x_of(cell) if isinstance(cell, float) else LEFT
            kind = "mirakuru" if name == "mirakuru" else "other"
            parts.append(f'<rect x="{LEFT}" y="{y:.0f}" width="{max(end - LEFT, 0):.1f}" '
                         f'height="{BAR}" class="{kind}"/>')
            y += BAR - 3
            text(LEFT - 8, "name", name)
            text(end + 6, "value", in_words(cell))
            y += 3 + GAP
    bottom = y
    y += 16
    for power in range(FIRST, LAST + 1):
        x = x_of(10.0 ** power)
        parts.insert(0, f'<line x1="{x:.0f}" y1="{TITLE}" x2="{x:.0f}" y2="{bottom}"/>')
        text(x, "axis", in_words(10.0 ** power))
    width, height = LEFT + WIDTH + RIGHT, y + GAP
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" role="img">\n'
            f'<title>Less is better; each line is ten times the one before</title>\n'
            f'<style>{STYLE}</style>\n' + "\n".join(parts) + "\n</svg>\n")
