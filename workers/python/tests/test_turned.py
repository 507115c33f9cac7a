"""The example engine makes valid models, honours its parameters, and tells how far it is."""

from __future__ import annotations

import json
import struct
import tempfile
import unittest
import zlib
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple
from unittest import mock

import turned
from lathe_worker import BadInput, Canceled, Job, Progress, Unsupported
from lathe_worker.model.progress import Told, Word
from pottery.png import SIGNATURE, read_png, write_png


def a_png(colour: int = 2, depth: int = 8, interlace: int = 0, rows: bytes = b"\0\xff\0\0\0\xff\0" * 2) -> bytes:
    """A picture of 2 by 2 pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 2, 2, depth, colour, 0, 0, interlace)
    return SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class _Trial(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.words: List[Word] = []
        small = mock.patch("pottery.glaze.SIZE", 32)
        small.start()
        self.addCleanup(small.stop)

    def glb(self, prompt: Optional[str] = "a vase", picture: Optional[bytes] = None, **params: Any) -> bytes:
        files: Dict[str, Path] = {}
        if picture is not None:
            files["front.png"] = self.folder / "front.png"
            files["front.png"].write_bytes(picture)
        job = Job("id", 1, "text_to_3d", None, prompt, None, {"geometry_resolution": 16, **params}, files, (), self.folder)
        content = turned.generate(job, Progress(self.words.append)).content
        assert isinstance(content, bytes)
        return content

    def parts(self, glb: bytes) -> Tuple[Dict[str, Any], bytes]:
        """The document and the binary chunk of a GLB, whose lengths are right."""
        magic, version, length = struct.unpack_from("<4sII", glb)
        self.assertEqual((magic, version, length), (b"glTF", 2, len(glb)))
        json_length = struct.unpack_from("<I", glb, 12)[0]
        document = json.loads(glb[20 : 20 + json_length])
        return document, glb[28 + json_length :]

    def triangles(self, glb: bytes) -> List[List[Tuple[float, float, float]]]:
        document, binary = self.parts(glb)
        views, accessors = document["bufferViews"], document["accessors"]
        points = list(struct.iter_unpack("<3f", binary[views[0]["byteOffset"] :][: 12 * accessors[0]["count"]]))
        indices = struct.unpack_from(f"<{accessors[3]['count']}I", binary, views[3]["byteOffset"])
        return [[points[index] for index in indices[at : at + 3]] for at in range(0, len(indices), 3)]

    def volume(self, glb: bytes) -> float:
        return sum(
            a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2]) + a[2] * (b[0] * c[1] - b[1] * c[0])
            for a, b, c in self.triangles(glb)
        )

    def open_edges(self, glb: bytes) -> int:
        """Edges that have not one face on each side; points count by their place, as seams of the texture double them."""
        sides: Dict[Any, int] = {}
        for triangle in self.triangles(glb):
            places = [tuple(round(part, 5) + 0.0 for part in point) for point in triangle]
            for start, end in zip(places, places[1:] + places[:1]):
                if start != end:
                    sides[(start, end)] = sides.get((start, end), 0) + 1
        return sum(1 for (start, end), count in sides.items() if sides.get((end, start), 0) != count)


class AVessel(_Trial):
    def test_is_a_glb_whose_parts_are_where_it_says(self) -> None:
        document, binary = self.parts(self.glb())
        for view in document["bufferViews"]:
            self.assertLessEqual(view["byteOffset"] + view["byteLength"], len(binary))
        image = document["bufferViews"][document["images"][0]["bufferView"]]
        self.assertTrue(binary[image["byteOffset"] :].startswith(SIGNATURE))

    def test_is_closed_and_turned_outwards(self) -> None:
        """By the divergence theorem the signed volume of a closed mesh is positive when its faces look outwards."""
        for style in ("vase", "bowl", "goblet"):
            with self.subTest(style):
                self.assertEqual(self.open_edges(self.glb(style=style)), 0)
                self.assertGreater(self.volume(self.glb(style=style)), 0)

    def test_has_normals_of_length_one(self) -> None:
        document, binary = self.parts(self.glb())
        at = document["bufferViews"][1]["byteOffset"]
        count = document["accessors"][1]["count"]
        for x, y, z in struct.iter_unpack("<3f", binary[at : at + 12 * count]):
            self.assertAlmostEqual(x * x + y * y + z * z, 1, places=3)

    def test_is_the_same_for_the_same_seed_alone(self) -> None:
        self.assertEqual(self.glb(seed=4), self.glb(seed=4))
        self.assertNotEqual(self.glb(seed=4), self.glb(seed=5))

    def test_is_of_the_style_that_is_asked_for_or_named(self) -> None:
        asked: List[Any] = [("a blue bowl", {}), ("a golden cup", {}), ("something", {}), ("a bowl", {"style": "vase"})]
        names = [self.parts(self.glb(prompt, **params))[0]["meshes"][0]["name"] for prompt, params in asked]
        self.assertEqual(names, ["bowl", "goblet", "vase", "vase"])

    def test_has_more_triangles_with_more_resolution(self) -> None:
        counts = [self.parts(self.glb(geometry_resolution=size))[0]["accessors"][3]["count"] for size in (16, 32)]
        self.assertGreater(counts[1], 3 * counts[0])

    def test_is_told_of_in_stages(self) -> None:
        self.glb(picture=a_png(), style="vase")
        self.assertEqual(list(dict.fromkeys(word.stage for word in self.words if isinstance(word, Told))), ["picture", "shape", "texture"])

    def test_stops_in_the_middle_of_its_delay(self) -> None:
        def check() -> None:
            if len(self.words) > 3:
                raise Canceled

        job = Job("id", 1, "text_to_3d", None, "a vase", None, {"delay_ms": 60_000}, {}, (), self.folder)
        with self.assertRaises(Canceled):
            turned.generate(job, Progress(self.words.append, check))

    def test_refuses_what_it_does_not_know(self) -> None:
        cases: List[Any] = [({"wings": 2}, Unsupported), ({"style": "amphora"}, BadInput), ({"seed": -1}, BadInput)]
        for params, error in cases:
            with self.subTest(params), self.assertRaises(error):
                self.glb(**params)
        with self.assertRaises(BadInput):
            self.glb(prompt=None)


class ATile(_Trial):
    """The relief of a picture."""

    def test_is_closed_and_turned_outwards(self) -> None:
        glb = self.glb(prompt=None, picture=a_png())
        self.assertEqual(self.open_edges(glb), 0)
        self.assertGreater(self.volume(glb), 0)

    def test_wears_the_picture_that_came(self) -> None:
        self.assertIn(a_png(), self.glb(prompt=None, picture=a_png()))

    def test_is_the_same_for_the_same_seed_alone(self) -> None:
        one, same, other = (self.glb(prompt=None, picture=a_png(), seed=seed) for seed in (4, 4, 5))
        self.assertEqual((one == same, one == other), (True, False))

    def test_needs_a_picture(self) -> None:
        with self.assertRaises(BadInput):
            self.glb("a tile", style="tile")


class APng(unittest.TestCase):
    def read(self, content: bytes) -> Any:
        return read_png(content, lambda done: None)

    def test_is_read_as_it_was_written(self) -> None:
        rows = [bytes(range(9)), bytes(range(9, 18))]
        self.assertEqual(self.read(write_png(3, 2, rows)).rows, rows)

    def test_is_read_with_every_filter(self) -> None:
        """Two rows of one grey pixel and its neighbour, told as differences (chapter 9 of the standard)."""
        for kind, second in ((0, b"\x0a\x14"), (1, b"\x0a\x0a"), (2, b"\x05\x0d"), (3, b"\x08\x0c"), (4, b"\x05\x0a")):
            with self.subTest(kind):
                picture = self.read(a_png(colour=0, rows=b"\0\x05\x07" + bytes([kind]) + second))
                self.assertEqual(picture.rows, [b"\x05\x07", b"\x0a\x14"])

    def test_is_refused_in_kinds_that_are_not_read(self) -> None:
        kinds: List[Any] = [{"colour": 3}, {"depth": 16}, {"interlace": 1}]
        for about in kinds:
            with self.subTest(about), self.assertRaisesRegex(BadInput, "8 bits"):
                self.read(a_png(**about))

    def test_is_refused_when_it_is_damaged_or_none(self) -> None:
        good = a_png()
        for content in (b"", b"GIF89a", good[:40], good.replace(b"IDAT", b"iDAT"), a_png(rows=b"\0\0"), SIGNATURE):
            with self.subTest(content), self.assertRaises(BadInput):
                self.read(content)

    def test_is_refused_when_it_is_larger_than_it_may_be(self) -> None:
        header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
        with self.assertRaisesRegex(BadInput, "at most"):
            self.read(a_png()[:16] + header + a_png()[29:])
