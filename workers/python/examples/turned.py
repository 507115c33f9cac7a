"""
An example engine that needs neither a GPU nor any package: a prompt is turned into a vase, a bowl or a goblet; a picture is pressed into a
tile or, with a `style`, painted onto such a vessel. It is no neural model: of the prompt it understands the words for vessels and colours.

    python -m lathe_worker turned:generate --url …

Parameters: `seed` (the same gives the same), `geometry_resolution` 16 to 256 (cells around a vessel, or along a tile), `style` vase, bowl or
goblet, and `delay_ms` 0 to 60,000 (pauses between the steps, to try progress and cancels with).
"""

from __future__ import annotations

import hashlib
import random
import re
import time
from typing import Callable, Optional

from lathe_worker import Artifact, BadInput, Job, Progress
from pottery.glaze import Glaze, colour_of
from pottery.glb import Mesh, glb_of
from pottery.png import Picture, read_png
from pottery.profile import STYLES, turned_profile
from pottery.relief import press
from pottery.wheel import turn

_LONGEST_PAUSE = 0.02


class _Steps:
    """Tells progress, and spreads the delay that was asked for over the whole."""

    def __init__(self, progress: Progress, delay_ms: int) -> None:
        self._progress = progress
        self._delay = delay_ms / 1000
        self._began = time.monotonic()

    def within(self, stage: str, start: float, end: float) -> Callable[[float], None]:
        """What a stage calls with the part of it that is done."""

        def tick(done: float) -> None:
            percent = start + (end - start) * done
            self._progress(percent, stage)
            while time.monotonic() - self._began < self._delay * percent / 100:
                time.sleep(_LONGEST_PAUSE)
                self._progress(percent)

        tick(0)
        return tick


def generate(job: Job, progress: Progress) -> Artifact:
    """A GLB with a texture."""
    parameters = job.parameters
    seed = parameters.whole("seed", _seed_of(job.prompt), least=0)
    resolution = parameters.whole("geometry_resolution", 96, least=16, most=256)
    style = parameters.choice("style", _style_of(job), [*STYLES, "tile"])
    delay_ms = parameters.whole("delay_ms", 0, least=0, most=60_000)
    parameters.refuse_the_rest()
    if not job.prompt and not job.images:
        raise BadInput("there is neither a prompt nor a picture")
    if style == "tile" and not job.images:
        raise BadInput("a tile needs a picture")
    rng, steps = random.Random(seed), _Steps(progress, delay_ms)
    picture_file = job.image.read_bytes() if job.images else None
    picture = read_png(picture_file, steps.within("picture", 1, 20)) if picture_file else None
    if style == "tile" and picture and picture_file:
        mesh = press(picture, resolution, rng, steps.within("shape", 20, 95))
        glb = glb_of(mesh, picture_file, roughness=0.8, name=style)
    else:
        mesh, texture = _vessel(job.prompt, style, resolution, rng, steps, picture)
        glb = glb_of(mesh, texture, roughness=0.28, name=style)
    progress(98, "texture")
    about = {"engine": "turned", "style": style, "seed": seed, "triangles": mesh.triangle_count}
    return Artifact(glb, meta=about)


def _vessel(
    prompt: Optional[str],
    style: str,
    resolution: int,
    rng: random.Random,
    steps: _Steps,
    painting: Optional[Picture],
) -> "tuple[Mesh, bytes]":
    colour = colour_of(prompt, rng)
    profile = turned_profile(style, rng, resolution)
    mesh = turn(profile, resolution, steps.within("shape", 20, 50))
    glaze = Glaze(colour, profile.rim_at, rng, painting)
    return mesh, glaze.picture(steps.within("texture", 50, 97))


def _style_of(job: Job) -> str:
    """What the prompt names, or the seedless choice."""
    if job.images:
        return "tile"
    words = re.findall(r"[a-z]+", (job.prompt or "").lower())
    synonyms = {"cup": "goblet", "chalice": "goblet", "dish": "bowl", "plate": "bowl", "pot": "vase"}
    named = (synonyms.get(word, word) for word in words)
    return next((word for word in named if word in STYLES), "vase")


def _seed_of(prompt: Optional[str]) -> int:
    return int.from_bytes(hashlib.sha256((prompt or "").encode()).digest()[:4], "big")
