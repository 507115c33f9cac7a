"""The colours of a vessel, as a picture that is wrapped around it."""

from __future__ import annotations

import colorsys
import math
import random
import re
from typing import Callable, List, Optional, Tuple

from .png import Picture, write_png

Colour = Tuple[float, float, float]
SIZE = 512

#: sRGB, 0 to 1.
COLOURS = {
    "red": (0.66, 0.12, 0.1), "crimson": (0.6, 0.05, 0.14), "orange": (0.85, 0.42, 0.12), "amber": (0.8, 0.5, 0.12),
    "yellow": (0.88, 0.72, 0.22), "gold": (0.8, 0.6, 0.2), "green": (0.2, 0.45, 0.24), "celadon": (0.6, 0.74, 0.64),
    "jade": (0.26, 0.56, 0.44), "turquoise": (0.16, 0.6, 0.6), "teal": (0.1, 0.42, 0.44), "cyan": (0.3, 0.66, 0.72),
    "blue": (0.12, 0.26, 0.56), "cobalt": (0.08, 0.2, 0.58), "navy": (0.08, 0.13, 0.32), "purple": (0.38, 0.18, 0.48),
    "violet": (0.42, 0.28, 0.62), "pink": (0.86, 0.54, 0.6), "brown": (0.38, 0.24, 0.15), "black": (0.08, 0.08, 0.09),
    "white": (0.92, 0.91, 0.87), "grey": (0.5, 0.5, 0.5), "gray": (0.5, 0.5, 0.5), "cream": (0.9, 0.84, 0.7),
}  # fmt: skip
_CLAY = (0.62, 0.4, 0.27)
_CREAM = (0.9, 0.86, 0.77)


def colour_of(prompt: Optional[str], rng: random.Random) -> Colour:
    """The first colour that the prompt names; else one that the seed picks."""
    picked = colorsys.hls_to_rgb(rng.random(), rng.uniform(0.3, 0.45), rng.uniform(0.35, 0.7))
    words = re.findall(r"[a-z]+", (prompt or "").lower())
    return next((COLOURS[word] for word in words if word in COLOURS), picked)


class Glaze:
    """What colour a vessel has where: bare clay at the foot, glaze that ran down to it, bands, and a lighter inside."""

    def __init__(self, colour: Colour, rim_at: float, rng: random.Random, painting: Optional[Picture]) -> None:
        self._colour = colour
        self._rim_at = rim_at
        self._painting = painting
        self._drips = [(rng.randint(2, 13), rng.uniform(0, 2 * math.pi), rng.uniform(0.2, 1)) for _ in range(5)]
        self._bands = [] if painting else sorted(rng.uniform(0.45, 0.92) for _ in range(rng.randint(1, 3)))
        self._waves = rng.choice((0, 12, 16, 24))
        self._accent = _CREAM if sum(colour) < 1.6 else _mixed(colour, (0.1, 0.12, 0.2), 0.7)
        self._grain = random.Random(rng.random())

    def picture(self, tick: Callable[[float], None]) -> bytes:
        """A PNG. `tick` is called with the part that is done."""
        rows: List[bytes] = []
        edge = [self._edge_at((x + 0.5) / SIZE) for x in range(SIZE)]
        for y in range(SIZE):
            tick(y / SIZE)
            along = 1 - (y + 0.5) / SIZE
            row = bytearray()
            for x in range(SIZE):
                colour = self._at((x + 0.5) / SIZE, along, edge[x])
                grain = self._grain.uniform(0.97, 1.03)
                row.extend(max(0, min(255, round(255 * part * grain))) for part in colour)
            rows.append(bytes(row))
        return write_png(SIZE, SIZE, rows)

    def _at(self, around: float, along: float, edge: float) -> Colour:
        if along > self._rim_at:
            depth = (along - self._rim_at) / (1 - self._rim_at)
            return _mixed(_mixed(self._colour, _CREAM, 0.55), self._colour, depth * 0.5)
        up = along / self._rim_at
        if up < edge:
            return _CLAY
        painted = self._painted(around, up)
        if painted:
            return painted
        thick = max(0.0, 1 - (up - edge) / 0.05)
        glazed = _mixed(self._colour, (0.03, 0.03, 0.05), 0.45 * thick + 0.15 * (1 - up))
        if self._is_on_band(around, up):
            glazed = self._accent
        worn = max(0.0, (up - 0.965) / 0.035)  # glaze is thin at a rim and lets the clay through
        return _mixed(glazed, _CLAY, 0.6 * worn)

    def _is_on_band(self, around: float, up: float) -> bool:
        sway = 0.008 * math.sin(2 * math.pi * self._waves * around)
        return any(abs(up - band - sway) < 0.009 for band in self._bands)

    def _edge_at(self, around: float) -> float:
        """Where the glaze ends above the foot: it has run down."""
        run = sum(part * math.sin(2 * math.pi * waves * around + phase) for waves, phase, part in self._drips)
        return 0.09 + 0.012 * run

    def _painted(self, around: float, up: float) -> Optional[Colour]:
        """The colour of the picture on the front of the vessel, if there is one here."""
        if not self._painting or not (0.25 < around < 0.75 and 0.2 < up < 0.92):
            return None
        picture = self._painting
        x = int((around - 0.25) / 0.5 * picture.width)
        y = int((0.92 - up) / 0.72 * picture.height)
        if picture.alpha(x, y) < 128:
            return None
        red, green, blue = picture.rgb(x, y)
        return (red / 255, green / 255, blue / 255)


def _mixed(one: Colour, other: Colour, part: float) -> Colour:
    return (
        one[0] + (other[0] - one[0]) * part,
        one[1] + (other[1] - one[1]) * part,
        one[2] + (other[2] - one[2]) * part,
    )
