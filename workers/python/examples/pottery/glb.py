"""Writes a GLB of one textured mesh (Khronos glTF 2.0, chapters 3 and 4)."""

from __future__ import annotations

import json
import struct
import sys
from array import array
from dataclasses import dataclass, field
from typing import Any, Dict, List, Tuple


@dataclass
class Mesh:
    """Triangles, counter-clockwise seen from outside; y is up, the front looks along +z, in metres."""

    positions: "array[float]" = field(default_factory=lambda: array("f"))
    normals: "array[float]" = field(default_factory=lambda: array("f"))
    uvs: "array[float]" = field(default_factory=lambda: array("f"))
    indices: "array[int]" = field(default_factory=lambda: array("I"))

    @property
    def vertex_count(self) -> int:
        return len(self.positions) // 3

    @property
    def triangle_count(self) -> int:
        return len(self.indices) // 3

    def add_vertex(
        self, position: Tuple[float, float, float], normal: Tuple[float, float, float], uv: Tuple[float, float]
    ) -> int:
        self.positions.extend(position)
        self.normals.extend(normal)
        self.uvs.extend(uv)
        return self.vertex_count - 1


def glb_of(mesh: Mesh, texture_png: bytes, *, roughness: float, name: str) -> bytes:
    """A complete GLB file with the texture inside."""
    binary = bytearray()
    views: List[Dict[str, Any]] = []

    def view(content: bytes, **about: int) -> int:
        binary.extend(b"\0" * (-len(binary) % 4))
        views.append({"buffer": 0, "byteOffset": len(binary), "byteLength": len(content), **about})
        binary.extend(content)
        return len(views) - 1

    accessors = [
        _accessor(view(_little(mesh.positions), target=34962), 5126, "VEC3", mesh.vertex_count),
        _accessor(view(_little(mesh.normals), target=34962), 5126, "VEC3", mesh.vertex_count),
        _accessor(view(_little(mesh.uvs), target=34962), 5126, "VEC2", mesh.vertex_count),
        _accessor(view(_little(mesh.indices), target=34963), 5125, "SCALAR", len(mesh.indices)),
    ]
    accessors[0].update(_bounds(mesh.positions))
    image = view(texture_png)
    document = {
        "asset": {"version": "2.0", "generator": "lathe_worker example"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": name}],
        "meshes": [{"name": name, "primitives": [_primitive()]}],
        "materials": [_material(roughness)],
        "textures": [{"source": 0}],
        "images": [{"bufferView": image, "mimeType": "image/png"}],
        "accessors": accessors,
        "bufferViews": views,
        "buffers": [{"byteLength": len(binary) + (-len(binary) % 4)}],
    }
    return _container(document, bytes(binary))


def _primitive() -> Dict[str, Any]:
    return {"attributes": {"POSITION": 0, "NORMAL": 1, "TEXCOORD_0": 2}, "indices": 3, "material": 0}


def _material(roughness: float) -> Dict[str, Any]:
    return {
        "name": "glaze",
        "pbrMetallicRoughness": {
            "baseColorTexture": {"index": 0},
            "metallicFactor": 0,
            "roughnessFactor": roughness,
        },
    }


def _accessor(view: int, component: int, kind: str, count: int) -> Dict[str, Any]:
    return {"bufferView": view, "componentType": component, "type": kind, "count": count}


def _bounds(positions: "array[float]") -> Dict[str, List[float]]:
    axes = [positions[axis::3] for axis in range(3)]
    return {"min": [min(axis) for axis in axes], "max": [max(axis) for axis in axes]}


def _little(numbers: "array[Any]") -> bytes:
    if sys.byteorder == "little":
        return numbers.tobytes()
    swapped = array(numbers.typecode, numbers)
    swapped.byteswap()
    return swapped.tobytes()


def _container(document: Dict[str, Any], binary: bytes) -> bytes:
    text = json.dumps(document, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    binary += b"\0" * (-len(binary) % 4)
    total = 12 + 8 + len(text) + 8 + len(binary)
    return b"".join(
        [
            struct.pack("<4sII", b"glTF", 2, total),
            struct.pack("<I4s", len(text), b"JSON"),
            text,
            struct.pack("<I4s", len(binary), b"BIN\0"),
            binary,
        ]
    )
