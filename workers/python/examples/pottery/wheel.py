"""Turns a profile around the axis."""

from __future__ import annotations

import math
from typing import Callable, List

from .glb import Mesh
from .profile import Point, Profile, lengths_along


def turn(profile: Profile, segments: int, tick: Callable[[float], None]) -> Mesh:
    """A closed vessel with smooth normals; around it goes u, along its line v. `tick` is called with the part that is done."""
    mesh = Mesh()
    _turn_line(mesh, profile.foot, segments, (1.0, 1.0), lambda done: tick(done * 0.05))
    _turn_line(mesh, profile.body, segments, (1.0, 0.0), lambda done: tick(0.05 + done * 0.95))
    return mesh


def _turn_line(
    mesh: Mesh,
    line: List[Point],
    segments: int,
    texture_rows: "tuple[float, float]",
    tick: Callable[[float], None],
) -> None:
    lengths = lengths_along(line)
    first = mesh.vertex_count
    for i, (radius, height) in enumerate(line):
        tick(i / len(line))
        across, up = _normal(line, i)
        part = lengths[i] / lengths[-1]
        v = texture_rows[0] + (texture_rows[1] - texture_rows[0]) * part
        for j in range(segments + 1):
            angle = 2 * math.pi * j / segments - math.pi / 2
            x, z = math.cos(angle), math.sin(angle)
            mesh.add_vertex((radius * x, height, radius * z), (across * x, up, across * z), (1 - j / segments, v))
    for i in range(len(line) - 1):
        _join(mesh, first + i * (segments + 1), segments, line[i][0] > 0, line[i + 1][0] > 0)


def _join(mesh: Mesh, ring: int, segments: int, is_open_below: bool, is_open_above: bool) -> None:
    """Two rings become a band; where a ring is a point on the axis, a fan."""
    for j in range(segments):
        a, b = ring + j, ring + j + 1
        c, d = a + segments + 1, b + segments + 1
        if is_open_below:
            mesh.indices.extend((a, c, b))
        if is_open_above:
            mesh.indices.extend((b, c, d))


def _normal(line: List[Point], i: int) -> Point:
    """Across the line, to the right of its direction; along the axis where the line ends on it."""
    (r0, y0), (r1, y1) = line[max(0, i - 1)], line[min(len(line) - 1, i + 1)]
    across, up = y1 - y0, r0 - r1
    if line[i][0] == 0:
        across = 0.0
    length = math.hypot(across, up) or 1.0
    return (across / length, up / length)
