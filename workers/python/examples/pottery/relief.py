"""Presses a picture into a tile: bright is high."""

from __future__ import annotations

import math
import random
from typing import Callable, List

from .glb import Mesh
from .png import Picture

_LONGER_SIDE = 0.2
_DEPTH = 0.02


def press(picture: Picture, resolution: int, rng: random.Random, tick: Callable[[float], None]) -> Mesh:
    """
    A closed tile with the picture in front; `resolution` cells along its longer side. The seed decides how thick it is and how wide its
    flat frame. `tick` is called with the part that is done.
    """
    scale = resolution / max(picture.width, picture.height)
    across, down = max(2, round(picture.width * scale)), max(2, round(picture.height * scale))
    frame = rng.uniform(0.03, 0.08)
    base = _LONGER_SIDE * rng.uniform(0.03, 0.06)
    heights = []
    for j in range(down + 1):
        tick(j / down * 0.5)
        heights.append([_height(picture, i / across, j / down, frame) for i in range(across + 1)])
    mesh = Mesh()
    unit = _LONGER_SIDE / resolution
    _front(mesh, heights, unit, base, lambda done: tick(0.5 + done / 2))
    _back_and_sides(mesh, heights, unit, base)
    return mesh


def _height(picture: Picture, u: float, v: float, frame: float) -> float:
    """How far the tile stands out, in metres: the mean brightness around a point, nothing at the frame."""
    x, y = min(picture.width - 1, int(u * picture.width)), min(picture.height - 1, int(v * picture.height))
    near = [
        (min(picture.width - 1, max(0, x + dx)), min(picture.height - 1, max(0, y + dy)))
        for dx in (-1, 0, 1)
        for dy in (-1, 0, 1)
    ]
    light = sum(_light(picture, *at) for at in near) / len(near)
    edge = min(u, v, 1 - u, 1 - v) / frame
    return _DEPTH * light * max(0.0, min(1.0, edge))


def _light(picture: Picture, x: int, y: int) -> float:
    red, green, blue = picture.rgb(x, y)
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255 * picture.alpha(x, y) / 255


def _front(
    mesh: Mesh, heights: List[List[float]], unit: float, base: float, tick: Callable[[float], None]
) -> None:
    down, across = len(heights) - 1, len(heights[0]) - 1
    for j in range(down + 1):
        tick(j / down)
        for i in range(across + 1):
            slope_x = heights[j][min(across, i + 1)] - heights[j][max(0, i - 1)]
            slope_y = heights[max(0, j - 1)][i] - heights[min(down, j + 1)][i]
            length = math.sqrt(slope_x**2 + slope_y**2 + 4 * unit**2)
            normal = (-slope_x / length, -slope_y / length, 2 * unit / length)
            position = ((i - across / 2) * unit, (down - j) * unit, base + heights[j][i])
            mesh.add_vertex(position, normal, (i / across, j / down))
    for j in range(down):
        for i in range(across):
            a = j * (across + 1) + i
            b, c, d = a + 1, a + across + 1, a + across + 2
            mesh.indices.extend((a, c, b, b, c, d))


def _back_and_sides(mesh: Mesh, heights: List[List[float]], unit: float, base: float) -> None:
    """Flat, in the colour of the picture's corner. Their edges are divided as the front's are, so that the tile is closed."""
    down, across = len(heights) - 1, len(heights[0]) - 1
    left, right, top = -across / 2 * unit, across / 2 * unit, down * unit
    along_x = [left + i * unit for i in range(across + 1)]
    along_y = [j * unit for j in range(down + 1)]
    _wall(mesh, [(x, 0.0) for x in along_x], base, (0.0, -1.0, 0.0))
    _wall(mesh, [(x, top) for x in reversed(along_x)], base, (0.0, 1.0, 0.0))
    _wall(mesh, [(right, y) for y in along_y], base, (1.0, 0.0, 0.0))
    _wall(mesh, [(left, y) for y in reversed(along_y)], base, (-1.0, 0.0, 0.0))
    rim = (
        [(x, 0.0) for x in along_x]
        + [(right, y) for y in along_y[1:]]
        + [(x, top) for x in reversed(along_x[:-1])]
        + [(left, y) for y in reversed(along_y[1:-1])]
    )
    middle = mesh.add_vertex((0.0, top / 2, 0.0), (0.0, 0.0, -1.0), (0.0, 0.0))
    ring = [mesh.add_vertex((x, y, 0.0), (0.0, 0.0, -1.0), (0.0, 0.0)) for x, y in rim]
    for here, there in zip(ring, ring[1:] + ring[:1]):
        mesh.indices.extend((middle, there, here))


def _wall(mesh: Mesh, line: "list[tuple[float, float]]", base: float, normal: "tuple[float, float, float]") -> None:
    """From the back (z = 0) to the edge of the front, along the line."""
    pairs = [
        (mesh.add_vertex((x, y, 0.0), normal, (0.0, 0.0)), mesh.add_vertex((x, y, base), normal, (0.0, 0.0)))
        for x, y in line
    ]
    for (back, front), (next_back, next_front) in zip(pairs, pairs[1:]):
        mesh.indices.extend((back, next_back, front, front, next_back, next_front))
