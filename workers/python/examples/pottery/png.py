"""Reads and writes PNG with the standard library (W3C PNG, third edition): 8 bits a channel, not interlaced."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import Callable, Dict, Iterator, List, Tuple

from lathe_worker import BadInput

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_PIXELS = 4_000_000
#: Channels by colour type: grey, RGB, grey with alpha, RGBA. A palette (3) is not read.
CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}


@dataclass(frozen=True)
class Picture:
    """Rows of pixels, each channel a byte."""

    width: int
    height: int
    channels: int
    rows: List[bytes]

    def rgb(self, x: int, y: int) -> Tuple[int, int, int]:
        at = x * self.channels
        row = self.rows[y]
        if self.channels < 3:
            return (row[at], row[at], row[at])
        return (row[at], row[at + 1], row[at + 2])

    def alpha(self, x: int, y: int) -> int:
        has_alpha = self.channels in (2, 4)
        return self.rows[y][(x + 1) * self.channels - 1] if has_alpha else 255


def read_png(content: bytes, tick: Callable[[float], None]) -> Picture:
    """`tick` is called with the part that is done, 0 to 1. Raises BadInput."""
    if not content.startswith(SIGNATURE):
        raise BadInput("the picture must be a PNG")
    chunks = _chunks(content)
    if len(chunks.get("IHDR", b"")) != 13:
        raise BadInput("the PNG is damaged: it has no header")
    width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", chunks["IHDR"])
    if depth != 8 or colour not in CHANNELS or interlace:
        raise BadInput("the PNG must be RGB, RGBA or grey with 8 bits a channel, not interlaced")
    if not 0 < width * height <= MAX_PIXELS:
        raise BadInput(f"the PNG must have at most {MAX_PIXELS} pixels")
    channels = CHANNELS[colour]
    expected = height * (1 + width * channels)
    try:
        inflater = zlib.decompressobj()
        raw = inflater.decompress(chunks["IDAT"], expected)
    except (zlib.error, KeyError) as error:
        raise BadInput("the PNG is damaged: its pixels cannot be unpacked") from error
    if len(raw) != expected:
        raise BadInput("the PNG is damaged: pixels are missing")
    return Picture(width, height, channels, list(_rows(raw, width * channels, channels, tick)))


def _chunks(content: bytes) -> Dict[str, bytes]:
    """Each kind of chunk, its pieces put together."""
    found: Dict[str, List[bytes]] = {}
    at = len(SIGNATURE)
    while at + 12 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        found.setdefault(kind.decode("latin-1"), []).append(content[at + 8 : at + 8 + length])
        at += 12 + length
    return {kind: b"".join(pieces) for kind, pieces in found.items()}


def _rows(raw: bytes, stride: int, step: int, tick: Callable[[float], None]) -> Iterator[bytes]:
    """Takes the filters back (chapter 9): each byte was told as its difference from those to the left and above."""
    above = bytes(stride)
    for at in range(0, len(raw), stride + 1):
        tick(at / len(raw))
        row = bytearray(raw[at + 1 : at + 1 + stride])
        _unfilter(raw[at], row, above, step)
        above = bytes(row)
        yield above


def _unfilter(kind: int, row: bytearray, above: bytes, step: int) -> None:
    if kind == 0:
        return
    if kind == 2:
        row[:] = bytes((value + up) & 255 for value, up in zip(row, above))
        return
    if kind > 4:
        raise BadInput("the PNG is damaged: unknown filter")
    for i, value in enumerate(row):
        left = row[i - step] if i >= step else 0
        corner = above[i - step] if i >= step else 0
        if kind == 1:
            guess = left
        elif kind == 3:
            guess = (left + above[i]) >> 1
        else:
            guess = _paeth(left, above[i], corner)
        row[i] = (value + guess) & 255


def _paeth(left: int, up: int, corner: int) -> int:
    estimate = left + up - corner
    to_left, to_up, to_corner = abs(estimate - left), abs(estimate - up), abs(estimate - corner)
    if to_left <= to_up and to_left <= to_corner:
        return left
    return up if to_up <= to_corner else corner


def write_png(width: int, height: int, rows: List[bytes]) -> bytes:
    """An RGB picture of rows of 3 bytes a pixel."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 6)
    return SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
