"""Half the outline of a vessel: what is turned around the axis."""

from __future__ import annotations

import math
import random
from typing import Dict, List, Tuple

Point = Tuple[float, float]

#: (height, radius) from the foot to the lip, in units of the height; each is moved a little by the seed.
_OUTLINES: Dict[str, List[Point]] = {
    "vase": [(0, 0.21), (0.06, 0.22), (0.3, 0.34), (0.52, 0.36), (0.76, 0.17), (0.9, 0.13), (1, 0.2)],
    "bowl": [(0, 0.3), (0.1, 0.31), (0.3, 0.56), (0.6, 0.82), (0.85, 0.94), (1, 0.98)],
    "goblet": [(0, 0.3), (0.04, 0.29), (0.12, 0.07), (0.42, 0.06), (0.54, 0.21), (0.74, 0.31), (1, 0.29)],
}
STYLES = tuple(_OUTLINES)
_HEIGHTS = {"vase": 0.28, "bowl": 0.11, "goblet": 0.2}
#: Where the inside ends, in units of the height.
_FLOORS = {"vase": 0.05, "bowl": 0.12, "goblet": 0.5}
_WALLS = {"vase": 0.03, "bowl": 0.05, "goblet": 0.026}
_RIM_POINTS = 10


class Profile:
    """
    Points (radius, height) in metres: `foot` is the underside from the axis to its edge, `body` goes from there up the outside, over the
    rim and down the inside to the axis. `rim_at` is the part of the body's length that is outside.
    """

    def __init__(self, foot: List[Point], body: List[Point], rim_index: int) -> None:
        self.foot = foot
        self.body = body
        lengths = lengths_along(body)
        self.rim_at = lengths[rim_index] / lengths[-1]


def turned_profile(style: str, rng: random.Random, steps: int) -> Profile:
    """A vessel with a wall, a round rim and an inside; `steps` points along the outside."""
    outline = [(height, radius * rng.uniform(0.86, 1.14)) for height, radius in _OUTLINES[style]]
    size = _HEIGHTS[style] * rng.uniform(0.9, 1.15)
    wall = _WALLS[style]
    rings = rng.uniform(0.0012, 0.003)  # the ridges that fingers leave in clay

    def radius_at(height: float) -> float:
        ridge = rings * math.sin(height * 90) * min(1, 8 * height, 8 * (1 - height))
        radius = _spline(outline, height)
        return radius * (1 + ridge * 3)

    outside = [(radius_at(i / steps), i / steps) for i in range(steps + 1)]
    rim_middle = outside[-1][0] - wall / 2
    rim = [
        (rim_middle + wall / 2 * math.cos(angle), 1 + wall / 2 * math.sin(angle))
        for angle in (math.pi * i / _RIM_POINTS for i in range(1, _RIM_POINTS))
    ]
    inside = _inside(radius_at, wall, _FLOORS[style], max(4, steps // 2))
    body = _scaled(outside + rim + inside, size)
    foot = _scaled([(0.0, 0.0), (outside[0][0] * 0.5, 0.0), outside[0]], size)
    return Profile(foot, body, len(outside))


def _inside(radius_at, wall: float, floor: float, steps: int) -> List[Point]:  # type: ignore[no-untyped-def]
    """From the rim down, rounded off into the floor."""
    points = []
    for i in range(steps + 1):
        height = 1 - (1 - floor) * i / steps
        depth = (height - floor) / (1 - floor)
        rounding = math.sqrt(max(0.0, 1 - (1 - min(1, depth * 5)) ** 2))
        points.append((max(0.0, radius_at(height) - wall) * rounding, height))
    return points


def _spline(points: List[Point], at: float) -> float:
    """A Catmull-Rom curve through the points, by height."""
    index = next((i for i in range(len(points) - 2) if at <= points[i + 1][0]), len(points) - 2)
    (y0, r0), (y1, r1) = points[index], points[index + 1]
    before = points[index - 1] if index else (y0 - (y1 - y0), r0)
    after = points[index + 2] if index + 2 < len(points) else (y1 + (y1 - y0), r1)
    span = y1 - y0
    slope0 = (r1 - before[1]) / (y1 - before[0]) * span
    slope1 = (after[1] - r0) / (after[0] - y0) * span
    t = (at - y0) / span
    return (
        (2 * t**3 - 3 * t**2 + 1) * r0
        + (t**3 - 2 * t**2 + t) * slope0
        + (3 * t**2 - 2 * t**3) * r1
        + (t**3 - t**2) * slope1
    )


def _scaled(points: List[Point], size: float) -> List[Point]:
    return [(radius * size, height * size) for radius, height in points]


def lengths_along(points: List[Point]) -> List[float]:
    """How far each point is along the line."""
    lengths = [0.0]
    for (r0, y0), (r1, y1) in zip(points, points[1:]):
        lengths.append(lengths[-1] + math.hypot(r1 - r0, y1 - y0))
    return lengths
