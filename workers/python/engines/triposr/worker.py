"""
TripoSR as a worker of Lathe: one picture to a mesh with vertex colours, in about a second on a GPU.

    python -m lathe_worker worker:Worker --url …

It is one pass of a network without a callback: each part is a silent stage with a short deadline. The texture baking of `run.py` needs an
OpenGL context and is left out. The signatures are those of VAST-AI-Research/TripoSR at d26e331: `tsr/system.py`, `tsr/utils.py`, `run.py`.
"""

from __future__ import annotations

import os
from typing import Any

import numpy
import rembg
import torch
from PIL import Image
from tsr.system import TSR
from tsr.utils import remove_background, resize_foreground, to_gradio_3d_orientation

from lathe_worker import Artifact, Job, Progress

MODEL = os.environ.get("TRIPOSR_MODEL", "stabilityai/TripoSR")
DEVICE = "cuda:0" if torch.cuda.is_available() else "cpu"

#: In seconds; generous, for a machine without a GPU.
STAGE_DEADLINE = 300


class Worker:
    """The model, on one GPU or on the CPU."""

    def __init__(self) -> None:
        self.model = TSR.from_pretrained(MODEL, config_name="config.yaml", weight_name="model.ckpt")
        self.model.to(DEVICE)
        self.rembg_session = rembg.new_session()

    def generate(self, job: Job, progress: Progress) -> Artifact:
        """A GLB with vertex colours."""
        job.refuse_words()
        parameters = job.parameters
        is_cut_out = parameters.flag("remove_background", True)
        foreground_ratio = parameters.number("foreground_ratio", 0.85, 0.5, 1)
        resolution = parameters.whole("mc_resolution", 256, 32, 512)
        threshold = parameters.number("threshold", 25.0, 1, 100)
        chunk_size = parameters.whole("chunk_size", 8_192, 0, 1_000_000)
        parameters.refuse_the_rest()
        image = job.only_image()
        with progress.stage("background", 2, deadline_seconds=STAGE_DEADLINE):
            picture = self._picture(Image.open(image), is_cut_out, foreground_ratio)
        self.model.renderer.set_chunk_size(chunk_size)
        with progress.stage("shape", 20, deadline_seconds=STAGE_DEADLINE), torch.no_grad():
            codes = self.model([picture], device=DEVICE)
        with progress.stage("surface", 60, deadline_seconds=STAGE_DEADLINE):
            [mesh] = self.model.extract_mesh(codes, True, resolution=resolution, threshold=threshold)
        progress(95, "export")
        path = job.folder / "result.glb"
        to_gradio_3d_orientation(mesh).export(str(path))
        return Artifact(path, meta={"engine": "triposr", "model": MODEL})

    def _picture(self, picture: Any, is_cut_out: bool, foreground_ratio: float) -> Any:
        """The object on grey, as the model was trained with. Without cutting out, the picture has to be so already, or have alpha."""
        if is_cut_out:
            picture = remove_background(picture, self.rembg_session)
        elif picture.mode != "RGBA":
            return picture.convert("RGB")
        picture = resize_foreground(picture, foreground_ratio)
        pixels = numpy.array(picture).astype(numpy.float32) / 255.0
        pixels = pixels[:, :, :3] * pixels[:, :, 3:4] + (1 - pixels[:, :, 3:4]) * 0.5
        return Image.fromarray((pixels * 255.0).astype(numpy.uint8))
