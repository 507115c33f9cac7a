"""
Stable Fast 3D as a worker of Lathe: one picture to a textured mesh, in about a second on a GPU.

    python -m lathe_worker worker:Worker --url …

It is one call without a callback, so it is a silent stage with a short deadline. The signatures are those of Stability-AI/stable-fast-3d:
`sf3d/system.py` (`run_image(image, bake_resolution, remesh, vertex_count, estimate_illumination)`), `sf3d/utils.py`, `run.py`.
"""

from __future__ import annotations

import os
from typing import Any

import rembg
import torch
from PIL import Image
from sf3d.system import SF3D
from sf3d.utils import remove_background, resize_foreground

from lathe_worker import Artifact, BadInput, Job, ModelError, Progress, Unsupported

MODEL = os.environ.get("SF3D_MODEL", "stabilityai/stable-fast-3d")
DEVICE = "cuda"

#: In seconds.
STAGE_DEADLINE = 120


class Worker:
    """The model, on one GPU."""

    def __init__(self) -> None:
        self.model = SF3D.from_pretrained(MODEL, config_name="config.yaml", weight_name="model.safetensors")
        self.model.to(DEVICE)
        self.model.eval()
        self.rembg_session = rembg.new_session()

    def generate(self, job: Job, progress: Progress) -> Artifact:
        """A GLB with a texture."""
        job.refuse_words()
        parameters = job.parameters
        is_cut_out = parameters.flag("remove_background", True)
        foreground_ratio = parameters.number("foreground_ratio", 0.85, 0.1, 1)
        texture_resolution = parameters.whole("texture_resolution", 1_024, 256, 2_048)
        remesh = parameters.choice("remesh", "none", ["none", "triangle", "quad"])
        vertex_count = parameters.whole("vertex_count", -1, -1, 20_000)
        parameters.refuse_the_rest()
        if vertex_count != -1 and remesh == "none":
            raise Unsupported("vertex_count needs remesh: without it the model passes it over")
        image = job.only_image()
        with progress.stage("background", 2, deadline_seconds=STAGE_DEADLINE):
            picture = self._picture(Image.open(image).convert("RGBA"), is_cut_out, foreground_ratio)
        with progress.stage("shape", 20, deadline_seconds=STAGE_DEADLINE), torch.no_grad():
            with torch.autocast(device_type=DEVICE, dtype=torch.bfloat16):
                mesh, _ = self.model.run_image(
                    [picture],
                    bake_resolution=texture_resolution,
                    remesh=remesh,
                    vertex_count=vertex_count,
                )
        if mesh.is_empty:
            raise ModelError("the model found no surface")
        progress(95, "export")
        path = job.folder / "result.glb"
        mesh.export(str(path), include_normals=True)
        return Artifact(path, meta={"engine": "stable-fast-3d", "model": MODEL})

    def _picture(self, picture: Any, is_cut_out: bool, foreground_ratio: float) -> Any:
        if is_cut_out:
            picture = remove_background(picture, self.rembg_session)
        if picture.getextrema()[3][1] == 0:
            raise BadInput("nothing is left of the picture without its background")
        return resize_foreground(picture, foreground_ratio)
